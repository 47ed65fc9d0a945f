import { Fault } from "@mh/contract/values/fault.ts";
import { post } from "../data/session.ts";
import type { CredentialJson } from "./credential.ts";

/** What the daemon wants of the browser. */
interface Asked {
  challenge: string;
  rpId: string;
  device?: { id: string; name: string };
  passkey?: string;
}

export type ChallengeFor = { for: "add" } | { for: "sign-in" } | { for: "approve"; approval: string; hash: string };

/** Passkeys hold for a name, in a secure context: localhost, or a name with TLS. An address that is a number has none. */
export const canHavePasskeys = (): boolean =>
  typeof PublicKeyCredential !== "undefined" && isSecureContext && !/^[\d.]+$|^\[/.test(location.hostname);

/** Makes a passkey for the device that is signed in here. */
export async function makePasskey(token: string): Promise<CredentialJson> {
  const { challenge, rpId, device } = await ask({ for: "add" }, token);
  const { bufferToBase64URLString, startRegistration } = await import("@simplewebauthn/browser");
  const name = device?.name ?? "";
  const answer = await startRegistration({
    optionsJSON: {
      ...{ challenge, rp: { id: rpId, name: "mh" }, attestation: "none" },
      user: { id: bufferToBase64URLString(new TextEncoder().encode(device?.id).buffer), name, displayName: name },
      // EdDSA, ES256, RS256 (COSE): what authenticators have.
      pubKeyCredParams: [-8, -7, -257].map((alg) => ({ alg, type: "public-key" as const })),
      authenticatorSelection: { residentKey: "required", userVerification: "required" },
    },
  });
  return answer as unknown as CredentialJson;
}

/** Has the passkey answer a challenge: the holder of the device unlocks it. */
export async function usePasskey(use: ChallengeFor, token?: string): Promise<CredentialJson> {
  const { challenge, rpId, passkey } = await ask(use, token);
  const { startAuthentication } = await import("@simplewebauthn/browser");
  const known = passkey === undefined ? {} : { allowCredentials: [{ id: passkey, type: "public-key" as const }] };
  const answer = await startAuthentication({
    optionsJSON: { challenge, rpId, userVerification: "required", ...known },
  });
  return answer as unknown as CredentialJson;
}

async function ask(use: ChallengeFor, token?: string): Promise<Asked> {
  const answer = await post("/v1/challenge", use, token);
  const body = await answer.json();
  if (!answer.ok) throw new Fault("daemon.refused", body.fault.message);
  return body as Asked;
}

import { Fault } from "@mh/contract/values/fault.ts";
import type { CredentialJson, Passkey } from "@mh/core/ports/passkeys.ts";
import {
  type AuthenticationResponseJSON,
  type RegistrationResponseJSON,
  verifyAuthenticationResponse,
  verifyRegistrationResponse,
} from "@simplewebauthn/server";
import type { Challenge } from "./challenges.ts";

type At = Pick<Challenge, "origin" | "rpId"> & { challenge: string };

/** Apart from the rest, so that the library is loaded only when a passkey is made or used. */
export async function registered(response: CredentialJson, at: At): Promise<Passkey> {
  const { verified, registrationInfo } = await checked(() =>
    verifyRegistrationResponse({ ...expected(at), response: response as unknown as RegistrationResponseJSON }),
  );
  if (!verified || !registrationInfo) throw refused("it does not verify");
  const { id, publicKey, counter } = registrationInfo.credential;
  return { id, publicKey: Buffer.from(publicKey).toString("base64url"), counter, rpId: at.rpId };
}

export async function authenticated(response: CredentialJson, at: At, passkey: Passkey): Promise<Passkey> {
  if (passkey.rpId !== at.rpId) throw refused(`it was made for ${passkey.rpId}, and this page is ${at.rpId}`);
  const publicKey = new Uint8Array(Buffer.from(passkey.publicKey, "base64url"));
  const { verified, authenticationInfo } = await checked(() =>
    verifyAuthenticationResponse({
      ...expected(at),
      response: response as unknown as AuthenticationResponseJSON,
      credential: { id: passkey.id, publicKey, counter: passkey.counter },
    }),
  );
  if (!verified) throw refused("it does not verify");
  return { ...passkey, counter: authenticationInfo.newCounter };
}

/** The holder of the device must have unlocked it for this: a finger, a face, a PIN. */
const expected = ({ challenge, origin, rpId }: At) => ({
  ...{ expectedChallenge: challenge, expectedOrigin: origin, expectedRPID: rpId, requireUserVerification: true },
});

/** The library throws at whatever is not as expected. */
async function checked<T>(work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    throw refused(error instanceof Error ? error.message : "it could not be read", error);
  }
}

const refused = (why: string, cause?: unknown): Fault =>
  new Fault("passkey.refused", `The passkey was refused: ${why.replace(/\.$/, "")}. Try again, or answer at home.`, {
    cause,
  });

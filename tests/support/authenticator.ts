import * as crypto from "node:crypto";
import type { ChallengeUse } from "@mh/core/ports/passkeys.ts";
import type { TestHost } from "@mh/testing";

const origin = "http://localhost:7717";
const rpId = "localhost";
const flag = { present: 0x01, verified: 0x04, attested: 0x40 };

/** An authenticator with one passkey, as a browser shows it (WebAuthn Level 3, §6): ES256, no attestation. */
export function makeAuthenticator() {
  const { privateKey, publicKey } = crypto.generateKeyPairSync("ec", { namedCurve: "P-256" });
  const id = crypto.randomBytes(16);
  let counter = 0;
  const clientData = (type: "create" | "get", challenge: string, from: string) =>
    Buffer.from(JSON.stringify({ type: `webauthn.${type}`, challenge, origin: from, crossOrigin: false }));
  const authData = (flags: number, more = Buffer.alloc(0)) => {
    const count = Buffer.alloc(4);
    counter += 1;
    count.writeUInt32BE(counter);
    return Buffer.concat([sha256(Buffer.from(rpId)), Buffer.from([flags]), count, more]);
  };
  const wrapped = (response: Record<string, Buffer>) => ({
    ...{
      id: id.toString("base64url"),
      rawId: id.toString("base64url"),
      type: "public-key",
      clientExtensionResults: {},
    },
    response: Object.fromEntries(Object.entries(response).map(([name, bytes]) => [name, bytes.toString("base64url")])),
  });
  return {
    id: id.toString("base64url"),
    made(challenge: string) {
      const { x = "", y = "" } = publicKey.export({ format: "jwk" });
      // COSE (RFC 9053): EC2, ES256, P-256, and the point.
      const [px, py] = [Buffer.from(x, "base64url"), Buffer.from(y, "base64url")];
      const cose = Buffer.concat([hex("a5010203262001215820"), px, hex("225820"), py]);
      const attested = Buffer.concat([Buffer.alloc(16), Buffer.from([0, id.length]), id, cose]);
      const data = authData(flag.present | flag.verified | flag.attested, attested);
      // CBOR (RFC 8949): {"fmt": "none", "attStmt": {}, "authData": bytes}.
      const head = hex(`a363${text("fmt")}64${text("none")}67${text("attStmt")}a068${text("authData")}58`);
      const attestationObject = Buffer.concat([head, Buffer.from([data.length]), data]);
      return wrapped({ clientDataJSON: clientData("create", challenge, origin), attestationObject });
    },
    answered(challenge: string, { isVerified = true, from = origin }: { isVerified?: boolean; from?: string } = {}) {
      const authenticatorData = authData(flag.present | (isVerified ? flag.verified : 0));
      const clientDataJSON = clientData("get", challenge, from);
      const signed = Buffer.concat([authenticatorData, sha256(clientDataJSON)]);
      return wrapped({ authenticatorData, clientDataJSON, signature: crypto.sign("sha256", signed, privateKey) });
    },
  };
}

export const challengeFor = (home: TestHost, use: ChallengeUse): string =>
  home.host.challenges.issue({ use, origin, rpId });

const sha256 = (bytes: Buffer): Buffer => crypto.createHash("sha256").update(bytes).digest();
const hex = (digits: string): Buffer => Buffer.from(digits, "hex");
const text = (word: string): string => Buffer.from(word).toString("hex");

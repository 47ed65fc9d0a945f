import { once } from "@mh/contract/once.ts";
import { Fault } from "@mh/contract/values/fault.ts";
import { canonical } from "@mh/core/model/canonical.ts";
import type { ChallengeUse, CredentialJson, Passkeys } from "@mh/core/ports/passkeys.ts";
import { z } from "zod";
import type { Challenge, Challenges } from "./challenges.ts";

/** Checks what browsers answer challenges with. The library is loaded at first use. */
export function passkeysBy(challenges: Challenges): Passkeys {
  return {
    async added(response, use) {
      const { challenge, ...at } = expectChallenge(challenges, response, use);
      const { registered } = await import("./webauthn.ts");
      return registered(response, { challenge, ...at });
    },
    async proven(response, use, passkey) {
      const { challenge, ...at } = expectChallenge(challenges, response, use);
      const { authenticated } = await import("./webauthn.ts");
      return authenticated(response, { challenge, ...at }, passkey);
    },
  };
}

const clientDataSchema = once(() => z.object({ response: z.object({ clientDataJSON: z.string().max(4_000) }) }));

/** The challenge that it answers, which is used up by that: it was issued here, lately, for just this. */
function expectChallenge(
  challenges: Challenges,
  response: CredentialJson,
  use: ChallengeUse,
): Challenge & { challenge: string } {
  const challenge = challengeIn(response);
  const issued = challenge === undefined ? undefined : challenges.take(challenge);
  if (challenge === undefined || !issued || canonical(issued.use) !== canonical(use))
    throw new Fault(
      "passkey.refused",
      "It answers no challenge of this daemon for that, or one that was used or is too old. Try again.",
    );
  return { ...issued, challenge };
}

function challengeIn(response: CredentialJson): string | undefined {
  try {
    const { clientDataJSON } = clientDataSchema().parse(response).response;
    const clientData = JSON.parse(Buffer.from(clientDataJSON, "base64url").toString("utf8")) as { challenge?: unknown };
    return typeof clientData.challenge === "string" ? clientData.challenge : undefined;
  } catch {
    return undefined;
  }
}

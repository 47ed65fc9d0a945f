import type { ChallengeUse } from "@mh/core/ports/passkeys.ts";
import { expect, test } from "vitest";
import { Challenges } from "./challenges.ts";
import { passkeysBy } from "./passkeys.ts";

const at = { origin: "http://localhost:7717", rpId: "localhost" };
const passkey = { id: "AAAA", publicKey: "AAAA", counter: 0, rpId: "localhost" };
const use: ChallengeUse = { for: "approve", device: "d", approval: "a", hash: "h" };
const minute = 60_000;

/** Undefined where the challenge counts: what is refused then is the rest, of which there is nothing. */
async function refusal(challenges: Challenges, challenge: string, of: ChallengeUse): Promise<string | undefined> {
  const clientDataJSON = Buffer.from(JSON.stringify({ challenge })).toString("base64url");
  const proven = passkeysBy(challenges).proven({ id: "AAAA", response: { clientDataJSON } }, of, passkey);
  const message = await proven.then(
    () => "it was proven",
    (error: Error) => error.message,
  );
  return message.includes("answers no challenge") ? message : undefined;
}

test("H25 a challenge counts once, within five minutes, for the use that it was issued for", async () => {
  let now = 0;
  const challenges = new Challenges(() => now);
  const issue = () => challenges.issue({ use, ...at });
  const first = issue();
  expect(await refusal(challenges, first, use)).toBeUndefined();
  expect(await refusal(challenges, first, use)).toContain("answers no challenge");
  const others: ChallengeUse[] = [
    { ...use, hash: "other" },
    { ...use, approval: "other" },
    { ...use, device: "other" },
    { for: "sign-in" },
    { for: "add", device: "d" },
  ];
  for (const other of others)
    expect([other, await refusal(challenges, issue(), other)]).not.toEqual([other, undefined]);
  const late = issue();
  now += 5 * minute;
  expect(await refusal(challenges, late, use)).toContain("answers no challenge");
  expect(await refusal(challenges, "made up", use)).toContain("answers no challenge");
});

test("H25 a caller that asks for challenges without end pushes out its oldest, and holds no more than so many", () => {
  const challenges = new Challenges(() => 0);
  const first = challenges.issue({ use, ...at });
  const last = Array.from({ length: 200 }, () => challenges.issue({ use, ...at })).at(-1) ?? "";
  // What needs no token pushes out no device's.
  const waits = challenges.issue({ use, ...at });
  for (let n = 0; n < 300; n += 1) challenges.issue({ use: { for: "sign-in" }, ...at });
  expect([challenges.take(first), challenges.take(last)?.rpId]).toEqual([undefined, "localhost"]);
  expect(challenges.take(waits)?.use).toEqual(use);
});

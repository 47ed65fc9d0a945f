import { Fault } from "@mh/contract/values/fault.ts";
import { isOwner } from "@mh/contract/values/principal.ts";
import type { Question } from "@mh/contract/values/question.ts";
import type { Outcome } from "@mh/contract/wire/command.ts";
import type { Call } from "./call.ts";
import { entryOf } from "./entries.ts";
import { askOwner } from "./park.ts";
import type { KernelParts } from "./parts.ts";
import { questionsLeft } from "./rates.ts";

/** Why nothing more may be put to the owner for this principal; undefined where it may. */
export function refusedQuestion({ reader, config, clock }: KernelParts, { principal }: Call): Fault | undefined {
  if (isOwner(principal) || questionsLeft(reader, config(), principal, clock.now()) > 0) return undefined;
  return new Fault(
    "skill.refused",
    `It asks you something, and as much of ${principal} waits for you as may. \`mh approvals\` shows it: answer that first.`,
  );
}

/** Parks a command that runs, until the owner answers what it asks. Only they may, as only they approve. */
export function askQuestion(parts: KernelParts, call: Call, asked: Question): Promise<Outcome> {
  const question = parts.knownSecrets.redactIn(asked) as Question;
  const reason = `${question.by} asks you something before it goes on`;
  const refused = { layer: "approval" as const, reason, rules: [], layers: [] };
  return parts.ledger.transact((tx) =>
    askOwner(parts, tx, call, { entry: entryOf(call), about: { question }, refused }),
  );
}

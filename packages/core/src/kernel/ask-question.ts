import type { Parked } from "@mh/contract/values/approval.ts";
import { Fault } from "@mh/contract/values/fault.ts";
import { isOwner } from "@mh/contract/values/principal.ts";
import type { Question } from "@mh/contract/values/question.ts";
import type { Outcome } from "@mh/contract/wire/command.ts";
import { canonical } from "../model/canonical.ts";
import { utf8 } from "../ports/bytes.ts";
import type { Call } from "./call.ts";
import { entryOf } from "./entries.ts";
import type { KernelParts } from "./parts.ts";
import { questionsLeft } from "./rates.ts";

/** Throws where nothing more may be put to the owner for this principal. */
export function refuseQuestion({ reader, config, clock }: KernelParts, { principal }: Call): void {
  if (isOwner(principal) || questionsLeft(reader, config(), principal, clock.now()) > 0) return;
  throw new Fault(
    "skill.refused",
    `It asks you something, and as much of ${principal} waits for you as may. \`mh approvals\` shows it: answer that first.`,
  );
}

/** Parks a command that runs, for the owner's answer to what it asks: the principals that may approve may answer, and nobody else. */
export async function askQuestion(parts: KernelParts, call: Call, asked: Question): Promise<Outcome> {
  const { id, principal, onBehalfOf, args, pinned, task, cause } = call;
  const question = parts.knownSecrets.redactIn(asked) as Question;
  const parked: Parked = {
    ...{ id, principal, skill: pinned, args: args as Parked["args"], question },
    ...(onBehalfOf && { onBehalfOf }),
    ...(task && { task }),
    ...(cause && { cause }),
    ...(call.pinnedTo && call.pinnedTo.pins.length > 0 && { pins: call.pinnedTo.pins }),
  };
  const reason = `${question.by} asks you something before it goes on`;
  const expiresAt = await parts.ledger.transact((tx) => {
    const until = new Date(tx.now + parts.config().approvals.expireAfterMinutes * 60_000).toISOString();
    const body = { expiresAt: until, layer: "approval", reason };
    const object = tx.object(utf8.encode(canonical(parked)));
    tx.append({ ...entryOf(call), phase: "ask", ref: id, objects: [object], body });
    return until;
  });
  return { status: "parked", id, approval: id, expiresAt, layer: "approval", reason, rules: [], layers: [] };
}

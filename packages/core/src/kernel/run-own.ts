import type { Entry } from "@mh/contract/values/record.ts";
import type { Outcome } from "@mh/contract/wire/command.ts";
import type { Transaction } from "../journal/transaction.ts";
import { answerOf, subjectsOf } from "./answer.ts";
import type { Call } from "./call.ts";
import type { ChangeBody } from "./changes.ts";
import { contextOf, outcomeEntry } from "./entries.ts";
import type { KernelParts } from "./parts.ts";
import type { OwnSkill } from "./skill.ts";
import { keepValue } from "./stored-outcome.ts";
import { learn } from "./verdict.ts";

/**
 * Changes the owner's data inside the writer's transaction: what was changed is known before anything is on disk, so the
 * intent says it. Whatever is thrown here leaves no trace.
 */
export function applyOwn(parts: KernelParts, tx: Transaction, call: Call, skill: OwnSkill, intent: Entry): Outcome {
  let noted: Partial<ChangeBody> = {};
  const note = (more: Partial<ChangeBody>) => {
    noted = { ...noted, ...more };
  };
  const given = skill.apply(
    call.args,
    { ...contextOf(parts, call, tx.now), tx, note, ...(call.pinnedTo && { pinned: call.pinnedTo }) },
    call.prepared,
  );
  const value = answerOf(skill, given);
  const wrote = tx.takeChanges();
  const hasChanges = wrote.lines + wrote.files.length > 0 || wrote.forgets === true;
  const kept = skill.stored === "kept" ? keepValue(parts, tx, value) : undefined;
  // Named by the intent, too, which is on disk before the data: after a crash in between the value is found as well.
  const change = { wrote, undoable: skill.contract.undo !== null, ...noted, ...(kept && { value: kept.value }) };
  tx.append(hasChanges ? { ...intent, body: { ...intent.body, ...change } } : intent);
  const outcome: Outcome = { status: "done", id: call.id, value };
  const subjects = subjectsOf(skill, call.args, value);
  const body = { ...(kept && { value: kept.value }), ...(subjects.length > 0 && { subjects }) };
  const more = { ...(kept && { objects: kept.objects }), ...(Object.keys(body).length > 0 && { body }) };
  tx.append(outcomeEntry(call, outcome, more));
  learn(parts, call, value);
  return outcome;
}

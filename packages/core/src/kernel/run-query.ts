import { isOwner } from "@mh/contract/values/principal.ts";
import type { Entry } from "@mh/contract/values/record.ts";
import type { Outcome } from "@mh/contract/wire/command.ts";
import { answerOf } from "./answer.ts";
import type { Call } from "./call.ts";
import { contextOf, outcomeEntry } from "./entries.ts";
import type { KernelParts } from "./parts.ts";
import { type ActiveRun, reporter, unlessCancelled } from "./run.ts";
import type { QuerySkill } from "./skill.ts";
import { keepValue } from "./stored-outcome.ts";
import { learn } from "./verdict.ts";

/**
 * Reads. What was allowed leaves one record, which for the owner may stand for several reads; `judged` is what it says
 * of the verdict. What somebody approved has its intent in the journal already, and its answer is kept for whoever asked.
 */
export async function runQuery(
  parts: KernelParts,
  call: Call,
  skill: QuerySkill,
  run: ActiveRun,
  how: { judged: Partial<Entry> } | "approved",
): Promise<Outcome> {
  const { reader, clock, ledger } = parts;
  const context = {
    ...contextOf(parts, call, clock.now()),
    ...{ db: reader, signal: run.signal, progress: reporter(parts, call, run) },
  };
  const given = skill.run(call.args, context);
  const value = answerOf(skill, isPromise(given) ? await unlessCancelled(parts, call, run, () => given) : given);
  const outcome: Outcome = { status: "done", id: call.id, value };
  if (how === "approved") {
    await ledger.transact((tx) => {
      const { objects, value: kept } = keepValue(parts, tx, value);
      tx.append(outcomeEntry(call, outcome, { objects, body: { value: kept } }));
    });
  } else {
    const entry = outcomeEntry(call, outcome, how.judged);
    if (isOwner(call.principal)) ledger.noteRead(entry);
    else await ledger.transact((tx) => tx.append(entry));
  }
  learn(parts, call, value);
  return outcome;
}

const isPromise = (value: unknown): value is Promise<unknown> => value instanceof Promise;

import type { Entry } from "@mh/contract/values/record.ts";
import type { Outcome } from "@mh/contract/wire/command.ts";
import type { Transaction } from "../journal/transaction.ts";
import { answerOf } from "./answer.ts";
import type { Call } from "./call.ts";
import { contextOf, outcomeEntry } from "./entries.ts";
import { faultOf } from "./fault-of.ts";
import type { KernelParts } from "./parts.ts";
import { type ActiveRun, type Begun, reporter, throwIfCancelled, unlessCancelled } from "./run.ts";
import type { QuerySkill } from "./skill.ts";
import { keepValue } from "./stored-outcome.ts";
import { learn } from "./verdict.ts";

/** Reads for the owner. It leaves one record, which may stand for several reads; `judged` is what it says of the verdict. */
export async function readForOwner(
  parts: KernelParts,
  call: Call,
  skill: QuerySkill,
  run: ActiveRun,
  judged: Partial<Entry>,
): Promise<Outcome> {
  const value = answerOf(
    skill,
    await answerFrom(parts, call, run, started(parts, call, skill, run, parts.clock.now())),
  );
  const outcome: Outcome = { status: "done", id: call.id, value };
  parts.ledger.noteRead(outcomeEntry(call, outcome, judged));
  return outcome;
}

/**
 * Reads for somebody else, inside the transaction that judged it: what it uses up of a rate or a plan is used up when the
 * next command is judged. One record where it answers at once, an intent and an outcome where it takes its time.
 */
export function readInTransaction(
  parts: KernelParts,
  tx: Transaction,
  call: Call,
  skill: QuerySkill,
  run: ActiveRun,
  judged: Entry,
): Begun {
  const { phase: _intent, ...facts } = judged;
  try {
    const given = started(parts, call, skill, run, tx.now);
    if (isPromise(given)) {
      // A caller that waits for it hears of it; a transaction that is taken back leaves nobody.
      given.catch(() => undefined);
      tx.append(judged);
      return { run: (run) => answered(parts, call, skill, run, given) };
    }
    const outcome: Outcome = { status: "done", id: call.id, value: answerOf(skill, given) };
    tx.append(outcomeEntry(call, outcome, facts));
    tx.afterCommit(() => learn(parts, call, outcome.value));
    return { outcome };
  } catch (error) {
    const fault = faultOf(error);
    if (fault.code === "index.damaged" || fault.code.startsWith("disk.")) throw error;
    const outcome: Outcome = { status: "failed", id: call.id, fault };
    tx.append(outcomeEntry(call, outcome, facts));
    return { outcome };
  }
}

/** Reads what somebody approved: its intent is in the journal already, and its answer is kept for its caller. */
export async function readApproved(
  parts: KernelParts,
  call: Call,
  skill: QuerySkill,
  run: ActiveRun,
): Promise<Outcome> {
  const value = answerOf(
    skill,
    await answerFrom(parts, call, run, started(parts, call, skill, run, parts.clock.now())),
  );
  const outcome: Outcome = { status: "done", id: call.id, value };
  await parts.ledger.transact((tx) => {
    const { objects, value: kept } = keepValue(parts, tx, value);
    tx.append(outcomeEntry(call, outcome, { objects, body: { value: kept } }));
  });
  learn(parts, call, value);
  return outcome;
}

async function answered(
  parts: KernelParts,
  call: Call,
  skill: QuerySkill,
  run: ActiveRun,
  given: Promise<unknown>,
): Promise<Outcome> {
  const value = answerOf(skill, await answerFrom(parts, call, run, given));
  const outcome: Outcome = { status: "done", id: call.id, value };
  await parts.ledger.transact((tx) => tx.append(outcomeEntry(call, outcome)));
  learn(parts, call, value);
  return outcome;
}

/** Throws `Cancelled` where nobody waits for it any more: what reads at once cannot be ended later. */
function started(parts: KernelParts, call: Call, skill: QuerySkill, run: ActiveRun, now: number): unknown {
  throwIfCancelled(run);
  const context = contextOf(parts, call, now);
  return skill.run(call.args, {
    ...context,
    ...{ db: parts.reader, signal: run.signal, progress: reporter(parts, call, run) },
  });
}

const answerFrom = async (parts: KernelParts, call: Call, run: ActiveRun, given: unknown): Promise<unknown> =>
  isPromise(given) ? unlessCancelled(parts, call, run, () => given) : given;

const isPromise = (value: unknown): value is Promise<unknown> => value instanceof Promise;

import type { Question } from "@mh/contract/values/question.ts";
import type { Outcome } from "@mh/contract/wire/command.ts";
import { LastingNotKnown } from "../ports/disk-fault.ts";
import { answerOf, subjectsOf } from "./answer.ts";
import { askQuestion, refusedQuestion } from "./ask-question.ts";
import type { Call } from "./call.ts";
import { contextOf, outcomeEntry, unwrittenEnd } from "./entries.ts";
import { faultOf } from "./fault-of.ts";
import type { KernelParts } from "./parts.ts";
import { type ActiveRun, Cancelled, reporter, unlessCancelled } from "./run.ts";
import { type OutsideContext, type OutsideSkill, OwnerAsked } from "./skill.ts";
import { approvalOf } from "./state.ts";
import { keepBytes, keptBytes } from "./stored-outcome.ts";
import { learn } from "./verdict.ts";

/** Acts on the world; the intent is on disk. However it ends, the outcome is journaled before anybody hears of it. */
export async function runOutside(
  parts: KernelParts,
  call: Call,
  skill: OutsideSkill,
  run: ActiveRun,
): Promise<Outcome> {
  const aside = new Aside(parts);
  const context: OutsideContext = {
    ...contextOf(parts, call, parts.clock.now()),
    ...{
      signal: run.signal,
      pins: call.pinnedTo?.pins,
      answered: call.answered,
      progress: reporter(parts, call, run),
      note: aside.note,
      keep: aside.keep,
      drop: aside.drop,
    },
  };
  const end = await endOf(parts, call, skill, run, context);
  if ("question" in end) return askQuestion(parts, call, end.question);
  const { outcome, bytes } = end;
  const written = parts.ledger.transact((tx) => {
    for (const bytes of aside.kept) tx.object(bytes);
    for (const object of aside.dropped) tx.dropObject(object);
    const value = outcome.status === "done" ? outcome.value : undefined;
    const stored = bytes && keepBytes(tx, bytes);
    const subjects = subjectsOf(skill, call.args, value ?? {});
    const body = {
      ...aside.body,
      ...(stored && { value: stored.value }),
      ...(subjects.length > 0 && { subjects }),
    };
    const more = { ...(stored && { objects: stored.objects }), ...(Object.keys(body).length > 0 && { body }) };
    tx.append(outcomeEntry(call, outcome, more));
  });
  return written.then(
    () => outcome,
    (error: unknown) => unwrittenEnd(outcome, error),
  );
}

/** How it ended, and what of its answer is kept. */
async function endOf(
  parts: KernelParts,
  call: Call,
  skill: OutsideSkill,
  run: ActiveRun,
  context: OutsideContext,
): Promise<{ outcome: Outcome; bytes?: Uint8Array } | { question: Question }> {
  const { id } = call;
  const isKept = skill.stored === "kept" || (skill.stored === "approved" && approvalOf(parts.reader, id) !== undefined);
  try {
    const value = answerOf(skill, await unlessCancelled(parts, call, run, () => skill.run(call.args, context)));
    const bytes = isKept ? keptBytes(parts, value) : undefined;
    learn(parts, call, value);
    return { outcome: { status: "done", id, value }, ...(bytes && { bytes }) };
  } catch (error) {
    const isAsked = error instanceof OwnerAsked && !run.signal.aborted;
    const refused = isAsked ? refusedQuestion(parts, call) : undefined;
    if (isAsked && !refused) return { question: error.question };
    if (error instanceof LastingNotKnown)
      return { outcome: { status: "interrupted", id, message: `${error.message} \`mh why ${id}\`` } };
    if (!run.signal.aborted && !(error instanceof Cancelled))
      return { outcome: { status: "failed", id, fault: faultOf(refused ?? error) } };
    const message = `${run.signal.reason}. What it had done by then is done. \`mh why ${id}\``;
    return { outcome: { status: "interrupted", id, message } };
  }
}

/** What a skill leaves beside its answer, until the outcome is journaled. */
class Aside {
  readonly kept: Uint8Array[] = [];
  readonly dropped = new Set<string>();
  body: Record<string, unknown> = {};
  readonly #parts: KernelParts;

  constructor(parts: KernelParts) {
    this.#parts = parts;
  }

  note = (more: Record<string, unknown>): void => {
    this.body = { ...this.body, ...more };
  };

  keep = (bytes: Uint8Array): string => {
    const { crypto, hmacKey } = this.#parts;
    this.kept.push(bytes);
    return crypto.hmacHex(hmacKey, bytes);
  };

  drop = (object: string): void => void this.dropped.add(object);
}

import type { ApprovalRow } from "@mh/contract/values/approval.ts";
import { Fault } from "@mh/contract/values/fault.ts";
import type { Outcome } from "@mh/contract/wire/command.ts";
import type { Transaction } from "../journal/transaction.ts";
import { canonical } from "../model/canonical.ts";
import { utf8 } from "../ports/bytes.ts";
import type { Database } from "../ports/database.ts";
import type { Call } from "./call.ts";
import { changeOf } from "./changes.ts";
import { changesHomeOnly } from "./home-only.ts";
import { parkedEnd } from "./park.ts";
import { written } from "./parse.ts";
import type { KernelDeps } from "./parts.ts";
import { skillName } from "./registry.ts";
import type { Skill } from "./skill.ts";
import { approvalOf, type CommandRow, commandRow } from "./state.ts";

/** The outcome of an earlier command with this id; undefined where there was none, or where it may run again. */
export function storedOutcome(deps: KernelDeps, db: Database, call: Call): Outcome | undefined {
  const row = commandRow(db, call.id);
  if (!row) return undefined;
  refuseReused(row, call);
  const { id, skill } = call;
  switch (row.status) {
    case "done":
      // A read that nobody had to approve is done again: what it reads may have changed, and it changes nothing.
      return skill.kind === "query" && row.value === null ? undefined : doneBefore(deps, db, call, row);
    case "parked":
      return parkedBefore(deps, db, call);
    case "failed":
      throw new Fault("skill.failed", `The command ${id} failed before. Use a new id to try again.`);
    case "denied":
      throw new Fault("skill.failed", `The command ${id} was denied before: mh why ${id}.`);
    case "interrupted":
    case "begun": {
      // What was cut off in the home alone was taken back: it is done anew, but where lines that it left bear its id.
      if (row.status === "interrupted" && changesHomeOnly(skill) && !changeOf(db, id)?.lines) return undefined;
      // It may have come to its end or not; the skill says whether doing it again does harm.
      if (skill.kind === "outside" && skill.contract.retry === "safe") return undefined;
      const message = `The command ${id} was begun and its end is not known: mh why ${id}.`;
      return { status: "interrupted", id, message };
    }
  }
}

/** How a command of the past ended, for a caller that waits for it by its id alone. */
export function pastOutcome(deps: KernelDeps, id: string): Outcome | undefined {
  const { reader, registry } = deps;
  const row = commandRow(reader, id);
  const skill = row && registry.find(skillName(row.skill));
  if (!row) return undefined;
  switch (row.status) {
    case "done":
      return skill ? doneBefore(deps, reader, { id, skill, args: undefined }, row) : expired(id);
    case "parked": {
      const asked = approvalOf(reader, id) as ApprovalRow;
      // Another command had asked for the same: what became of that one became of this.
      const first = asked.id === id ? undefined : pastOutcome(deps, asked.id);
      return first ? { ...first, id } : parkedEnd(id, asked, deps.clock.now());
    }
    case "failed":
      return {
        status: "failed",
        id,
        fault: { code: "skill.failed", message: `The command ${id} failed: mh why ${id}.` },
      };
    case "denied": {
      const refused = { layer: "approval", rules: [], layers: [] } as const;
      return { status: "denied", id, ...refused, rules: [], layers: [], reason: `It was denied: mh why ${id}` };
    }
    case "begun":
    case "interrupted":
      return {
        status: "interrupted",
        id,
        message: `The command ${id} was begun and its end is not known: mh why ${id}.`,
      };
  }
}

/** Keeps a value as an object; gives what the outcome's record says of it. */
export const keepValue = (deps: KernelDeps, tx: Transaction, value: unknown) => keepBytes(tx, keptBytes(deps, value));

/**
 * A value as it is kept. Throws `output.invalid` where it cannot be: what acted on the world must know that before its
 * outcome is written, or there would be none.
 */
export function keptBytes(deps: KernelDeps, value: unknown): Uint8Array {
  const text = written(deps.knownSecrets.redactIn(value ?? null), canonical);
  if (text !== undefined) return utf8.encode(text);
  throw new Fault(
    "output.invalid",
    "The answer cannot be written as JSON in valid Unicode. Its maker has to repair that.",
  );
}

export function keepBytes(tx: Transaction, bytes: Uint8Array): { objects: string[]; value: string } {
  const object = tx.object(bytes);
  return { objects: [object], value: object };
}

/** A record under the id of another command would be taken for that one's end, and close its approval request. */
export function refuseReused(earlier: CommandRow | undefined, { id, principal, argsHash }: Call): void {
  // What was denied before its arguments were looked at has no hash of them.
  const isOther = earlier?.args_hash !== "" && earlier?.args_hash !== argsHash;
  if (earlier && (isOther || earlier.principal !== principal)) throw reused(id);
}

export const reused = (id: string): Fault =>
  new Fault("command.id-reused", `The command id ${id} was used for something else. Use a new one.`);

function doneBefore(
  deps: KernelDeps,
  db: Database,
  { id, skill, args }: { id: string; skill: Skill; args: Call["args"] | undefined },
  row: CommandRow,
): Outcome {
  const stored = skill.kind === "query" ? "kept" : skill.stored;
  if (stored === "once" || (stored === "approved" && row.value === null)) {
    return givenOnce(id);
  }
  const value = typeof stored === "object" ? stored.recall(db, id, args) : keptValue(deps, row);
  return value === undefined ? expired(id) : { status: "done", id, value };
}

/** Whether a skill's answer is given to nobody a second time. */
export const isOnce = (skill: Skill | undefined): boolean =>
  skill !== undefined && skill.kind !== "query" && skill.stored === "once";

export function givenOnce(id: string): Outcome {
  const message = `The command ${id} was done before, and what it gave is given only once.`;
  return { status: "repeated", id, reason: "once", message };
}

function expired(id: string): Outcome {
  const message = `The command ${id} was done before; what it gave is no longer kept: mh why ${id}.`;
  return { status: "repeated", id, reason: "expired", message };
}

function keptValue({ readObject }: KernelDeps, { value }: CommandRow): unknown {
  const text = value === null ? undefined : readObject(value);
  return text === undefined ? undefined : JSON.parse(text);
}

/** What became of the approval request that a command was parked with; where another command had made it, of that one. */
function parkedBefore(deps: KernelDeps, db: Database, call: Call): Outcome | undefined {
  const asked = approvalOf(db, call.id) as ApprovalRow;
  if (asked.id === call.id) return parkedEnd(call.id, asked, deps.clock.now());
  const first = storedOutcome(deps, db, { ...call, id: asked.id });
  return first && { ...first, id: call.id };
}

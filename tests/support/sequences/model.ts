import type { MemoryRecord } from "@mh/contract/values/memory.ts";
import { isHandOrigin } from "@mh/core/memory/hand-written.ts";

/** What a memory says, without what only its revision knows. It is never changed, only replaced. */
export interface Said {
  kind: string;
  content: string;
  at: string;
  count: number;
  source: string;
  externalId?: string;
  byHand: boolean;
  fact?: { subject: string; predicate: string; object: string; status: string };
  proposal?: string;
}

/** One command that changed the owner's data: what its memories said before and after. */
export interface Change {
  cmd: string;
  kind: "do" | "undo" | "redo";
  ms: number;
  undoable: boolean;
  before: Map<string, Said | undefined>;
  after: Map<string, Said | undefined>;
  /** Of an undo or redo: what it took back. */
  of?: Change;
  undone: boolean;
}

/** All that a home should say. */
export interface Model {
  live: Map<string, Said>;
  /** When each memory got its last revision. */
  changedMs: Map<string, number>;
  forgotten: Set<string>;
  changes: Change[];
}

export const emptyModel = (): Model => ({ live: new Map(), changedMs: new Map(), forgotten: new Set(), changes: [] });

export function saidIn({ kind, content, at, count, source, externalId, origins, fact, proposal }: MemoryRecord): Said {
  const isNote = kind === "procedural" || kind === "preference";
  // What a command proposed is no line by hand, though what it rests on may be one.
  const isByHand = proposal ? origins.every(isHandOrigin) : origins.some(isHandOrigin);
  return {
    ...{ kind, content, at: isNote ? "" : at, count, source },
    byHand: !isNote && isByHand,
    ...(externalId !== undefined && { externalId }),
    ...(fact && {
      fact: { subject: fact.subject, predicate: fact.predicate, object: fact.object, status: fact.status },
    }),
    ...(proposal && { proposal: proposal.status }),
  };
}

type Written = readonly (readonly [id: string, said: Said | undefined])[];

/** Notes what a command made memories say; without words one is taken out. */
export function write(model: Model, cmd: string, ms: number, written: Written, more: Partial<Change> = {}): void {
  const last = new Map(written);
  if (last.size === 0) return;
  const before = new Map([...last.keys()].map((id) => [id, model.live.get(id)]));
  for (const [id, said] of last) put(model, id, said, ms);
  model.changes.push({ cmd, kind: "do", ms, undoable: true, before, after: last, undone: false, ...more });
}

export function put(model: Model, id: string, said: Said | undefined, ms: number): void {
  if (said) model.live.set(id, said);
  else model.live.delete(id);
  model.changedMs.set(id, ms);
}

/** A forgotten memory is no part of what any change did. */
export function bury(model: Model, id: string): void {
  model.live.delete(id);
  model.forgotten.add(id);
  for (const { before, after } of model.changes) {
    before.delete(id);
    after.delete(id);
  }
}

const rootOf = (change: Change): Change => (change.of ? rootOf(change.of) : change);
const isLeft = ({ before }: Change): boolean => before.size > 0;

/** What `mh undo` takes back next. */
export function nextUndo({ changes }: Model): Change | undefined {
  const open = changes.filter((each) => each.kind !== "undo" && !each.undone && each.undoable && isLeft(each));
  return open.sort((a, b) => changes.indexOf(rootOf(a)) - changes.indexOf(rootOf(b))).at(-1);
}

/** What `mh redo` does again; nothing once something else was done. */
export function nextRedo({ changes }: Model): Change | undefined {
  const undo = changes.findLast((each) => each.kind === "undo" && !each.undone && isLeft(each));
  return undo && changes.slice(changes.indexOf(undo)).some(({ kind }) => kind === "do") ? undefined : undo;
}

/** Whether everything still says what a change made it say. */
export const isAsLeft = ({ live }: Model, { after }: Change): boolean =>
  [...after].every(([id, said]) => JSON.stringify(live.get(id)) === JSON.stringify(said));

/** Puts back what was before a change. */
export function putBack(model: Model, change: Change, cmd: string, ms: number): void {
  change.undone = true;
  write(model, cmd, ms, [...change.before], { kind: change.kind === "undo" ? "redo" : "undo", of: change });
}

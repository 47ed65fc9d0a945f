import type { MemoryRecord } from "@mh/contract/values/memory.ts";
import type { Transaction } from "../journal/transaction.ts";
import { draftOf, type MemoryDeps, store } from "./store.ts";

/** What was lived and what was written; facts end, notes are files of the owner's, and a proposal is answered. */
export const isArchivable = ({ kind, proposal }: MemoryRecord): boolean =>
  (kind === "episodic" || kind === "artifact") && proposal === undefined;

/** Writes a revision that leaves a memory out of lists and of the first search; false where it is archived already. */
export function archive(tx: Transaction, deps: MemoryDeps, commandId: string, record: MemoryRecord): boolean {
  if (record.archived !== undefined || !isArchivable(record)) return false;
  store(tx, deps, commandId, { ...draftOf(record), archived: new Date(tx.now).toISOString() }, record);
  return true;
}

/** What stays archived when its source tells it again: the same words. New ones were never archived by anybody. */
export const archivedAs = (earlier: MemoryRecord | undefined, content: string): Pick<MemoryRecord, "archived"> =>
  earlier?.archived !== undefined && earlier.content === content ? { archived: earlier.archived } : {};

/** Writes one that brings it back. */
export function unarchive(tx: Transaction, deps: MemoryDeps, commandId: string, record: MemoryRecord): boolean {
  if (record.archived === undefined) return false;
  const { archived: _, ...draft } = draftOf(record);
  store(tx, deps, commandId, draft, record);
  return true;
}

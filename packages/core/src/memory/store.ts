import { Fault } from "@mh/contract/values/fault.ts";
import type { Entity, EventTime, Fact, MemoryLine, MemoryRecord, Retraction } from "@mh/contract/values/memory.ts";
import type { MemoryKind } from "@mh/contract/values/memory-kinds.ts";
import { documentFolders, lineFolders } from "../documents/folders.ts";
import type { Transaction } from "../journal/transaction.ts";
import { idNamed, type Named } from "../kernel/short-id.ts";
import { canonical } from "../model/canonical.ts";
import type { Crypto } from "../ports/crypto.ts";
import type { Database } from "../ports/database.ts";
import { byHand, isByCommand, isHandOrigin, type LineMarks } from "./hand-written.ts";
import { buryMemory, memoryRow, putMemory, retractMemory, textKey, tombstoneOf } from "./project.ts";
import { slugOf } from "./slug.ts";

const [dayFolder, factFolder] = lineFolders;
const fileBytesMax = 8 * 2 ** 20;

export interface MemoryDeps extends LineMarks {
  hmacKey: Uint8Array;
}

/** What was found in a text. */
export interface Extracted {
  entities: Entity[];
  tags: string[];
  eventAt: EventTime[];
}

/** A memory before it has an id, a revision and a place. */
export interface Draft extends Extracted {
  kind: MemoryKind;
  content: string;
  at: string;
  datedBy?: MemoryRecord["datedBy"];
  session?: string | undefined;
  speaker?: string | undefined;
  source: string;
  externalId?: string | undefined;
  origins: string[];
  links: MemoryRecord["links"];
  fact?: Fact | undefined;
  proposal?: MemoryRecord["proposal"];
  recording?: MemoryRecord["recording"];
  archived?: string | undefined;
}

/** What of a memory its next revision begins with. */
export function draftOf(record: MemoryRecord): Draft {
  const { v, op, id, rev, cmd, recordedAt, count, ...draft } = record;
  return draft;
}

/** Adds a memory, or a revision of one. */
export function store(
  tx: Transaction,
  deps: MemoryDeps,
  commandId: string,
  draft: Draft,
  earlier?: MemoryRecord,
): MemoryRecord {
  const record: MemoryRecord = {
    v: 1,
    op: "put",
    id: earlier?.id ?? deps.crypto.id(),
    rev: (earlier?.rev ?? 0) + 1,
    cmd: commandId,
    recordedAt: new Date(tx.now).toISOString(),
    count: earlier?.count ?? 1,
    ...draft,
  };
  write(tx, deps, record);
  return record;
}

/** The same words told once more on the same day. */
export function countAgain(tx: Transaction, deps: MemoryDeps, commandId: string, earlier: MemoryRecord): MemoryRecord {
  const record = { ...earlier, rev: earlier.rev + 1, cmd: commandId, count: earlier.count + 1 };
  write(tx, deps, { ...record, recordedAt: new Date(tx.now).toISOString() });
  return record;
}

/** Takes a memory out, keeping its lines: `restore` brings it back. */
export function retract(
  tx: Transaction,
  deps: MemoryDeps,
  commandId: string,
  { id, kind, rev }: { id: string; kind: MemoryKind; rev: number },
  because: Pick<Retraction, "why" | "into" | "source" | "externalId">,
): void {
  const recordedAt = new Date(tx.now).toISOString();
  write(tx, deps, { v: 1, op: "retract", id, rev: rev + 1, cmd: commandId, kind, recordedAt, ...because });
}

/**
 * Makes an earlier state of a memory the live one again, as a new revision after `rev`. One that no command wrote comes
 * from a file that others can write, and stays what it is.
 */
export function restore(
  tx: Transaction,
  deps: MemoryDeps,
  commandId: string,
  earlier: MemoryRecord,
  rev: number,
): void {
  const line = { ...earlier, rev: rev + 1, cmd: commandId, recordedAt: new Date(tx.now).toISOString() };
  const isKnown = isByCommand(tx.db, deps, earlier) || earlier.origins.every(isHandOrigin);
  write(tx, deps, isKnown ? line : byHand(line, fileFor(tx.db, line)));
}

/** The live revision of a memory. Throws `memory.not-found` or `memory.forgotten`. */
export function memory(db: Database, id: string): MemoryRecord {
  const row = memoryRow(db, resolveId(db, id)) as NonNullable<ReturnType<typeof memoryRow>>;
  return JSON.parse(row.record) as MemoryRecord;
}

export function memoryBySource(db: Database, source: string, externalId: string): MemoryRecord | undefined {
  const row = db.prepare("SELECT record FROM memories WHERE source = ? AND external_id = ?").get(source, externalId);
  return row ? (JSON.parse((row as { record: string }).record) as MemoryRecord) : undefined;
}

/** The memory that took in an imported one when the two were merged. */
export function mergedInto(db: Database, source: string, externalId: string): string | undefined {
  const sql = "SELECT into_id AS id FROM retractions WHERE source = ? AND external_id = ? AND why = 'merged'";
  return (db.prepare(sql).get(source, externalId) as { id: string } | undefined)?.id;
}

/** Whether what has this id at its source was forgotten, here or in a home whose archive was taken in. */
export function wasForgotten(db: Database, source: string, externalId: string): boolean {
  const sql = `SELECT 1 FROM tombstones WHERE source = :source AND external_id = :externalId UNION ALL
    SELECT 1 FROM retractions WHERE source = :source AND external_id = :externalId AND why = '${forgottenElsewhere}'`;
  return db.prepare(sql).get({ source, externalId }) !== undefined;
}

/** The same of a memory by its id. */
export function isForgotten(db: Database, id: string): boolean {
  const sql = `SELECT 1 FROM retractions WHERE id = ? AND why = '${forgottenElsewhere}'`;
  return tombstoneOf(db, id) !== undefined || db.prepare(sql).get(id) !== undefined;
}

export const forgottenElsewhere = "forgotten elsewhere" satisfies Retraction["why"];

/** Memories of any source with these very words by this speaker, latest first. */
export function sameWords(db: Database, crypto: Crypto, content: string, speaker: string | undefined): MemoryRecord[] {
  const rows = db
    .prepare("SELECT record FROM memories WHERE text_key = ? ORDER BY at_ms DESC LIMIT 50")
    .all(textKey(crypto, content, speaker)) as { record: string }[];
  return rows.map((row) => JSON.parse(row.record) as MemoryRecord);
}

const memories: Named = {
  from: "memories",
  column: "id",
  code: "memory.not-found",
  one: "memory",
  many: "memories",
  list: "mh memory list",
};

/** A whole id, or a beginning or an end of one that fits exactly one memory. */
function resolveId(db: Database, id: string): string {
  if (tombstoneOf(db, id)) {
    throw new Fault("memory.forgotten", `The memory ${id} was forgotten; only its tombstone is left.`);
  }
  return idNamed(db, memories, id);
}

/** `written`: when, for a line that was recorded before, in another home. */
export function write(tx: Transaction, deps: MemoryDeps, line: MemoryLine, written = line.recordedAt): void {
  const file = fileFor(tx.db, line, written);
  const stored = canonical(line);
  if (line.op === "put") putMemory(tx.db, deps.crypto, line, file, stored);
  else if (line.op === "retract") retractMemory(tx.db, line, file);
  else buryMemory(tx.db, line, file);
  tx.line(file, stored);
}

/** Facts lie with their subject; everything else in the UTC day's file, or its next part once that is full. */
function fileFor(db: Database, line: MemoryLine, written = line.recordedAt): string {
  if (line.op === "put" && line.fact) return `${factFolder}/${slugOf(line.fact.subject)}.ndjson`;
  if (line.op === "retract") {
    const last = db.prepare("SELECT file FROM revisions WHERE id = ? ORDER BY rev DESC LIMIT 1").get(line.id);
    if (last) return (last as { file: string }).file;
  }
  const base = `${dayFolder}/${written.slice(0, 10).replaceAll("-", "/")}`;
  for (let part = 0; ; part += 1) {
    const path = `${base}${part === 0 ? "" : `.${part}`}.ndjson`;
    const row = db.prepare("SELECT size FROM data_files WHERE path = ?").get(path) as { size: number } | undefined;
    if (!row || row.size < fileBytesMax) return path;
  }
}

export const isDocument = (file: string): boolean => documentFolders.some((folder) => file.startsWith(`${folder}/`));

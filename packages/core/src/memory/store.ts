import type { Transaction } from "../journal/ledger.ts";
import { canonical } from "../model/canonical.ts";
import { Fault } from "../model/fault.ts";
import type { Entity, EventTime, MemoryKind, MemoryLine, MemoryRecord, Tombstone } from "../model/memory.ts";
import type { Crypto } from "../ports/crypto.ts";
import type { Database } from "../ports/database.ts";
import type { LineCodec } from "../ports/line-codec.ts";
import { buryMemory, memoryRow, putMemory, textKey, tombstoneOf } from "./project.ts";

export const memoryFolder = "memory/episodic";
const fileBytesMax = 8 * 2 ** 20;

export interface MemoryDeps {
  crypto: Crypto;
  codec: LineCodec;
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
  session?: string | undefined;
  speaker?: string | undefined;
  source: string;
  externalId?: string | undefined;
  origins: string[];
  links: MemoryRecord["links"];
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

/** Removes what a memory said from every file that held it, and leaves a tombstone. Cannot be undone. */
export function forget(tx: Transaction, deps: MemoryDeps, commandId: string, record: MemoryRecord): Tombstone {
  const files = tx.db.prepare("SELECT file FROM revisions WHERE id = ?").all(record.id) as { file: string }[];
  for (const { file } of files) tx.rewrite(file, (text) => withoutMemory(text, deps.codec, record.id));
  const { id, kind, source, externalId } = record;
  const tombstone: Tombstone = {
    v: 1,
    op: "tombstone",
    id,
    rev: record.rev + 1,
    cmd: commandId,
    kind,
    recordedAt: new Date(tx.now).toISOString(),
    source,
    ...(externalId !== undefined && { externalId }),
    contentHmac: deps.crypto.hmacHex(deps.hmacKey, record.content),
  };
  write(tx, deps, tombstone);
  return tombstone;
}

/** The live revision of a memory. Throws `memory.not-found` or `memory.forgotten`. */
export function memory(db: Database, id: string): MemoryRecord {
  const row = memoryRow(db, resolveId(db, id));
  if (!row) throw new Fault("memory.not-found", `There is no memory ${id}. \`mh memory list\` shows what there is.`);
  return JSON.parse(row.record) as MemoryRecord;
}

export function memoryBySource(db: Database, source: string, externalId: string): MemoryRecord | undefined {
  const row = db.prepare("SELECT record FROM memories WHERE source = ? AND external_id = ?").get(source, externalId);
  return row ? (JSON.parse((row as { record: string }).record) as MemoryRecord) : undefined;
}

export function wasForgotten(db: Database, source: string, externalId: string): boolean {
  return (
    db.prepare("SELECT 1 FROM tombstones WHERE source = ? AND external_id = ?").get(source, externalId) !== undefined
  );
}

/** Memories of any source with these very words by this speaker, latest first. */
export function sameWords(db: Database, crypto: Crypto, content: string, speaker: string | undefined): MemoryRecord[] {
  const rows = db
    .prepare("SELECT record FROM memories WHERE text_key = ? ORDER BY at_ms DESC LIMIT 50")
    .all(textKey(crypto, content, speaker)) as { record: string }[];
  return rows.map((row) => JSON.parse(row.record) as MemoryRecord);
}

/** A whole id, or a beginning or an end of one that fits exactly one memory. */
function resolveId(db: Database, id: string): string {
  if (tombstoneOf(db, id)) {
    throw new Fault("memory.forgotten", `The memory ${id} was forgotten; only its tombstone is left.`);
  }
  if (!/^[0-9a-f-]{6,35}$/.test(id)) return id;
  const rows = db.prepare("SELECT id FROM memories WHERE id LIKE :id || '%' OR id LIKE '%' || :id LIMIT 2").all({ id });
  if (rows.length > 1) throw new Fault("memory.not-found", `${id} fits several memories; give more of it.`);
  return (rows[0] as { id: string } | undefined)?.id ?? id;
}

function write(tx: Transaction, deps: MemoryDeps, line: MemoryLine): void {
  const file = fileFor(tx.db, line.recordedAt.slice(0, 10));
  if (line.op === "put") putMemory(tx.db, deps.crypto, line, file);
  else buryMemory(tx.db, line, file);
  tx.line(file, deps.codec.encode(canonical(line)));
}

/** The UTC day's file, or its next part once it is full. */
function fileFor(db: Database, day: string): string {
  const base = `${memoryFolder}/${day.replaceAll("-", "/")}`;
  for (let part = 0; ; part += 1) {
    const path = `${base}${part === 0 ? "" : `.${part}`}.ndjson`;
    const row = db.prepare("SELECT size FROM memory_files WHERE path = ?").get(path) as { size: number } | undefined;
    if (!row || row.size < fileBytesMax) return path;
  }
}

function withoutMemory(text: string, codec: LineCodec, id: string): string {
  const keep = (stored: string): boolean => {
    try {
      return (JSON.parse(codec.decode(stored)) as { id?: unknown }).id !== id;
    } catch {
      return true;
    }
  };
  return text
    .split("\n")
    .filter((line) => line === "" || keep(line))
    .join("\n");
}

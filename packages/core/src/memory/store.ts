import { Fault } from "@mh/contract/values/fault.ts";
import type {
  Entity,
  EventTime,
  Fact,
  MemoryLine,
  MemoryRecord,
  Retraction,
  Tombstone,
} from "@mh/contract/values/memory.ts";
import type { MemoryKind } from "@mh/contract/values/memory-kinds.ts";
import { fileName } from "../documents/file-name.ts";
import { documentFolders, lineFolders } from "../documents/folders.ts";
import { snapshots } from "../history/snapshots.ts";
import type { Transaction } from "../journal/transaction.ts";
import type { ChangeBody } from "../kernel/changes.ts";
import { idNamed, type Named } from "../kernel/short-id.ts";
import { canonical } from "../model/canonical.ts";
import { isCutOffWrite } from "../model/home-files.ts";
import type { Crypto } from "../ports/crypto.ts";
import type { Database } from "../ports/database.ts";
import type { Files } from "../ports/files.ts";
import { byHand, isByCommand, isHandOrigin, type LineMarks } from "./hand-written.ts";
import { buryMemory, memoryRow, putMemory, retractMemory, textKey, tombstoneOf } from "./project.ts";
import { readMemoryFile } from "./read-lines.ts";
import { slugOf } from "./slug.ts";
import { marksOf } from "./traces/marks.ts";

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
  session?: string | undefined;
  speaker?: string | undefined;
  source: string;
  externalId?: string | undefined;
  origins: string[];
  links: MemoryRecord["links"];
  fact?: Fact | undefined;
  proposal?: MemoryRecord["proposal"];
  recording?: MemoryRecord["recording"];
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

/**
 * Removes what a memory said from every file that held it, and leaves a tombstone. Cannot be undone. `note` learns how
 * many lines of which commands went, so that nobody takes them for lost.
 */
export function forget(
  tx: Transaction,
  deps: MemoryDeps & { files: Files },
  commandId: string,
  record: MemoryRecord,
  note: (more: Partial<ChangeBody>) => void,
): Tombstone {
  const { id, kind, source, externalId } = record;
  const lines = tx.db.prepare("SELECT file, cmd FROM revisions WHERE id = ?").all(id) as {
    file: string;
    cmd: string;
  }[];
  const files = [...new Set(lines.map((line) => line.file))];
  const document = files.find(isDocument);
  const said = [record.content, ...files.filter((file) => !isDocument(file)).flatMap((file) => saidIn(deps, file, id))];
  for (const file of files) {
    // A file of facts is called after their subject: without any, it goes.
    const isCalledAfterIt = file.startsWith(`${factFolder}/`);
    tx.erase(file, (text) => {
      if (isDocument(file)) return undefined;
      const left = withoutMemory(text, { id });
      return isCalledAfterIt && left.trim() === "" ? undefined : left;
    });
  }
  for (const file of snapshots(deps.files)) tx.erase(file, (text) => withoutMemory(text, { id, document }));
  // What was set aside as unreadable may hold its words.
  const words = JSON.stringify(record.content).slice(1, -1);
  for (const file of deps.files.list("logs/torn")) {
    tx.erase(file, (text) => withoutLines(text, (line) => line.includes(id) || line.includes(words)));
  }
  for (const file of cutOffWrites(deps.files)) tx.erase(file, () => undefined);
  if (document) {
    tx.db.prepare("DELETE FROM documents WHERE path = ?").run(document);
    const file = fileName(deps, document);
    tx.dropObject(file);
    const body = { what: "document", file };
    tx.append({ phase: "adopt", id: deps.crypto.id(), principal: "owner", body });
  }
  const inLines = lines.filter(({ file }) => !isDocument(file));
  note({ removed: countBy(inLines.map(({ cmd }) => cmd)) });
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
    marks: marksOf(deps, id, [...said, ...(document ? [document] : [])]),
  };
  write(tx, deps, tombstone);
  return tombstone;
}

export const cutOffWrites = (files: Files): string[] =>
  ["memory", "persona", "logs"].flatMap((folder) => files.list(folder)).filter(isCutOffWrite);

/** What the lines of a file say of one memory, its earlier revisions included. */
function saidIn(deps: LineMarks & { files: Files }, file: string, id: string): string[] {
  return [...readMemoryFile(deps, file)].flatMap((read) =>
    "line" in read && read.line.id === id && read.line.op === "put" ? [read.line.content] : [],
  );
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

function write(tx: Transaction, deps: MemoryDeps, line: MemoryLine): void {
  const file = fileFor(tx.db, line);
  if (line.op === "put") putMemory(tx.db, deps.crypto, line, file);
  else if (line.op === "retract") retractMemory(tx.db, line, file);
  else buryMemory(tx.db, line, file);
  tx.line(file, canonical(line));
}

/** Facts lie with their subject; everything else in the UTC day's file, or its next part once that is full. */
function fileFor(db: Database, line: MemoryLine): string {
  if (line.op === "put" && line.fact) return `${factFolder}/${slugOf(line.fact.subject)}.ndjson`;
  if (line.op === "retract") {
    const last = db.prepare("SELECT file FROM revisions WHERE id = ? ORDER BY rev DESC LIMIT 1").get(line.id);
    if (last) return (last as { file: string }).file;
  }
  const base = `${dayFolder}/${line.recordedAt.slice(0, 10).replaceAll("-", "/")}`;
  for (let part = 0; ; part += 1) {
    const path = `${base}${part === 0 ? "" : `.${part}`}.ndjson`;
    const row = db.prepare("SELECT size FROM data_files WHERE path = ?").get(path) as { size: number } | undefined;
    if (!row || row.size < fileBytesMax) return path;
  }
}

export const isDocument = (file: string): boolean => documentFolders.some((folder) => file.startsWith(`${folder}/`));

function countBy(keys: readonly string[]): Record<string, number> {
  const counts: Record<string, number> = {};
  for (const key of keys) counts[key] = (counts[key] ?? 0) + 1;
  return counts;
}

/** Lines without those of a memory but its tombstone, and in a snapshot without its document. */
export function withoutMemory(text: string, gone: { id: string; document?: string | undefined }): string {
  const keep = (stored: string): boolean => {
    try {
      const line = JSON.parse(stored) as {
        id?: unknown;
        op?: unknown;
        document?: unknown;
        text?: unknown;
      };
      if (line.document === undefined) return line.id !== gone.id || line.op === "tombstone";
      // Its file may have had another name then.
      return line.document !== gone.document && !bearsId(String(line.text), gone.id);
    } catch {
      return true;
    }
  };
  return withoutLines(text, (line) => line !== "" && !keep(line));
}

/** Whether the front matter of a document's text says that it is this memory. */
export function bearsId(text: string, id: string): boolean {
  return text.split("\n").some((line) => /^id: *["']?(.*?)["']? *\r?$/.exec(line)?.[1] === id);
}

const withoutLines = (text: string, isGone: (line: string) => boolean): string =>
  text
    .split("\n")
    .filter((line) => !isGone(line))
    .join("\n");

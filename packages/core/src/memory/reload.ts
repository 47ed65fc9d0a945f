import { canonical } from "../model/canonical.ts";
import { type MemoryLine, type MemoryRecord, memoryLineSchema } from "../model/memory.ts";
import { decodeUtf8 } from "../ports/bytes.ts";
import type { Crypto } from "../ports/crypto.ts";
import type { Database } from "../ports/database.ts";
import type { FileFacts, Files } from "../ports/files.ts";
import type { LineCodec } from "../ports/line-codec.ts";
import { buryMemory, dropMemory, memoryRow, putMemory, tombstoneOf } from "./project.ts";
import { memoryFolder } from "./store.ts";

/** A line of a memory file that cannot be read. The rest of the file works. */
export interface BadLine {
  path: string;
  line: number;
  reason: string;
}

/** What changed on disk without our doing, by file. */
export interface HandEdit {
  path: string;
  added: number;
  changed: number;
  missing: number;
}

export interface ReloadReport {
  badLines: BadLine[];
  handEdits: HandEdit[];
}

export interface ReloadDeps {
  files: Files;
  crypto: Crypto;
  codec: LineCodec;
  onProgress?: (memories: number) => void;
}

/** Brings the projection up to the memory files: size, time and inode tell which to read again. */
export function reloadMemories(db: Database, deps: ReloadDeps): ReloadReport {
  const report: ReloadReport = { badLines: [], handEdits: [] };
  const paths = inOrder(deps.files.list(memoryFolder).filter((path) => path.endsWith(".ndjson")));
  for (const path of paths) {
    const facts = deps.files.facts(path);
    if (facts && !isKnown(db, path, facts)) reloadFile(db, deps, path, facts, report);
  }
  const known = db.prepare("SELECT path FROM memory_files").all() as { path: string }[];
  for (const { path } of known) {
    if (paths.includes(path)) continue;
    const missing = dropMissing(db, path, new Set());
    db.prepare("DELETE FROM memory_files WHERE path = ?").run(path);
    if (missing > 0) report.handEdits.push({ path, added: 0, changed: 0, missing });
  }
  return report;
}

/** Notes how a memory file looks after our own write, so that only the writes of others are read again. */
export function rememberFile(db: Database, path: string, facts: FileFacts): void {
  if (!path.startsWith(memoryFolder)) return;
  db.prepare("INSERT OR REPLACE INTO memory_files VALUES (?, ?, ?, ?)").run(
    path,
    facts.size,
    facts.mtimeMs,
    facts.inode,
  );
}

/** Reads every line of a memory file, good or not; used by `doctor` and by reloading. */
export function* readMemoryFile(
  deps: Pick<ReloadDeps, "files" | "codec">,
  path: string,
): Generator<{ line: MemoryLine } | { bad: BadLine }> {
  const bytes = deps.files.read(path) ?? new Uint8Array();
  let number = 0;
  for (let offset = 0; offset < bytes.length; ) {
    const newline = bytes.indexOf(0x0a, offset);
    const end = newline === -1 ? bytes.length : newline;
    number += 1;
    const line = parseLine(deps.codec, decodeUtf8(bytes.subarray(offset, end)), newline !== -1);
    if (typeof line !== "string") yield { line };
    else if (line !== "") yield { bad: { path, line: number, reason: line } };
    offset = end + 1;
  }
}

function reloadFile(db: Database, deps: ReloadDeps, path: string, facts: FileFacts, report: ReloadReport): void {
  const edit: HandEdit = { path, added: 0, changed: 0, missing: 0 };
  const seen = new Set<string>();
  for (const read of readMemoryFile(deps, path)) {
    if ("bad" in read) {
      report.badLines.push(read.bad);
      continue;
    }
    seen.add(read.line.id);
    const change = take(db, deps.crypto, read.line, path);
    if (change && !isOurs(db, read.line.cmd)) edit[change] += 1;
    if (seen.size % 5000 === 0) deps.onProgress?.(seen.size);
  }
  edit.missing = dropMissing(db, path, seen);
  rememberFile(db, path, facts);
  if (edit.added + edit.changed + edit.missing > 0) report.handEdits.push(edit);
}

/** Takes one line in; says what it did to what was known. */
function take(db: Database, crypto: Crypto, line: MemoryLine, path: string): "added" | "changed" | undefined {
  if (line.op === "tombstone") {
    if (!tombstoneOf(db, line.id)) buryMemory(db, line, path);
    return undefined;
  }
  const earlier = memoryRow(db, line.id);
  const isSame = earlier?.rev === line.rev && earlier.record === canonical(line);
  const isOlder = earlier !== undefined && earlier.rev > line.rev;
  putMemory(db, crypto, line, path);
  if (isSame || isOlder) return undefined;
  // A revision that the journal knows is ours, written just before a crash; `isOurs` says so.
  return earlier ? "changed" : "added";
}

function dropMissing(db: Database, path: string, seen: ReadonlySet<string>): number {
  const rows = db.prepare("SELECT id, record FROM memories WHERE file = ?").all(path) as {
    id: string;
    record: string;
  }[];
  const missing = rows.filter(({ id }) => !seen.has(id));
  for (const { id } of missing) dropMemory(db, id);
  db.prepare("DELETE FROM revisions WHERE file = ? AND id NOT IN (SELECT value FROM json_each(?))").run(
    path,
    JSON.stringify([...seen]),
  );
  return missing.length;
}

/** By day, then by part: `08.ndjson`, `08.1.ndjson`, … `08.10.ndjson`. A memory's neighbours are found by this order. */
function inOrder(paths: readonly string[]): string[] {
  const key = (path: string): [string, number] => {
    const [, day = path, part = "0"] = /^(.*?)(?:\.(\d+))?\.ndjson$/.exec(path) ?? [];
    return [day, Number(part)];
  };
  const keyed = paths.map((path) => ({ path, key: key(path) }));
  keyed.sort((a, b) => (a.key[0] === b.key[0] ? a.key[1] - b.key[1] : a.key[0] < b.key[0] ? -1 : 1));
  return keyed.map(({ path }) => path);
}

function isKnown(db: Database, path: string, facts: FileFacts): boolean {
  const row = db.prepare("SELECT size, mtime_ms, inode FROM memory_files WHERE path = ?").get(path) as
    | { size: number; mtime_ms: number; inode: number }
    | undefined;
  return row?.size === facts.size && row.mtime_ms === facts.mtimeMs && row.inode === facts.inode;
}

function isOurs(db: Database, command: MemoryRecord["cmd"]): boolean {
  return db.prepare("SELECT 1 FROM commands WHERE id = ?").get(command) !== undefined;
}

/** The line, or why it cannot be read; empty for a blank line. */
function parseLine(codec: LineCodec, text: string | undefined, isComplete: boolean): MemoryLine | string {
  if (text === undefined) return "it is not UTF-8";
  if (text.trim() === "") return "";
  try {
    const parsed = memoryLineSchema.safeParse(JSON.parse(codec.decode(text)));
    if (parsed.success) return parsed.data;
    return `${parsed.error.issues[0]?.path.join(".")}: ${parsed.error.issues[0]?.message}`;
  } catch {
    return isComplete ? "it is not JSON" : "it is cut off";
  }
}

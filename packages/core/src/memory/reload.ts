import type { MemoryLine } from "@mh/contract/values/memory.ts";
import type { DocumentKind } from "../documents/document.ts";
import { lineFolders } from "../documents/folders.ts";
import { type DocumentReport, reloadDocuments } from "../documents/reload.ts";
import { canonical } from "../model/canonical.ts";
import type { Crypto } from "../ports/crypto.ts";
import type { Database } from "../ports/database.ts";
import type { FileFacts, Files, FoundFile } from "../ports/files.ts";
import { type FileChanges, fileChanges, rememberFile } from "./data-files.ts";
import { byHand, isByCommand, type LineMarks } from "./hand-written.ts";
import { indexTexts } from "./index-texts.ts";
import { buryMemory, memoryRow, putMemory, retractMemory, tombstoneOf } from "./project.ts";
import { type BadLine, readMemoryFile } from "./read-lines.ts";

/** What changed on disk without our doing, by file. */
export interface HandEdit {
  path: string;
  added: number;
  changed: number;
  /** Lines that are gone: damage until somebody accepts it. */
  missing: number;
}

export interface ReloadReport {
  badLines: BadLine[];
  handEdits: HandEdit[];
  documents: DocumentReport;
}

export const nothingReloaded: ReloadReport = {
  badLines: [],
  handEdits: [],
  documents: { adopted: [], renamed: [], missing: [], broken: [] },
};

export interface ReloadDeps extends LineMarks {
  files: Files;
  kinds: readonly DocumentKind[];
  hmacKey: Uint8Array;
  pathOf: (file: string) => string | undefined;
  /** What others did to the files that hold memories as lines, where somebody looked just now. */
  memoryFiles?: FileChanges | undefined;
  onProgress?: (memories: number) => void;
}

/** Brings the projection up to the memory files: size, times and inode tell which to read again. */
export function reloadMemories(db: Database, deps: ReloadDeps): ReloadReport {
  const lines: Lines = { badLines: [], handEdits: [], read: 0 };
  const { changed, gone } = deps.memoryFiles ?? memoryFileChanges(db, deps.files);
  for (const each of inOrder(changed)) reloadFile(db, deps, each.path, each, lines);
  for (const path of gone) {
    const missing = markMissing(db, path, new Set());
    rememberFile(db, deps, path, undefined);
    if (missing > 0) lines.handEdits.push({ path, added: 0, changed: 0, missing });
  }
  const { badLines, handEdits } = lines;
  return { badLines, handEdits, documents: reloadDocuments(db, deps) };
}

interface Lines extends Pick<ReloadReport, "badLines" | "handEdits"> {
  /** How many were read so far. */
  read: number;
}

/** The files that hold memories as lines. */
export const memoryFiles = (files: Files): string[] =>
  lineFolders.flatMap((folder) => files.list(folder)).filter((path) => path.endsWith(".ndjson"));

/** What others did to them. */
export function memoryFileChanges(db: Database, files: Files): FileChanges {
  const isOfLines = (path: string) => path.endsWith(".ndjson");
  const each = lineFolders.map((folder) => fileChanges(db, folder, files.found(folder), isOfLines));
  return { changed: each.flatMap(({ changed }) => changed), gone: each.flatMap(({ gone }) => gone) };
}

function reloadFile(db: Database, deps: ReloadDeps, path: string, facts: FileFacts, report: Lines): void {
  const edit: HandEdit = { path, added: 0, changed: 0, missing: 0 };
  const seen = new Set<string>();
  for (const read of readMemoryFile(deps, path)) {
    if ("bad" in read) {
      report.badLines.push(read.bad);
      continue;
    }
    seen.add(keyOf(read.line));
    const ours = isByCommand(db, deps, read.line);
    const change = ours || read.line.op === "put" ? take(db, deps.crypto, told(read.line, ours, path), path) : "added";
    if (change && !ours) edit[change] += 1;
    report.read += 1;
    if (report.read % 5000 === 0) {
      indexTexts(db);
      deps.onProgress?.(report.read);
    }
  }
  edit.missing = markMissing(db, path, seen);
  rememberFile(db, deps, path, facts);
  if (edit.added + edit.changed + edit.missing > 0) report.handEdits.push(edit);
}

/** Takes one line in; says what it did to what was known. */
function take(db: Database, crypto: Crypto, line: MemoryLine, path: string): "added" | "changed" | undefined {
  if (line.op === "tombstone") {
    if (!tombstoneOf(db, line.id)) buryMemory(db, line, path);
    return undefined;
  }
  if (line.op === "retract") {
    retractMemory(db, line, path);
    return undefined;
  }
  const earlier = memoryRow(db, line.id);
  const isSame = earlier?.rev === line.rev && earlier.record === canonical(line);
  const isOlder = earlier !== undefined && earlier.rev > line.rev;
  if (isSame && earlier.file === path && isNoted(db, line, path)) return undefined;
  putMemory(db, crypto, line, path);
  if (isSame || isOlder) return undefined;
  // A revision that the journal knows is ours, written just before a crash; `isOurs` says so.
  return earlier ? "changed" : "added";
}

/** Whether the index knows a line as it stands there: a file that only looks otherwise costs a comparison. */
function isNoted(db: Database, { id, rev, cmd }: MemoryLine, path: string): boolean {
  const sql = "SELECT 1 FROM revisions WHERE id = ? AND rev = ? AND cmd = ? AND file = ? AND missing = 0";
  return db.prepare(sql).get(id, rev, cmd, path) !== undefined;
}

/** Marks what stood in a file and no longer does; gives how many lines that is more than before. */
function markMissing(db: Database, path: string, seen: ReadonlySet<string>): number {
  const rows = db.prepare("SELECT id, rev, missing FROM revisions WHERE file = ?").all(path) as {
    id: string;
    rev: number;
    missing: number;
  }[];
  const mark = db.prepare("UPDATE lines SET missing = ? WHERE id = ? AND rev = ?");
  let more = 0;
  for (const row of rows) {
    const missing = seen.has(keyOf(row)) ? 0 : 1;
    if (missing === row.missing) continue;
    mark.run(missing, row.id, row.rev);
    more += missing;
  }
  return more;
}

const keyOf = ({ id, rev }: { id: string; rev: number }): string => `${id} ${rev}`;

/** By day, then by part: `08.ndjson`, `08.1.ndjson`, … `08.10.ndjson`. A memory's neighbours are found by this order. */
function inOrder(files: readonly FoundFile[]): FoundFile[] {
  const key = (path: string): [string, number] => {
    const [, day = path, part = "0"] = /^(.*?)(?:\.(\d+))?\.ndjson$/.exec(path) ?? [];
    return [day, Number(part)];
  };
  const keyed = files.map((file) => ({ file, key: key(file.path) }));
  keyed.sort((a, b) => (a.key[0] === b.key[0] ? a.key[1] - b.key[1] : a.key[0] < b.key[0] ? -1 : 1));
  return keyed.map(({ file }) => file);
}

/** The removal of a memory that no command wrote is not taken in at all. */
const told = (line: MemoryLine, ours: boolean, path: string): MemoryLine =>
  ours || line.op !== "put" ? line : byHand(line, path);

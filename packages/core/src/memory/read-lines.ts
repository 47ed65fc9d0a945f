import { type MemoryLine, memoryLineSchema } from "@mh/contract/values/memory.ts";
import { holdsOneOf } from "../ports/byte-lines.ts";
import { decodeUtf8 } from "../ports/bytes.ts";
import type { Database } from "../ports/database.ts";
import type { Files } from "../ports/files.ts";

export interface LineFiles {
  files: Files;
}

/** A line of a memory file that cannot be read. The rest of the file works. */
export interface BadLine {
  path: string;
  line: number;
  reason: string;
}

/** Reads every line of a memory file, good or not; used by `doctor` and by reloading. */
export function* readMemoryFile(deps: LineFiles, path: string): Generator<{ line: MemoryLine } | { bad: BadLine }> {
  let number = 0;
  for (const { text, isComplete } of storedLines(deps.files.read(path))) {
    number += 1;
    const line = parseLine(text, isComplete);
    if (typeof line !== "string") yield { line };
    else if (line !== "") yield { bad: { path, line: number, reason: line } };
  }
}

/** Of the lines of a file those of certain memories. The others are not parsed: a file may hold a day's import. */
export function* linesOf(bytes: Uint8Array | undefined, ids: ReadonlySet<string>): Generator<MemoryLine> {
  const words = ids.size <= soughtMax ? ["\\u", ...ids] : undefined;
  for (const { text, isComplete } of storedLines(bytes, words)) {
    if (text === undefined || !mayBeOf(text, ids)) continue;
    const line = parseLine(text, isComplete);
    if (typeof line !== "string" && ids.has(line.id)) yield line;
  }
}

/** The same of one memory and of a file on disk, of which no more is held than a part. */
export function* linesOfFile({ files }: LineFiles, path: string, id: string): Generator<MemoryLine> {
  for (const text of readableLines(files, path, ["\\u", id])) {
    const line = mayBeOf(text, new Set([id])) ? parseLine(text, true) : "";
    if (typeof line !== "string" && line.id === id) yield line;
  }
}

/** Each is sought by itself: of more, reading every line is quicker. */
const soughtMax = 8;

/** By hand an id may be written with escapes. */
const mayBeOf = (text: string, ids: ReadonlySet<string>): boolean =>
  text.includes("\\u") || text.matchAll(/"id"\s*:\s*"([^"]*)"/g).some(([, id]) => ids.has(id as string));

/**
 * The lines that a command wrote, as they stand in their files: what it gave can be told from them whatever became of its
 * memories since. One that was forgotten is not among them.
 */
export function linesWrittenBy(db: Database, { files }: LineFiles, command: string): MemoryLine[] {
  const rows = db.prepare("SELECT DISTINCT file FROM revisions WHERE cmd = ? ORDER BY file").all(command);
  const found: MemoryLine[] = [];
  for (const { file } of rows as { file: string }[]) {
    for (const text of readableLines(files, file, [command])) {
      const line = parseLine(text, true);
      if (typeof line !== "string" && line.cmd === command) found.push(line);
    }
  }
  return found;
}

/** Lines of a file that hold one of some words; what is not UTF-8 is none. */
function readableLines(files: Files, path: string, words: readonly string[]): string[] {
  const texts = [...files.lines(path, words)];
  // It stands there, or for a byte that is of no character: the file itself tells.
  if (!texts.some((text) => text.includes("\ufffd"))) return texts;
  return [...storedLines(files.read(path), words)].flatMap(({ text }) => text ?? []);
}

/**
 * One line after the other, so that the text of a large file is never held whole; undefined where it is not UTF-8. Only those that
 * hold one of `words`, where there are any.
 */
function* storedLines(
  bytes: Uint8Array = new Uint8Array(),
  words?: readonly string[],
): Generator<{ text: string | undefined; isComplete: boolean }> {
  const isSought = words ? holdsOneOf(bytes, words) : () => true;
  for (let offset = 0; offset < bytes.length; ) {
    const newline = bytes.indexOf(0x0a, offset);
    const end = newline === -1 ? bytes.length : newline;
    if (isSought(offset, end)) yield { text: decodeUtf8(bytes.subarray(offset, end)), isComplete: newline !== -1 };
    offset = end + 1;
  }
}

/** Whether a stored line is a memory, or nothing at all. */
export function isReadable(stored: string): boolean {
  const line = parseLine(stored, true);
  return typeof line !== "string" || line === "";
}

/** The line, or why it cannot be read; empty for a blank line. */
export function parseLine(text: string | undefined, isComplete: boolean): MemoryLine | string {
  if (text === undefined) return "it is not UTF-8";
  if (text.trim() === "") return "";
  try {
    const parsed = memoryLineSchema().safeParse(JSON.parse(text));
    if (parsed.success) return whyUnusable(parsed.data) ?? parsed.data;
    return `${parsed.error.issues[0]?.path.join(".")}: ${parsed.error.issues[0]?.message}`;
  } catch {
    return isComplete ? "it is not JSON" : "it is cut off";
  }
}

/** What the index cannot hold, though it has the form of a memory: one such line must not keep a home from opening. */
export function whyUnusable(line: MemoryLine): string | undefined {
  const times = line.op === "put" ? [line.at, ...line.eventAt.flatMap(({ from, to }) => [from, to])] : [];
  const wrong = [line.recordedAt, ...times].find((time) => Number.isNaN(Date.parse(time)));
  if (wrong !== undefined) return `${JSON.stringify(wrong.slice(0, 40))} is no time`;
  return isWellFormed(line) ? undefined : "it holds half a character";
}

/** Text with half of a surrogate pair has no canonical form (RFC 8785), and no form in UTF-8. */
function isWellFormed(value: unknown): boolean {
  if (typeof value === "string") return value.isWellFormed();
  if (typeof value !== "object" || value === null) return true;
  return Object.values(value).every(isWellFormed);
}

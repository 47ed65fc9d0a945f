import * as fs from "node:fs";
import * as path from "node:path";
import { nodeCrypto } from "@mh/core/adapters/node-crypto.ts";
import type { ImportItem } from "@mh/core/memory/import/item.ts";
import { parseNote } from "@mh/core/memory/import/markdown.ts";
import { type ParsedLine, parseLine } from "@mh/core/memory/import/ndjson.ts";
import { Fault } from "@mh/core/model/fault.ts";
import { decodeUtf8 } from "@mh/core/ports/bytes.ts";

export const formats = ["ndjson", "markdown"] as const;
export type Format = (typeof formats)[number];

/** One thing found in what is imported: a memory to be, or why there is none. */
export type Found =
  | { item: ImportItem & { externalId: string }; where: string }
  | { refused: string; externalId: string | null; where: string };

export interface Source {
  format: Format;
  /** The source of items that name none. */
  name: string;
  /** Absolute path of what is read. */
  from: string;
  /** Bytes to read in all, for progress. */
  bytes: number;
  /** What was found, in order; `read` is how many bytes were taken in so far. */
  found(): Generator<{ each: Found; read: number }>;
}

/** Opens a file or folder for importing. Throws `import.unreadable` with the next step. */
export function openSource(given: string, options: { format?: Format | undefined; timeZone: string }): Source {
  const from = path.resolve(given);
  const stat = fs.statSync(from, { throwIfNoEntry: false });
  if (!stat) throw new Fault("import.unreadable", `There is no ${given}. Give a folder of notes or an .ndjson file.`);
  const format = options.format ?? (stat.isDirectory() || /\.(md|markdown)$/i.test(from) ? "markdown" : "ndjson");
  if (format === "ndjson") {
    if (stat.isDirectory()) throw new Fault("import.unreadable", `${given} is a folder; --format ndjson reads a file.`);
    return { format, name: "ndjson", from, bytes: stat.size, found: () => ndjson(from) };
  }
  const notes = stat.isDirectory() ? notesBelow(from) : [from];
  const base = stat.isDirectory() ? from : path.dirname(from);
  const bytes = notes.reduce((sum, note) => sum + fs.statSync(note).size, 0);
  return { format, name: `markdown:${base}`, from, bytes, found: () => vault(base, notes, options.timeZone) };
}

function* ndjson(file: string): Generator<{ each: Found; read: number }> {
  const seen = new Map<string, number>();
  for (const { bytes, number, read } of linesOf(file)) {
    const where = `line ${number}`;
    const text = decodeUtf8(bytes);
    if (text !== undefined && text.trim() === "") continue;
    const parsed: ParsedLine = text === undefined ? { ok: false, reason: "The line is not UTF-8." } : parseLine(text);
    if (parsed.ok) yield { each: { item: withId(parsed.item, seen), where }, read };
    else yield { each: { refused: parsed.reason, externalId: parsed.externalId ?? null, where }, read };
  }
}

/** A line without an id is known by what it says, and by how often it said so before in this file. */
function withId(item: ImportItem, seen: Map<string, number>): ImportItem & { externalId: string } {
  if (item.externalId !== undefined) return { ...item, externalId: item.externalId };
  const { source, session, speaker, at, content } = item;
  const hash = nodeCrypto.sha256Hex(JSON.stringify([source, session, speaker, at, content])).slice(0, 32);
  const count = (seen.get(hash) ?? 0) + 1;
  seen.set(hash, count);
  return { ...item, externalId: `sha256:${hash}${count > 1 ? `#${count}` : ""}` };
}

function* vault(base: string, notes: readonly string[], timeZone: string): Generator<{ each: Found; read: number }> {
  let read = 0;
  for (const note of notes) {
    const where = path.relative(base, note).split(path.sep).join("/");
    const bytes = fs.readFileSync(note);
    read += bytes.length;
    const text = decodeUtf8(bytes);
    if (text === undefined || text.includes("\0")) {
      yield { each: { refused: "The file is not UTF-8 text.", externalId: where, where }, read };
      continue;
    }
    const warnings: string[] = [];
    const items = parseNote(where, text, { timeZone, mtime: fs.statSync(note).mtime, warnings });
    for (const { source: _, ...item } of items)
      yield { each: { item: { ...item, externalId: item.externalId ?? where }, where }, read };
    for (const warning of warnings) yield { each: { refused: warning, externalId: where, where }, read };
  }
}

/** Notes below a folder, sorted; hidden folders and links that leave the folder are passed over. */
function notesBelow(folder: string): string[] {
  const notes: string[] = [];
  for (const entry of fs.readdirSync(folder, { withFileTypes: true }).sort((a, b) => (a.name < b.name ? -1 : 1))) {
    if (entry.name.startsWith(".") || entry.name === "node_modules") continue;
    const full = path.join(folder, entry.name);
    if (entry.isDirectory()) notes.push(...notesBelow(full));
    else if (entry.isFile() && /\.(md|markdown)$/i.test(entry.name)) notes.push(full);
  }
  return notes;
}

/** Lines of a file of any size, as bytes, without holding more than one chunk and one line. */
function* linesOf(file: string): Generator<{ bytes: Buffer; number: number; read: number }> {
  const fd = fs.openSync(file, "r");
  try {
    const chunk = Buffer.alloc(1 << 20);
    let rest: Buffer[] = [];
    let number = 0;
    let read = 0;
    for (let size = fs.readSync(fd, chunk); size > 0; size = fs.readSync(fd, chunk)) {
      let start = 0;
      for (let end = chunk.indexOf(0x0a); end !== -1 && end < size; end = chunk.indexOf(0x0a, start)) {
        number += 1;
        yield { bytes: Buffer.concat([...rest, chunk.subarray(start, end)]), number, read: read + end };
        rest = [];
        start = end + 1;
      }
      rest.push(Buffer.from(chunk.subarray(start, size)));
      read += size;
    }
    const last = Buffer.concat(rest);
    if (last.length > 0) yield { bytes: last, number: number + 1, read };
  } finally {
    fs.closeSync(fd);
  }
}

import type { ImportItem } from "@mh/core/memory/import/item.ts";
import { type ParsedLine, parseLine } from "@mh/core/memory/import/ndjson.ts";
import type { Step } from "@mh/core/memory/import/source.ts";
import { decodeUtf8 } from "@mh/core/ports/bytes.ts";
import { nodeCrypto } from "../adapters/node-crypto.ts";
import { chunksOf } from "./chunks.ts";
import type { Opened } from "./source.ts";

/** Four bytes for each of the characters that a line may have. */
const lineBytesMax = 32_000_000;

/** One record a line. */
export async function* readNdjson({ files }: Opened): AsyncGenerator<Step> {
  for (const file of files) {
    const seen = new Map<string, number>();
    for (const { bytes, number, read } of linesOf(file.path)) {
      const where = `line ${number}`;
      if (bytes === undefined) {
        yield { each: { refused: "The line is longer than 32 MB.", externalId: null, where }, read };
        continue;
      }
      const text = decodeUtf8(bytes);
      if (text !== undefined && text.trim() === "") continue;
      const parsed: ParsedLine = text === undefined ? { ok: false, reason: "The line is not UTF-8." } : parseLine(text);
      if (parsed.ok) yield { each: { item: withId(parsed.item, seen), where }, read };
      else yield { each: { refused: parsed.reason, externalId: parsed.externalId ?? null, where }, read };
    }
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

interface Line {
  /** Undefined where the line is too long to be held. */
  bytes: Buffer | undefined;
  number: number;
  read: number;
}

/** Lines of a file of any size, without holding more than one chunk and one line. */
function* linesOf(file: string): Generator<Line> {
  let parts: Buffer[] = [];
  let size = 0;
  let number = 0;
  let read = 0;
  const take = (part: Buffer) => {
    size += part.length;
    if (size > lineBytesMax) parts = [];
    else if (part.length > 0) parts.push(part);
  };
  const line = (at: number): Line => {
    const bytes = size > lineBytesMax ? undefined : Buffer.concat(parts);
    [parts, size] = [[], 0];
    number += 1;
    return { bytes, number, read: at };
  };
  for (const chunk of chunksOf(file)) {
    let start = 0;
    for (let end = chunk.indexOf(0x0a); end !== -1; end = chunk.indexOf(0x0a, start)) {
      take(chunk.subarray(start, end));
      yield line(read + end);
      start = end + 1;
    }
    take(chunk.subarray(start));
    read += chunk.length;
  }
  if (size > 0) yield line(read);
}

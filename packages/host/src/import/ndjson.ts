import { nodeCrypto } from "@mh/core/adapters/node-crypto.ts";
import type { ImportItem } from "@mh/core/memory/import/item.ts";
import { type ParsedLine, parseLine } from "@mh/core/memory/import/ndjson.ts";
import { decodeUtf8 } from "@mh/core/ports/bytes.ts";
import { chunksOf } from "./chunks.ts";
import type { Opened, Step } from "./source.ts";

/** One record a line. */
export async function* readNdjson({ files }: Opened): AsyncGenerator<Step> {
  for (const file of files) {
    const seen = new Map<string, number>();
    for (const { bytes, number, read } of linesOf(file.path)) {
      const where = `line ${number}`;
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

/** Lines of a file of any size, as bytes, without holding more than one chunk and one line. */
function* linesOf(file: string): Generator<{ bytes: Buffer; number: number; read: number }> {
  let rest: Buffer[] = [];
  let number = 0;
  let read = 0;
  for (const chunk of chunksOf(file)) {
    let start = 0;
    for (let end = chunk.indexOf(0x0a); end !== -1; end = chunk.indexOf(0x0a, start)) {
      number += 1;
      yield { bytes: Buffer.concat([...rest, chunk.subarray(start, end)]), number, read: read + end };
      rest = [];
      start = end + 1;
    }
    if (start < chunk.length) rest.push(chunk.subarray(start));
    read += chunk.length;
  }
  const last = Buffer.concat(rest);
  if (last.length > 0) yield { bytes: last, number: number + 1, read };
}

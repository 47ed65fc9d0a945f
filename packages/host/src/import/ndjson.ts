import type { ImportItem } from "@mh/core/memory/import/item.ts";
import { type ParsedLine, parseLine } from "@mh/core/memory/import/ndjson.ts";
import { type Line, LineSplitter } from "@mh/core/model/lines.ts";
import { decodeUtf8 } from "@mh/core/ports/bytes.ts";
import { nodeCrypto } from "../adapters/node-crypto.ts";
import { chunksOf } from "./chunks.ts";
import type { FileStep, InputFile, ReadContext } from "./source.ts";

/** Four bytes for each of the characters that a line may have. */
const lineBytesMax = 32_000_000;

/** One record a line. */
export function* readNdjson(file: InputFile, { place }: ReadContext): Generator<FileStep> {
  const seen = new Map<string, number>();
  let number = 0;
  for (const { bytes, offset, isTooLong } of linesOf(file.path)) {
    number += 1;
    const where = place(file, `line ${number}`);
    const read = offset + bytes.length;
    if (isTooLong) {
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

/** A line without an id is known by what it says, and by how often it said so before in this file. */
function withId(item: ImportItem, seen: Map<string, number>): ImportItem & { externalId: string } {
  if (item.externalId !== undefined) return { ...item, externalId: item.externalId };
  const { source, session, speaker, at, content } = item;
  const hash = nodeCrypto.sha256Hex(JSON.stringify([source, session, speaker, at, content])).slice(0, 32);
  const count = (seen.get(hash) ?? 0) + 1;
  seen.set(hash, count);
  return { ...item, externalId: `sha256:${hash}${count > 1 ? `#${count}` : ""}` };
}

/** Lines of a file of any size, without holding more than one chunk and one line. */
function* linesOf(file: string): Generator<Line> {
  const lines = new LineSplitter(lineBytesMax);
  for (const chunk of chunksOf(file)) yield* lines.push(chunk);
  const last = lines.finish();
  if (last) yield last;
}

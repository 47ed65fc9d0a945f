import { LineSplitter } from "../model/lines.ts";
import { decodeLossy } from "./bytes.ts";
import type { Files } from "./files.ts";

const newline = 0x0a;

/** The lines of a file without their ends, a line at a time: a file may be longer than a string can be. */
export function* linesIn(bytes: Uint8Array): Generator<string> {
  for (let from = 0; from <= bytes.length; ) {
    const found = bytes.indexOf(newline, from);
    const to = found === -1 ? bytes.length : found;
    yield decodeLossy(bytes.subarray(from, to));
    from = to + 1;
  }
}

const partBytes = 1024 * 1024;

/** The same of a file on disk, of which no more is held than a part and a line. */
export function* linesByPart({ readPart, facts }: Pick<Files, "readPart" | "facts">, path: string): Generator<string> {
  // What is appended meanwhile belongs to the next look.
  const size = facts(path)?.size;
  if (size === undefined) return;
  const splitter = new LineSplitter();
  for (let from = 0; from < size; from += partBytes) {
    const part = readPart(path, from, Math.min(size, from + partBytes));
    if (part) for (const { bytes } of splitter.push(part)) yield decodeLossy(bytes);
  }
  yield decodeLossy(splitter.finish()?.bytes ?? new Uint8Array());
}

/** A file without some of its lines, those that stay byte for byte. What follows the last end of a line is a line, too. */
export function withoutLines(bytes: Uint8Array, isGone: (line: string) => boolean): Uint8Array {
  const left = new Uint8Array(bytes.length);
  let size = 0;
  for (let from = 0; from < bytes.length; ) {
    const found = bytes.indexOf(newline, from);
    const to = found === -1 ? bytes.length : found + 1;
    const line = bytes.subarray(from, to);
    if (!isGone(decodeLossy(found === -1 ? line : line.subarray(0, -1)))) {
      left.set(line, size);
      size += line.length;
    }
    from = to;
  }
  return left.subarray(0, size);
}

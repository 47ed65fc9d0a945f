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

/**
 * Whether a stretch of some bytes holds one of some words; asked from the front to the end. What holds none need not be made a
 * string: of a large file that would be as much again, and the file would live long enough to be collected late.
 */
export function holdsOneOf(bytes: Uint8Array, words: readonly string[]): (from: number, to: number) => boolean {
  const within = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const sought = words.map((word) => ({ word: Buffer.from(word), next: -1 }));
  return (from, to) => {
    for (const each of sought) {
      if (each.next < from) {
        const found = within.indexOf(each.word, from);
        each.next = found === -1 ? Number.POSITIVE_INFINITY : found;
      }
      if (each.next + each.word.length <= to) return true;
    }
    return false;
  };
}

/**
 * A file without some of its lines, those that stay byte for byte; the same bytes where all stay. What follows the last end of a
 * line is a line, too. Of a line that `mayGo` lets stay, by where it lies, `isGone` is not asked.
 */
export function withoutLines(
  bytes: Uint8Array,
  isGone: (line: string) => boolean,
  mayGo: (from: number, to: number) => boolean = () => true,
): Uint8Array {
  const gone: { from: number; to: number }[] = [];
  for (let from = 0; from < bytes.length; ) {
    const found = bytes.indexOf(newline, from);
    const [end, to] = found === -1 ? [bytes.length, bytes.length] : [found, found + 1];
    if (mayGo(from, end) && isGone(decodeLossy(bytes.subarray(from, end)))) gone.push({ from, to });
    from = to;
  }
  return gone.length === 0 ? bytes : without(bytes, gone);
}

function without(bytes: Uint8Array, gone: readonly { from: number; to: number }[]): Uint8Array {
  const left = new Uint8Array(gone.reduce((size, { from, to }) => size - (to - from), bytes.length));
  let [read, size] = [0, 0];
  for (const { from, to } of [...gone, { from: bytes.length, to: bytes.length }]) {
    left.set(bytes.subarray(read, from), size);
    size += from - read;
    read = to;
  }
  return left;
}

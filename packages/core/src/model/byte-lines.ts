import { decodeLossy } from "../ports/bytes.ts";

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

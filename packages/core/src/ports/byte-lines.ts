import { decodeLossy, wholeOf } from "./bytes.ts";

const newline = 0x0a;

/**
 * The lines of a file without their ends, a line at a time: a file may be longer than a string can be. Only those that hold one of
 * some words, where there are any.
 */
export function* linesIn(bytes: Uint8Array, holding?: readonly string[]): Generator<string> {
  const isSought = holding ? holdsOneOf(bytes, holding) : () => true;
  for (let from = 0; from <= bytes.length; ) {
    const found = bytes.indexOf(newline, from);
    const to = found === -1 ? bytes.length : found;
    if (isSought(from, to)) yield decodeLossy(bytes.subarray(from, to));
    from = to + 1;
  }
}

const partBytes = 256 * 1024;

/**
 * The same of a file on disk, of which no more is held than a part and a line, always in the same place. `fill` puts what comes next
 * there, and gives how many bytes: 0 at the end.
 */
export function* linesByPart(
  fill: (into: Uint8Array) => number,
  sizeBytes: number,
  holding?: readonly string[],
): Generator<string> {
  let buffer = Buffer.alloc(Math.min(partBytes, sizeBytes));
  let held = 0;
  for (let more = fill(buffer); more > 0; more = fill(buffer.subarray(held))) {
    const end = held + more;
    const whole = buffer.lastIndexOf(newline, end - 1) + 1;
    if (whole > 0) yield* linesIn(buffer.subarray(0, whole - 1), holding);
    buffer.copyWithin(0, whole, end);
    held = end - whole;
    if (held === buffer.length) buffer = Buffer.concat([buffer], held * 2);
  }
  yield* linesIn(buffer.subarray(0, held), holding);
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
 * A file without some of its lines, those that stay byte for byte. What follows the last end of a line is a line, too. Of a line
 * that `mayGo` lets stay, by where it lies, `isGone` is not asked.
 */
export const withoutLines = (...given: Parameters<typeof partsWithoutLines>): Uint8Array =>
  wholeOf(partsWithoutLines(...given));

/** The same as parts of these bytes, in order: nothing is copied. */
export function partsWithoutLines(
  bytes: Uint8Array,
  isGone: (line: string) => boolean,
  mayGo: (from: number, to: number) => boolean = () => true,
): Uint8Array[] {
  const parts: Uint8Array[] = [];
  let kept = 0;
  const keepUpTo = (end: number) => void (end > kept && parts.push(bytes.subarray(kept, end)));
  for (let from = 0; from < bytes.length; ) {
    const found = bytes.indexOf(newline, from);
    const [end, to] = found === -1 ? [bytes.length, bytes.length] : [found, found + 1];
    if (mayGo(from, end) && isGone(decodeLossy(bytes.subarray(from, end)))) {
      keepUpTo(from);
      kept = to;
    }
    from = to;
  }
  keepUpTo(bytes.length);
  return parts;
}

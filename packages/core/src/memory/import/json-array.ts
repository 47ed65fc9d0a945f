/** One element of an array, as bytes of JSON; or the reason why reading ends. `read` counts the file's bytes so far. */
export type ArrayElement =
  | { bytes: Uint8Array; number: number; read: number }
  | { refused: string; number: number; read: number };

const elementBytesMax = 128_000_000;
const [quote, backslash, open, close, openBrace, closeBrace, comma] = Buffer.from('"\\[]{},');

/**
 * Parts the JSON array that a file is into its elements, holding one at a time, so that an export of any size can be
 * read and a broken or cut-off end does not take the rest along. What an element holds is not checked.
 */
export function* elementsOf(chunks: Iterable<Uint8Array>): Generator<ArrayElement> {
  let depth = 0;
  let isInString = false;
  let isEscaped = false;
  let number = 0;
  let read = 0;
  let size = 0;
  let parts: Uint8Array[] = [];
  const element = (): ArrayElement => {
    number += 1;
    const bytes = Buffer.concat(parts);
    const isTooLarge = size > elementBytesMax;
    [parts, size] = [[], 0];
    return isTooLarge ? { refused: "It is larger than 128 MB.", number, read } : { bytes, number, read };
  };
  for (const chunk of chunks) {
    let start = 0;
    const take = (end: number) => {
      size += end - start;
      if (size > elementBytesMax) parts = [];
      else if (end > start) parts.push(Buffer.from(chunk.subarray(start, end)));
      start = end;
    };
    for (let at = 0; at < chunk.length; at++) {
      const byte = chunk[at] as number;
      if (isInString) {
        if (isEscaped) isEscaped = false;
        else if (byte === backslash) isEscaped = true;
        else if (byte === quote) isInString = false;
        continue;
      }
      if (byte === quote) isInString = true;
      else if (byte === open || byte === openBrace) {
        depth += 1;
        if (depth === 1 && byte === open) start = at + 1;
      } else if (byte === close || byte === closeBrace) {
        depth -= 1;
        if (depth > 0) continue;
        take(at);
        if (parts.some((part) => part.some(isInk)) || size > elementBytesMax) yield element();
        return;
      } else if (byte === comma && depth === 1) {
        take(at);
        yield element();
        start = at + 1;
      }
    }
    if (depth > 0) take(chunk.length);
    read += chunk.length;
  }
  yield {
    refused: depth > 0 ? "The file is cut off here." : "The file is no list of conversations.",
    number: number + 1,
    read,
  };
}

const isInk = (byte: number): boolean => byte > 0x20;

/** A line of a stream of bytes, without its line break. */
export interface Line {
  /** Its beginning only, where it is too long. A view of the chunk, where it came in one. */
  bytes: Uint8Array;
  /** Where it begins in the stream. */
  offset: number;
  isTooLong: boolean;
}

const lineFeed = 0x0a;
const nothing = new Uint8Array();

/**
 * Cuts chunks of bytes into lines, holding no more than one line; a character may be split across chunks. A line of more
 * than `bytesMax` is given as soon as it is too long, once, and the rest of it is dropped. Take all that `push` gives.
 */
export class LineSplitter {
  readonly #bytesMax: number;
  /** The beginning of the line that has not ended yet: so many bytes, and room for more. */
  #held: Uint8Array = nothing;
  #size = 0;
  #isDropping = false;
  /** Where in the stream that line begins. */
  #start = 0;
  /** How much of the stream has come. */
  #read = 0;

  constructor(bytesMax = Number.POSITIVE_INFINITY) {
    this.#bytesMax = bytesMax;
  }

  *push(chunk: Uint8Array): Generator<Line> {
    const base = this.#read;
    this.#read += chunk.length;
    let from = 0;
    for (let end = chunk.indexOf(lineFeed); end !== -1; end = chunk.indexOf(lineFeed, from)) {
      const line = this.#isDropping ? undefined : this.#line(chunk.subarray(from, end));
      from = end + 1;
      [this.#held, this.#size, this.#isDropping, this.#start] = [nothing, 0, false, base + from];
      if (line) yield line;
    }
    if (this.#isDropping) return;
    this.#hold(chunk.subarray(from));
    if (this.#size <= this.#bytesMax) return;
    const line = this.#line(nothing);
    [this.#held, this.#size, this.#isDropping] = [nothing, 0, true];
    yield line;
  }

  /** What came after the last line break. */
  finish(): Line | undefined {
    return this.#size > 0 ? this.#line(nothing) : undefined;
  }

  #line(end: Uint8Array): Line {
    if (this.#size > 0) this.#hold(end);
    const bytes = this.#size > 0 ? this.#held.subarray(0, this.#size) : end;
    const isTooLong = bytes.length > this.#bytesMax;
    return { bytes: isTooLong ? beginning(bytes, this.#bytesMax) : bytes, offset: this.#start, isTooLong };
  }

  #hold(part: Uint8Array): void {
    const size = this.#size + part.length;
    if (size > this.#held.length) {
      const larger = new Uint8Array(Math.max(size, this.#held.length * 2));
      larger.set(this.#held.subarray(0, this.#size));
      this.#held = larger;
    }
    this.#held.set(part, this.#size);
    this.#size = size;
  }
}

/** At most so many bytes, without half a character of UTF-8 at the end. */
function beginning(bytes: Uint8Array, sizeMax: number): Uint8Array {
  let size = sizeMax;
  while (size > 0 && ((bytes[size] ?? 0) & 0xc0) === 0x80) size -= 1;
  return bytes.subarray(0, size);
}

import { StringDecoder } from "node:string_decoder";

/** Cuts a stream of bytes into lines. A line longer than `bytesMax` goes to `onTooLong`, and the rest of it is dropped. */
export class Lines {
  readonly #decoder = new StringDecoder("utf8");
  readonly #bytesMax: number;
  readonly #onLine: (line: string) => void;
  readonly #onTooLong: (beginning: string) => void;
  #text = "";
  #isDropping = false;

  constructor(bytesMax: number, onLine: (line: string) => void, onTooLong: (beginning: string) => void) {
    this.#bytesMax = bytesMax;
    this.#onLine = onLine;
    this.#onTooLong = onTooLong;
  }

  push(chunk: Uint8Array): void {
    const [first = "", ...others] = this.#decoder.write(chunk).split("\n");
    this.#add(first);
    for (const next of others) {
      this.#end();
      this.#add(next);
    }
  }

  /** What came after the last line break counts as a line, too. */
  finish(): void {
    this.#add(this.#decoder.end());
    if (this.#text !== "") this.#end();
  }

  #add(part: string): void {
    if (this.#isDropping) return;
    this.#text += part;
    if (this.#text.length <= this.#bytesMax) return;
    this.#isDropping = true;
    this.#onTooLong(this.#text.slice(0, this.#bytesMax));
    this.#text = "";
  }

  #end(): void {
    if (!this.#isDropping) this.#onLine(this.#text);
    this.#isDropping = false;
    this.#text = "";
  }
}

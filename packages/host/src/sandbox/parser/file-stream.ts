interface Receiver {
  /** It wants the next piece. */
  more(): void;
  whole(kind: string, bytes: Uint8Array): void;
}

interface Incoming {
  kind: string;
  bytes: Uint8Array;
  /** How much of it has come, and how much was asked for. */
  size: number;
  wanted: number;
}

/** Puts together what comes over the channel: a line of JSON that says what follows and how long it is, then its bytes, piece by piece. */
export class FileStream {
  readonly #receiver: Receiver;
  #line = "";
  #file: Incoming | undefined;

  constructor(receiver: Receiver) {
    this.#receiver = receiver;
  }

  push(chunk: Buffer): void {
    if (this.#file) return this.#fill(this.#file, chunk);
    const end = chunk.indexOf("\n");
    this.#line += chunk.toString("utf8", 0, end === -1 ? undefined : end);
    if (end === -1) return;
    const { kind, sizeBytes } = JSON.parse(this.#line) as { kind: string; sizeBytes: number };
    this.#line = "";
    this.#file = { kind, bytes: new Uint8Array(sizeBytes), size: 0, wanted: 0 };
    this.#fill(this.#file, chunk.subarray(end + 1));
  }

  #fill(file: Incoming, chunk: Buffer): void {
    file.bytes.set(chunk, file.size);
    file.size += chunk.length;
    if (file.size === file.bytes.length) {
      this.#file = undefined;
      this.#receiver.whole(file.kind, file.bytes);
    } else if (file.size === file.wanted) {
      file.wanted = Math.min(file.size + pieceBytes, file.bytes.length);
      this.#receiver.more();
    }
  }
}

/** What is sent each time that more is asked for; the last piece is what is left. */
export const pieceBytes = 2 ** 20;

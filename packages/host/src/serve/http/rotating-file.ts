import * as fs from "node:fs";
import * as path from "node:path";

/** A log that never grows beyond two files: when it is full, it takes the place of the one before. */
export class RotatingFile implements Disposable {
  readonly #file: string;
  readonly #bytesMax: number;
  #open: number;
  #size: number;
  #lost = 0;
  /** The last line ends where the disk was full. */
  #isTorn = false;

  constructor(file: string, bytesMax: number) {
    this.#file = file;
    this.#bytesMax = bytesMax;
    fs.mkdirSync(path.dirname(file), { recursive: true, mode: 0o700 });
    this.#open = fs.openSync(file, "a", 0o600);
    this.#size = fs.fstatSync(this.#open).size;
  }

  /** A disk that is full stops the log, not who writes it; how many lines were lost, the log says when it goes on. */
  write(line: string): void {
    try {
      if (this.#lost > 0) this.#append(`${JSON.stringify({ level: 40, time: Date.now(), lost: this.#lost })}\n`);
      this.#lost = 0;
      this.#append(line);
    } catch {
      this.#lost += 1;
    }
  }

  [Symbol.dispose](): void {
    fs.closeSync(this.#open);
  }

  #append(line: string): void {
    if (this.#size > 0 && this.#size + Buffer.byteLength(line) > this.#bytesMax) this.#rotate();
    const bytes = Buffer.from((this.#isTorn ? "\n" : "") + line);
    const written = fs.writeSync(this.#open, bytes);
    this.#size += written;
    this.#isTorn = written < bytes.length;
    if (this.#isTorn) throw new Error("The disk is full.");
  }

  #rotate(): void {
    fs.renameSync(this.#file, before(this.#file));
    const next = fs.openSync(this.#file, "a", 0o600);
    fs.closeSync(this.#open);
    this.#open = next;
    this.#size = 0;
    this.#isTorn = false;
  }
}

const before = (file: string): string => file.replace(/(\.\w+)?$/, ".1$1");

import type * as net from "node:net";
import type { Readable, Writable } from "node:stream";
import type { Sink, Source } from "@mh/core/ports/executor.ts";

/** A stream from a process that may not be there yet. It flows whether somebody listens or not. */
export class LateSource implements Source {
  readonly #listeners: { onChunk: (chunk: Uint8Array) => void; onEnd: (() => void) | undefined }[] = [];

  listen(onChunk: (chunk: Uint8Array) => void, onEnd?: () => void): void {
    this.#listeners.push({ onChunk, onEnd });
  }

  /** `keep` gives what of a chunk is passed on. */
  attach(stream: Readable, keep: (chunk: Buffer) => Buffer): void {
    stream.on("data", (chunk: Buffer) => {
      const kept = keep(chunk);
      if (kept.length > 0) for (const { onChunk } of this.#listeners) onChunk(kept);
    });
    stream.on("end", () => {
      for (const { onEnd } of this.#listeners) onEnd?.();
    });
    // How the process ended, its exit says.
    stream.on("error", () => undefined);
  }
}

/** A stream to a process that may not be there yet; what is written meanwhile waits. */
export class LateSink implements Sink {
  #stream: Writable | undefined;
  #waiting: (string | Uint8Array)[] = [];
  #isClosed = false;

  write(data: string | Uint8Array): void {
    if (this.#isClosed) return;
    if (this.#stream?.writable) this.#stream.write(data);
    else if (!this.#stream) this.#waiting.push(data);
  }

  get unreadBytes(): number {
    return this.#stream?.writableLength ?? this.#waiting.reduce((sum, data) => sum + data.length, 0);
  }

  get isOpen(): boolean {
    return !this.#isClosed && (this.#stream?.writable ?? true);
  }

  attach(stream: Writable): void {
    stream.on("error", () => undefined);
    this.#stream = stream;
    for (const data of this.#waiting) stream.write(data);
    this.#waiting = [];
    if (this.#isClosed) stream.destroy();
  }

  close(): void {
    this.#isClosed = true;
    this.#waiting = [];
    this.#stream?.destroy();
  }
}

/** Both directions of one descriptor. */
export class LateChannel implements Source, Sink {
  readonly #source = new LateSource();
  readonly #sink = new LateSink();

  listen(onChunk: (chunk: Uint8Array) => void, onEnd?: () => void): void {
    this.#source.listen(onChunk, onEnd);
  }

  write(data: string | Uint8Array): void {
    this.#sink.write(data);
  }

  get unreadBytes(): number {
    return this.#sink.unreadBytes;
  }

  get isOpen(): boolean {
    return this.#sink.isOpen;
  }

  attach(socket: net.Socket): void {
    this.#source.attach(socket, (chunk) => chunk);
    this.#sink.attach(socket);
  }

  close(): void {
    this.#sink.close();
  }
}

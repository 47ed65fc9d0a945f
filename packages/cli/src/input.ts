import * as fs from "node:fs";
import { Fault } from "@mh/contract/values/fault.ts";
import { decodeUtf8 } from "@mh/core/ports/bytes.ts";
import { readNamed } from "@mh/host/adapters/plain-file.ts";

/** All of standard input, as text. */
export function readStdin(): string {
  const chunks: Buffer[] = [];
  const chunk = Buffer.alloc(65_536);
  for (;;) {
    try {
      const read = fs.readSync(0, chunk);
      if (read === 0) break;
      chunks.push(Buffer.from(chunk.subarray(0, read)));
    } catch (error) {
      const { code } = error as NodeJS.ErrnoException;
      if (code === "EOF") break;
      if (code !== "EAGAIN") throw error;
      Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 5);
    }
  }
  const text = decodeUtf8(Buffer.concat(chunks));
  if (text === undefined) throw new Fault("usage", "Standard input is not UTF-8 text.");
  return text;
}

/** A file that the person named, as text; `-` is standard input. */
export function readTextFile(file: string): string {
  if (file === "-") return readStdin();
  let bytes: Buffer;
  try {
    bytes = readNamed(file);
  } catch (cause) {
    throw new Fault("file.not-found", `${file} cannot be read. Check the path.`, { cause });
  }
  const text = decodeUtf8(bytes);
  if (text === undefined) throw new Fault("usage", `${file} is not UTF-8 text.`);
  return text;
}

/** Text given as words on the command line, or on standard input as `-`. */
export function textOf(words: readonly string[]): string {
  return words.length === 1 && words[0] === "-" ? readStdin().replace(/\n$/, "") : words.join(" ");
}

/** Whether a person at a terminal would have to type it, in plain sight. */
export const isStdinTyped = (): boolean => process.getBuiltinModule("node:tty").isatty(0);

/** Lines that a person types, as `node:readline` has them. */
export interface TypedLines {
  on(event: "line", listener: (line: string) => void): unknown;
  on(event: "SIGINT" | "close", listener: () => void): unknown;
  prompt(): void;
  close(): void;
}

/** Lines as they are typed at a terminal, each edited and recalled there; Ctrl-C is an event of theirs. */
export function typedLines(): TypedLines {
  const { createInterface } = process.getBuiltinModule("node:readline");
  return createInterface({ input: process.stdin, output: process.stderr, prompt: "› ", terminal: true });
}

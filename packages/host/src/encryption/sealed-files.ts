import { stopPath } from "@mh/core/kernel/stop-path.ts";
import { linesIn } from "@mh/core/ports/byte-lines.ts";
import { type Parts, wholeOf } from "@mh/core/ports/bytes.ts";
import type { AppendFile, Files } from "@mh/core/ports/files.ts";
import { type Cipher, isSealedFile, isSealedLine } from "./cipher.ts";
import { sealedNames } from "./sealed-names.ts";

/**
 * The files of an encrypted home: sealed on their way to the disk and opened on their way back, files of lines line by line,
 * others whole, and under sealed names. Sizes and offsets are those of what is stored. What lies there unsealed, from before or by hand, reads as it
 * is. What does not open (changed, or another home's) reads as the sealed bytes that it is: no reader takes those for
 * words, and one broken file does not keep the home from opening.
 */
export function sealedFiles(stored: Files, cipher: Cipher): Files {
  const files = sealedNames(stored, cipher.names);
  return {
    ...files,
    read(path, end) {
      const stored = files.read(path, end);
      return stored && !isStoredAsIs(path) ? opened(cipher, path, stored) : stored;
    },
    *lines(path, holding) {
      const isSought = (line: string) => holding?.some((word) => line.includes(word)) ?? true;
      if (isOfLines(path) && !isStoredAsIs(path) && !isSealedFile(files.readPart(path, 0, headBytes) ?? none))
        for (const stored of files.lines(path)) {
          const line = Buffer.from(openedLine(cipher, Buffer.from(stored))).toString();
          if (isSought(line)) yield line;
        }
      else if (files.facts(path)) yield* linesIn(this.read(path) ?? none, holding);
    },
    open(path) {
      const file = files.open(path);
      return isStoredAsIs(path) ? file : new SealedAppendFile(file, cipher);
    },
    replace(path, bytes) {
      files.replace(path, isStoredAsIs(path) ? bytes : sealed(cipher, path, bytes));
    },
  };
}

/** What says nothing, and the log: its records are sealed one by one before they are chained. */
const isStoredAsIs = (path: string): boolean =>
  path === "home.json" || path === stopPath || path.startsWith("logs/audit/");

/** Whether what is stored of a file is sealed, all of it. */
export function isWhollySealed(path: string, stored: Uint8Array): boolean {
  if (isSealedFile(stored)) return true;
  return isOfLines(path) && linesOf(stored).every((line) => line.length === 0 || isSealedLine(line));
}

const headBytes = 64;
const none = new Uint8Array();

const isOfLines = (path: string): boolean => path.endsWith(".ndjson");

function sealed(cipher: Cipher, path: string, bytes: Parts): Parts {
  if (!isOfLines(path)) return cipher.sealFile(path, wholeOf(bytes));
  return bytes instanceof Uint8Array ? sealedLines(cipher, bytes) : sealedParts(cipher, bytes);
}

function* sealedParts(cipher: Cipher, parts: Iterable<Uint8Array>): Generator<Uint8Array> {
  for (const part of parts) yield sealedLines(cipher, part);
}

function sealedLines(cipher: Cipher, bytes: Uint8Array): Uint8Array {
  return joined(linesOf(bytes).map((line) => (line.length === 0 || isSealedLine(line) ? line : cipher.sealLine(line))));
}

function opened(cipher: Cipher, path: string, stored: Uint8Array): Uint8Array {
  try {
    if (isSealedFile(stored)) return cipher.openFile(path, stored);
  } catch {
    return stored;
  }
  return isOfLines(path) ? joined(linesOf(stored).map((line) => openedLine(cipher, line))) : stored;
}

function openedLine(cipher: Cipher, line: Uint8Array): Uint8Array {
  if (!isSealedLine(line)) return line;
  try {
    return cipher.openLine(line);
  } catch {
    return line;
  }
}

/** Each without its line end; the last is what follows the last of these. */
function linesOf(bytes: Uint8Array): Uint8Array[] {
  const lines: Uint8Array[] = [];
  let start = 0;
  for (let end = bytes.indexOf(0x0a); end !== -1; end = bytes.indexOf(0x0a, start)) {
    lines.push(bytes.subarray(start, end));
    start = end + 1;
  }
  lines.push(bytes.subarray(start));
  return lines;
}

const newline = Buffer.from("\n");

function joined(lines: readonly Uint8Array[]): Uint8Array {
  return Buffer.concat(lines.flatMap((line, n) => (n === 0 ? [line] : [newline, line])));
}

class SealedAppendFile implements AppendFile {
  readonly #file: AppendFile;
  readonly #cipher: Cipher;

  constructor(file: AppendFile, cipher: Cipher) {
    this.#file = file;
    this.#cipher = cipher;
  }

  get size(): number {
    return this.#file.size;
  }

  get isOwn(): boolean {
    return this.#file.isOwn;
  }

  append(bytes: Uint8Array): void {
    this.#file.append(sealedLines(this.#cipher, bytes));
  }

  sync(): Promise<void> {
    return this.#file.sync();
  }

  truncate(size: number): void {
    this.#file.truncate(size);
  }

  [Symbol.dispose](): void {
    this.#file[Symbol.dispose]();
  }
}

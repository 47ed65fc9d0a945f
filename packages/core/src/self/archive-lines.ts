import { type SelfForgotten, type SelfHistory, selfForgottenSchema } from "@mh/contract/self.ts";
import type { MemoryRecord } from "@mh/contract/values/memory.ts";
import type { z } from "zod";
import { parseLine } from "../memory/read-lines.ts";
import { decodeUtf8, joined } from "../ports/bytes.ts";
import type { Files } from "../ports/files.ts";
import { forgottenName, memoriesName, type OpenedArchive, revisionsName } from "./archive.ts";
import { unreadable } from "./manifest.ts";

type Line = SelfHistory["last"];

/** Where something stands in a file of an archive. */
export interface Placed<T> {
  value: T;
  from: number;
  to: number;
}

/** Throws `self.unreadable` with the place of a line that is not what it should be, or comes twice. */
export function* memoriesIn(archive: OpenedArchive): Generator<MemoryRecord> {
  let last = "";
  for (const { value } of parsedLines(archive, memoriesName, memoryLine, (line) => {
    if (line.op !== "put") return "is no memory";
    if (line.id <= last) return "is not in the order of ids";
    last = line.id;
    return undefined;
  }))
    yield value as MemoryRecord;
}

/** What memories said before, in no order. */
export const revisionsIn = (archive: OpenedArchive): Generator<Placed<Line>> =>
  parsedLines(archive, revisionsName, memoryLine);

export function* forgottenIn(archive: OpenedArchive): Generator<SelfForgotten> {
  for (const { value } of parsedLines(archive, forgottenName, bySchema(selfForgottenSchema()))) yield value;
}

/** One line of them again. */
export function revisionAt({ files }: OpenedArchive, from: number, to: number): Line {
  return memoryLine(decodeUtf8(files.readPart(revisionsName, from, to) ?? new Uint8Array()) ?? "") as Line;
}

function memoryLine(text: string): Line | string {
  const line = parseLine(text, true);
  if (typeof line === "string") return `is not what it should be: ${line || "it is empty"}`;
  return line.op === "tombstone" ? "is no revision" : line;
}

export const bySchema =
  <T>(schema: z.ZodType<T>) =>
  (text: string): T | string => {
    let value: unknown;
    try {
      value = JSON.parse(text);
    } catch {
      return "is no JSON";
    }
    const parsed = schema.safeParse(value);
    return parsed.success ? parsed.data : "is not what it should be";
  };

/** `parse` gives a value, or what is wrong with the line; `check` what is wrong with a value where it stands. */
export function* parsedLines<T extends object>(
  archive: OpenedArchive,
  name: string,
  parse: (text: string) => T | string,
  check: (value: T) => string | undefined = () => undefined,
): Generator<Placed<T>> {
  if (!archive.manifest.entries.some(({ path }) => path === name)) return;
  let number = 0;
  const refuse = (why: string) => unreadable(`${name} line ${number} ${why}`);
  for (const { bytes, from, to } of splitLines(archive.files, name)) {
    number += 1;
    if (bytes === undefined) throw refuse("is longer than any");
    const text = decodeUtf8(bytes);
    const value = text === undefined ? "is not UTF-8" : parse(text);
    if (typeof value === "string") throw refuse(value);
    const wrong = check(value);
    if (wrong !== undefined) throw refuse(wrong);
    yield { value, from, to };
  }
}

const partBytes = 1 << 20;
const lineBytesMax = 64_000_000;

/** A line ends with a line feed and with nothing else: JSON may hold every other separator. */
function* splitLines(
  files: Pick<Files, "readPart">,
  path: string,
): Generator<{ bytes: Uint8Array | undefined; from: number; to: number }> {
  let held: Uint8Array = new Uint8Array();
  let from = 0;
  for (;;) {
    const part = files.readPart(path, from + held.length, from + held.length + partBytes) ?? new Uint8Array();
    if (part.length === 0) break;
    const bytes = held.length === 0 ? part : joined([held, part]);
    let at = 0;
    for (let end = bytes.indexOf(0x0a); end !== -1; end = bytes.indexOf(0x0a, at)) {
      yield { bytes: bytes.subarray(at, end), from: from + at, to: from + end };
      at = end + 1;
    }
    held = bytes.subarray(at);
    from += at;
    if (held.length <= lineBytesMax) continue;
    yield { bytes: undefined, from, to: from };
    return;
  }
  if (held.length > 0) yield { bytes: held, from, to: from + held.length };
}

import { once } from "@mh/contract/once.ts";
import { memoryRecordSchema } from "@mh/contract/values/memory.ts";
import { z } from "zod";
import type { LineMarks } from "../memory/hand-written.ts";
import { linesIn, withoutLines } from "../model/byte-lines.ts";
import { canonical } from "../model/canonical.ts";
import { joined, utf8 } from "../ports/bytes.ts";

const lineSchema = once(() =>
  z.union([memoryRecordSchema(), z.strictObject({ document: z.string(), text: z.string() })]),
);
export type SnapshotLine = z.infer<ReturnType<typeof lineSchema>>;

export interface Snapshot {
  /** `unsealed`: it is of before snapshots had a seal, and nobody can tell. */
  state: "sound" | "damaged" | "unsealed";
  /** Its lines with their numbers in the file, read one at a time: null for what is none. */
  lines: () => Generator<{ number: number; line: SnapshotLine | null }>;
}

const partLength = 1_000_000;

/** A snapshot: a header, a line for each thing, and a seal over them all. It may be longer than a string can be. */
export function snapshotBytes(marks: LineMarks, header: object, lines: Iterable<string>): Uint8Array {
  const seal = new Seal(marks);
  const parts: Uint8Array[] = [];
  let text = `${seal.with(canonical({ v: 2, ...header }))}\n`;
  for (const line of lines) {
    text += `${seal.with(line)}\n`;
    if (text.length < partLength) continue;
    parts.push(utf8.encode(text));
    text = "";
  }
  parts.push(utf8.encode(`${text}${seal.line}\n`));
  return joined(parts);
}

export function readSnapshot(marks: LineMarks, bytes: Uint8Array): Snapshot {
  const { isSealed, isSound } = sealOf(marks, bytes);
  const lines = () => linesOf(bytes);
  const isReadable = () => lines().every(({ line }) => line !== null);
  if (!(isSealed ? isSound : isReadable())) return { state: "damaged", lines };
  return { state: isSealed ? "sound" : "unsealed", lines };
}

/** Seals a snapshot anew from which something was taken out for good. One that did not fit its seal fits it no more than before. */
export function resealed(marks: LineMarks, before: Uint8Array, after: Uint8Array): Uint8Array {
  if (after.length === before.length || !sealOf(marks, before).isSound) return after;
  const seal = new Seal(marks);
  for (const line of linesIn(after)) if (line !== "" && !isSeal(line)) seal.with(line);
  return joined([withoutLines(after, isSeal), utf8.encode(`${seal.line}\n`)]);
}

/** A sum over lines, each of which goes into it with the sum of those before. */
class Seal {
  readonly #marks: LineMarks;
  #sum = "";

  constructor(marks: LineMarks) {
    this.#marks = marks;
  }

  with(line: string): string {
    const { crypto, lineKey } = this.#marks;
    this.#sum = crypto.hmacHex(lineKey, `${this.#sum}\n${line}`);
    return line;
  }

  get line(): string {
    return canonical({ seal: this.#sum });
  }
}

function* linesOf(bytes: Uint8Array): ReturnType<Snapshot["lines"]> {
  let number = 0;
  for (const stored of linesIn(bytes)) {
    number += 1;
    if (number === 1 || stored === "" || isSeal(stored)) continue;
    yield { number, line: lineSchema().safeParse(parsed(stored)).data ?? null };
  }
}

/** Whether there is a seal, and whether everything before it is as it was sealed, with nothing between or behind. */
function sealOf(marks: LineMarks, bytes: Uint8Array): { isSealed: boolean; isSound: boolean } {
  const seal = new Seal(marks);
  let [isBody, isSound, hasSeal, behind] = [true, false, false, 0];
  for (const line of linesIn(bytes)) {
    hasSeal ||= isSeal(line);
    if (!isBody) {
      behind += 1;
      isSound &&= line === "";
    } else if (line === "" || isSeal(line)) {
      isBody = false;
      isSound = line === seal.line;
    } else seal.with(line);
  }
  const [header = ""] = linesIn(bytes);
  // Behind it is the end of its line alone.
  return { isSealed: hasSeal || parsed(header)?.v !== 1, isSound: isSound && behind === 1 };
}

const isSeal = (line: string): boolean => /^\{"seal":"[0-9a-f]*"\}$/.test(line);

function parsed(line: string): { v?: unknown } | undefined {
  try {
    return JSON.parse(line) as { v?: unknown };
  } catch {
    return undefined;
  }
}

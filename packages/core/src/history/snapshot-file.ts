import { once } from "@mh/contract/once.ts";
import { Fault } from "@mh/contract/values/fault.ts";
import { memoryRecordSchema } from "@mh/contract/values/memory.ts";
import { z } from "zod";
import type { LineMarks } from "../memory/hand-written.ts";
import { canonical } from "../model/canonical.ts";
import { linesIn, withoutLines } from "../ports/byte-lines.ts";
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

/** A snapshot, a part at a time, as often as it is asked for: a header, a line for each thing, and a seal over them all. */
export function snapshotParts(
  marks: LineMarks,
  header: object,
  lines: () => Iterable<string>,
): () => Generator<Uint8Array> {
  let sealed: string | undefined;
  return function* () {
    const seal = new Seal(marks);
    // The same lines have the same seal.
    const withSeal = (line: string) => (sealed === undefined ? seal.with(line) : line);
    let text = `${withSeal(canonical({ v: 2, ...header }))}\n`;
    for (const line of lines()) {
      text += `${withSeal(line)}\n`;
      if (text.length < partLength) continue;
      yield utf8.encode(text);
      text = "";
    }
    sealed ??= seal.line;
    yield utf8.encode(`${text}${sealed}\n`);
  };
}

/**
 * `read` gives its lines, each time from the first: it is read once to be compared with its seal, and again for what it says. What
 * is not what was compared is refused at the end.
 */
export function readSnapshot(marks: LineMarks, read: () => Iterable<string>): Snapshot {
  const compared = sealOf(marks, read());
  const { isSealed, isSound } = compared;
  const lines = () => linesOf(marks, read(), compared);
  const isReadable = () => lines().every(({ line }) => line !== null);
  if (!(isSealed ? isSound : isReadable())) return { state: "damaged", lines };
  return { state: isSealed ? "sound" : "unsealed", lines };
}

/** Seals a snapshot anew from which something was taken out for good. One that did not fit its seal fits it no more than before. */
export function resealed(marks: LineMarks, before: Uint8Array, after: Uint8Array): Uint8Array {
  if (after.length === before.length || !sealOf(marks, linesIn(before)).isSound) return after;
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

function* linesOf(marks: LineMarks, all: Iterable<string>, compared: Compared): ReturnType<Snapshot["lines"]> {
  let number = 0;
  let [isBody, isMore] = [true, false];
  const seal = new Seal(marks);
  for (const stored of all) {
    number += 1;
    isBody &&= stored !== "" && !isSeal(stored);
    if (isBody) seal.with(stored);
    if (number === 1 || stored === "" || isSeal(stored)) continue;
    isMore ||= !isBody;
    yield { number, line: lineSchema().safeParse(parsed(stored)).data ?? null };
  }
  if (seal.line !== compared.sum || (compared.isSound && isMore))
    throw new Fault("snapshot.damaged", "The snapshot was changed while it was read. Nothing of it was taken.");
}

interface Compared {
  isSealed: boolean;
  isSound: boolean;
  /** What the lines before the seal add up to. */
  sum: string;
}

/** Whether there is a seal, and whether everything before it is as it was sealed, with nothing between or behind. */
function sealOf(marks: LineMarks, lines: Iterable<string>): Compared {
  const seal = new Seal(marks);
  let header: string | undefined;
  let [isBody, isSound, hasSeal, behind] = [true, false, false, 0];
  for (const line of lines) {
    header ??= line;
    hasSeal ||= isSeal(line);
    if (!isBody) {
      behind += 1;
      isSound &&= line === "";
    } else if (line === "" || isSeal(line)) {
      isBody = false;
      isSound = line === seal.line;
    } else seal.with(line);
  }
  // Behind it is the end of its line alone.
  const isSealed = hasSeal || parsed(header ?? "")?.v !== 1;
  return { isSealed, isSound: isSound && behind === 1, sum: seal.line };
}

const isSeal = (line: string): boolean => /^\{"seal":"[0-9a-f]*"\}$/.test(line);

function parsed(line: string): { v?: unknown } | undefined {
  try {
    return JSON.parse(line) as { v?: unknown };
  } catch {
    return undefined;
  }
}

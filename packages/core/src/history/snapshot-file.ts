import { once } from "@mh/contract/once.ts";
import { memoryRecordSchema } from "@mh/contract/values/memory.ts";
import { z } from "zod";
import type { LineMarks } from "../memory/hand-written.ts";
import { canonical } from "../model/canonical.ts";

const lineSchema = once(() =>
  z.union([memoryRecordSchema(), z.strictObject({ document: z.string(), text: z.string() })]),
);
export type SnapshotLine = z.infer<ReturnType<typeof lineSchema>>;

export interface Snapshot {
  /** `unsealed`: it is of before snapshots had a seal, and nobody can tell. */
  state: "sound" | "damaged" | "unsealed";
  /** With their numbers in the file. */
  lines: { number: number; line: SnapshotLine }[];
  /** Numbers of lines that are none. */
  unreadable: number[];
}

/** The text of a snapshot: a header, a line for each thing, and a seal over them all. */
export function snapshotText(marks: LineMarks, header: object, lines: readonly string[]): string {
  return sealed(marks, [canonical({ v: 2, ...header }), ...lines]);
}

export function readSnapshot(marks: LineMarks, text: string): Snapshot {
  const all = text.split("\n");
  const isSealed = parsed(all[0] ?? "")?.v !== 1 || all.some(isSeal);
  const stored = all.map((line, n) => ({ number: n + 1, line })).filter(({ line }) => line !== "");
  const found = stored.slice(1).filter(({ line }) => !isSeal(line));
  const read = found.map(({ number, line }) => ({ number, line: lineSchema().safeParse(parsed(line)).data }));
  const unreadable = read.filter(({ line }) => line === undefined).map(({ number }) => number);
  const lines = read.flatMap(({ number, line }) => (line === undefined ? [] : [{ number, line }]));
  const isSound = isSealed ? isAsSealed(marks, text) : unreadable.length === 0;
  return { state: !isSound ? "damaged" : isSealed ? "sound" : "unsealed", lines, unreadable };
}

/** Seals a snapshot anew from which something was taken out for good. One that did not fit its seal fits it no more than before. */
export function resealed(marks: LineMarks, before: string, after: string): string {
  if (after === before || !isAsSealed(marks, before)) return after;
  return sealed(
    marks,
    after.split("\n").filter((line) => line !== "" && !isSeal(line)),
  );
}

const isAsSealed = (marks: LineMarks, text: string): boolean =>
  text ===
  sealed(
    marks,
    text.split("\n").filter((line) => line !== "" && !isSeal(line)),
  );

function sealed({ crypto, lineKey }: LineMarks, lines: readonly string[]): string {
  const seal = lines.reduce((sum, line) => crypto.hmacHex(lineKey, `${sum}\n${line}`), "");
  return `${[...lines, canonical({ seal })].join("\n")}\n`;
}

const isSeal = (line: string): boolean => /^\{"seal":"[0-9a-f]*"\}$/.test(line);

function parsed(line: string): { v?: unknown } | undefined {
  try {
    return JSON.parse(line) as { v?: unknown };
  } catch {
    return undefined;
  }
}

import { decisionOptionSchema, decisionViewSchema } from "@mh/contract/decision.ts";
import { once } from "@mh/contract/once.ts";
import { bearingSchema } from "@mh/contract/persona-query.ts";
import { z } from "zod";
import type { DecisionRow } from "./decisions-table.ts";

/** What a decision was about and how each score came about; the words may be erased, the figures stay in the log. */
const wordsSchema = once(() =>
  z.object({
    situation: z.string(),
    bearings: z.array(bearingSchema()).optional(),
    options: z.array(
      decisionOptionSchema().extend({
        parts: decisionViewSchema().shape.options.element.shape.parts,
        reason: z.string().optional(),
      }),
    ),
  }),
);
export type Words = z.infer<ReturnType<typeof wordsSchema>>;

export interface Reading {
  /** The object's text while it still is what its name says. */
  readObject: (name: string) => string | undefined;
}

/** The options' names; their numbers once the words were erased. */
export const nameOfAll = (row: DecisionRow, words: Words | undefined): string[] =>
  row.options.map((_, n) => words?.options[n]?.name ?? `option ${n + 1}`);

export function wordsOf({ readObject }: Reading, { object }: DecisionRow): Words | undefined {
  const text = object === "" ? undefined : readObject(object);
  return text === undefined ? undefined : wordsSchema().parse(JSON.parse(text));
}

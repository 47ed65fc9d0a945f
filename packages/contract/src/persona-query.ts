import { z } from "zod";
import { defineContract } from "./contract.ts";
import { once } from "./once.ts";

export const bearingSchema = once(() =>
  z.strictObject({
    kind: z.enum([
      "persona",
      "value",
      "goal",
      "relationship",
      "routine",
      "rule",
      "preference",
      "person",
      "task",
      "event",
    ]),
    text: z.string(),
    source: z
      .string()
      .describe(
        "Where it stands: `persona/values.md:3` is line 3 of that file, `memory:ID` a memory, `task:ID` a task",
      ),
    score: z.number().describe("How much it bears on the situation, beside the others"),
    why: z.string().describe("Why it bears on it"),
  }),
);
export type Bearing = z.infer<ReturnType<typeof bearingSchema>>;

export const personaQuery = defineContract({
  name: "persona.query",
  kind: "query",
  title: "See what of who you are bears on a situation",
  input: () =>
    z.strictObject({
      situation: z.string().trim().min(1).max(20_000).describe("What is the matter, in plain words"),
      limit: z.number().int().min(1).max(100).default(12).describe("How much at most"),
    }),
  output: () =>
    z.strictObject({
      bearings: z
        .array(bearingSchema())
        .describe("Of persona, values, goals, people, routines, rules and preferences: what bears most first"),
    }),
  examples: [{ title: "Before an answer", args: { situation: "Sarah asks for a call on Friday evening" } }],
  provenance: { private: true },
});

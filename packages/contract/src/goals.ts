import { z } from "zod";
import { defineContract } from "./contract.ts";
import { once } from "./once.ts";
import { reasonSchema } from "./persona.ts";
import { taskBriefSchema } from "./tasks.ts";
import { goalSchema } from "./values/goal.ts";
import { horizons } from "./values/horizons.ts";
import { contentSchema } from "./values/text.ts";

const title = contentSchema.refine(
  (text) => text.length <= 300 && !/[\n{}]/.test(text),
  "a goal is one line without braces",
);
const nameSchema = z
  .string()
  .trim()
  .min(1)
  .max(300)
  .describe("Its name or its words, or a part of them that fits no other");

export const goalList = defineContract({
  name: "goal.list",
  kind: "query",
  title: "List your goals, with how far each has come",
  input: () =>
    z.strictObject({
      horizon: z.enum(horizons).optional().describe("Only those of this horizon"),
      all: z.boolean().optional().describe("Those that are done and given up, too"),
    }),
  output: () =>
    z.strictObject({
      goals: z.array(goalSchema()).describe("As a tree: each goal stands before its parts"),
      strays: z
        .array(z.strictObject({ id: z.string(), title: z.string(), goal: z.string() }))
        .describe("Tasks that name a goal which is not there any more"),
    }),
  examples: [{ title: "What you want to reach", args: {} }],
  provenance: { private: true },
});

export const goalShow = defineContract({
  name: "goal.show",
  kind: "query",
  title: "Show a goal with its parts and its tasks",
  input: () => z.strictObject({ goal: nameSchema }),
  output: () =>
    z.strictObject({
      goal: goalSchema(),
      parts: z.array(goalSchema()).describe("Its direct parts"),
      tasks: z.array(taskBriefSchema()).describe("Tasks that name it, those that are open first"),
    }),
  examples: [{ title: "One goal", args: { goal: "ship" } }],
  provenance: { private: true },
});

const written = once(() => z.strictObject({ goal: goalSchema(), path: z.string().describe("The file of goals") }));

export const goalAdd = defineContract({
  name: "goal.add",
  kind: "own",
  title: "Add a goal",
  input: () =>
    z.strictObject({
      title: title.describe("What you want to reach, in a line"),
      horizon: z
        .enum(horizons)
        .optional()
        .describe("How far ahead it lies; left out, that of the goal whose part it is, or else medium"),
      under: nameSchema.optional().describe("The goal whose part it is"),
      due: z.string().max(100).optional().describe("By when, in words or as 2026-05-31"),
      reason: reasonSchema(),
    }),
  output: written,
  examples: [{ title: "Something for this year", args: { title: "Ship the ML project", horizon: "medium" } }],
  event: "persona.updated",
  control: ["title", "under"],
});

export const goalFinish = statusContract("goal.finish", "Say that a goal is reached");
export const goalDrop = statusContract("goal.drop", "Give a goal up");
export const goalReopen = statusContract("goal.reopen", "Take a goal up again");

function statusContract<const Name extends string>(name: Name, title: string) {
  return defineContract({
    name,
    kind: "own",
    title,
    input: () => z.strictObject({ goal: nameSchema, reason: reasonSchema() }),
    output: written,
    examples: [{ title, args: { goal: "ship" } }],
    event: "persona.updated",
    control: ["goal"],
  });
}

// What a task did, and taking all of it back together.
import { z } from "zod";
import { defineContract } from "./contract.ts";
import { once } from "./once.ts";

const which = once(() =>
  z.strictObject({
    task: z
      .string()
      .min(1)
      .max(200)
      .describe(
        "Id of the task, of a plan for it or of a command in it; or a beginning or an end of one of these; or the whole id of an agent's run, for its work",
      ),
  }),
);

const actSchema = once(() =>
  z.strictObject({
    id: z.string().describe("Id of the command"),
    at: z.string().describe("When, ISO 8601 UTC"),
    principal: z.string().describe("Who did it"),
    skill: z.string(),
    title: z.string().describe("What the skill does"),
    about: z.string().describe("A few words of what it wrote, or the file's path; empty where the log keeps none"),
  }),
);
export type TaskAct = z.infer<ReturnType<typeof actSchema>>;

const leftSchema = once(() =>
  actSchema().extend({
    reason: z.string().describe("Why, as the end of a sentence"),
    next: z.string().optional().describe("What can be done about it"),
  }),
);
export type LeftAct = z.infer<ReturnType<typeof leftSchema>>;

export const taskUndoSchema = once(() =>
  z.strictObject({
    task: z.string().describe("Id of the task"),
    fixed: z.array(leftSchema()).describe("What cannot be undone, the latest first"),
    stale: z.array(leftSchema()).describe("What stays because something else changed it since, the latest first"),
    taken: z.array(actSchema()).describe("What is taken back, the latest first"),
    undone: z.array(actSchema()).describe("What was taken back before, the latest first"),
    plans: z.array(z.string()).describe("Plans for the task that are still in force: `mh grant revoke` ends them"),
  }),
);
export type TaskUndo = z.infer<ReturnType<typeof taskUndoSchema>>;

export const historyTask = defineContract({
  name: "history.task",
  kind: "query",
  recovery: true,
  title: "Show what a task did, and what of it can be undone",
  input: which,
  output: taskUndoSchema,
  examples: [{ title: "What undoing a task would take back", args: { task: "7f3a" } }],
});

export const historyUndoTask = defineContract({
  name: "history.undo-task",
  kind: "admin",
  recovery: true,
  title: "Undo all that a task did",
  input: which,
  output: taskUndoSchema,
  examples: [{ title: "Take a whole task back", args: { task: "7f3a" } }],
  event: "history.undone",
  undo: "mh redo",
  control: ["task"],
  subjects: { task: "task" },
});

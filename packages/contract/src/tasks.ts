import { z } from "zod";
import { defineContract, type ProvenanceFacts } from "./contract.ts";
import { once } from "./once.ts";
import { taskPlaces } from "./values/task-place.ts";
import { contentSchema, instantSchema } from "./values/text.ts";

export const taskStatuses = ["open", "started", "done", "dropped"] as const;
export type TaskStatus = (typeof taskStatuses)[number];

const whenText = "a day or a time on the owner's wall, as in 2026-11-27 or 2026-11-27T15:00";

export const taskSchema = once(() =>
  z.strictObject({
    id: z.string().describe("Id of the task"),
    path: z.string().describe("Its file, relative to the home"),
    title: z.string(),
    status: z.enum(taskStatuses),
    project: z.string().nullable(),
    goal: z.string().nullable().describe("Name of the goal that it serves"),
    due: z.string().nullable().describe(`When it must be done: ${whenText}`),
    start: z.string().nullable().describe(`Not before then: ${whenText}`),
    after: z.array(z.string()).describe("Ids of tasks that must be over first"),
    tags: z.array(z.string()),
    created: z.string().nullable().describe("When it was written down, ISO 8601"),
    closed: z.string().nullable().describe("When it was done or dropped, ISO 8601"),
    notes: z.string().describe("The text below, as Markdown"),
    origins: z
      .array(z.string())
      .describe("Who wrote what it says, as `owner`, `agent:<name>`, or `file:<path>` by hand"),
  }),
);
export type TaskRecord = z.infer<ReturnType<typeof taskSchema>>;

const otherTask = once(() => z.strictObject({ id: z.string(), title: z.string() }));

export const taskViewSchema = once(() =>
  taskSchema().extend({
    place: z.enum(taskPlaces).describe("Where it stands in the owner's day"),
    waitsFor: z.array(otherTask()).describe("Tasks that must be over first and are not"),
  }),
);
export type TaskView = z.infer<ReturnType<typeof taskViewSchema>>;

export const taskBriefSchema = once(() =>
  taskSchema().pick({
    id: true,
    title: true,
    status: true,
    project: true,
    due: true,
    start: true,
    path: true,
  }),
);
export type TaskBrief = z.infer<ReturnType<typeof taskBriefSchema>>;

/** Each task says itself who wrote it, as a memory does. */
const taskFacts = (at: string): ProvenanceFacts => ({
  fields: { [`${at}id`]: "record", [`${at}created`]: "record", [`${at}title`]: "label" },
  origins: `${at}origins`,
  ids: { [`${at}id`]: "task" },
  writers: "anyone",
  private: true,
});
const takesTask: ProvenanceFacts = { types: { id: "id" }, takes: { id: "task" } };

const title = contentSchema.refine((text) => text.length <= 500 && !text.includes("\n"), "a title is one line");
const whenWords = z.string().max(100);
const idSchema = z.string().describe("Id of the task, or a beginning or an end of it that fits no other");
const idShown = "019a5b2e-7c41-7d10-9a35-2f6d0c8e4b17";

/** An empty text or list takes a field away. */
const fields = () => ({
  project: z.string().max(200).optional().describe("The project that it belongs to; empty for none"),
  goal: z.string().max(300).optional().describe("The goal that it serves, by its name or its words; empty for none"),
  due: whenWords.optional().describe("When it must be done, in words or as 2026-11-27T15:00; empty for no date"),
  start: whenWords.optional().describe("Not before then, in words or as 2026-11-27; empty for no date"),
  after: z.array(z.string()).max(100).optional().describe("Ids of tasks that must be over first; empty for none"),
  tags: z.array(z.string().min(1).max(100)).max(100).optional().describe("Its tags; empty for none"),
  notes: z.string().max(1_000_000).optional().describe("The text below, as Markdown; empty for none"),
});

export const taskAdd = defineContract({
  name: "task.add",
  kind: "own",
  title: "Add a task",
  input: () => z.strictObject({ title: title.describe("What is to be done, in a line"), ...fields() }),
  output: taskBriefSchema,
  examples: [{ title: "Something for Friday", args: { title: "Call Sarah", due: "friday 15:00", tags: ["phone"] } }],
  event: "task.added",
  subjects: { task: "id" },
});

export const taskEdit = defineContract({
  name: "task.edit",
  kind: "own",
  title: "Change a task",
  input: () =>
    z.strictObject({
      id: idSchema,
      title: title.optional().describe("What is to be done, in a line; as it was where it is left out"),
      ...fields(),
    }),
  output: taskBriefSchema,
  examples: [{ title: "Another day", args: { id: idShown, due: "next monday" } }],
  event: "task.edited",
  subjects: { task: "id" },
  control: ["id"],
  provenance: takesTask,
});

export const taskStart = statusContract("task.start", "task.started", "Begin a task");
export const taskFinish = statusContract("task.finish", "task.finished", "Say that a task is done");
export const taskDrop = statusContract("task.drop", "task.dropped", "Give a task up");
export const taskReopen = statusContract("task.reopen", "task.reopened", "Take a task up again");

function statusContract<const Name extends string>(name: Name, event: string, title: string) {
  return defineContract({
    name,
    kind: "own",
    title,
    input: () => z.strictObject({ id: idSchema }),
    output: taskBriefSchema,
    examples: [{ title, args: { id: idShown } }],
    event,
    subjects: { task: "id" },
    control: ["id"],
    provenance: takesTask,
  });
}

export const taskList = defineContract({
  name: "task.list",
  kind: "query",
  title: "List your tasks",
  input: () =>
    z.strictObject({
      all: z.boolean().optional().describe("Finished and dropped ones, too"),
      status: z.enum(taskStatuses).optional().describe("Only those of this status; else all that are not over"),
      project: z.string().optional().describe("Only those of this project, in whatever case"),
      tag: z.string().optional().describe("Only those with this tag, in whatever case"),
      goal: z.string().optional().describe("Only those that serve this goal, by its name"),
      place: z.enum(taskPlaces).optional().describe("Only those that stand there in your day"),
      limit: z.number().int().min(1).max(1000).optional().describe("How many at most; all where it is left out"),
      after: z
        .string()
        .max(300)
        .optional()
        .describe("The `next` of the page before; the first page where it is left out"),
    }),
  output: () =>
    z.strictObject({
      tasks: z
        .array(taskViewSchema())
        .describe("In the order in which they want attention; those that are over last, the latest first"),
      next: z.string().nullable().describe("What to ask for the next page with; null where this is the last"),
    }),
  examples: [{ title: "What is to be done", args: {} }],
  provenance: taskFacts(""),
});

export const taskCount = defineContract({
  name: "task.count",
  kind: "query",
  title: "Count your tasks",
  input: () => z.strictObject({}),
  output: () =>
    z.strictObject({
      places: z.record(z.enum(taskPlaces), z.number().int()).describe("How many stand where in your day"),
    }),
  examples: [{ title: "How much there is to do", args: {} }],
  provenance: { writers: "self", private: true },
});

export const taskShow = defineContract({
  name: "task.show",
  kind: "query",
  title: "Show one task",
  input: () => z.strictObject({ id: idSchema }),
  output: () =>
    z.strictObject({ task: taskViewSchema(), before: z.array(otherTask()).describe("Tasks that wait for this one") }),
  examples: [{ title: "One task, with what waits for it", args: { id: idShown } }],
  provenance: taskFacts("task."),
});

/** Something that a note says is still to be done: nothing is a task before the owner accepts it. */
export const taskSpot = defineContract({
  name: "task.spot",
  kind: "query",
  title: "Find what your own notes say is to be done",
  input: () =>
    z.strictObject({
      from: instantSchema.describe("Notes told at this time or later, ISO 8601"),
      to: instantSchema.describe("Notes told before this time, ISO 8601"),
      limit: z.number().int().min(1).max(1000).default(1000).describe("How many notes are read at most, the latest"),
    }),
  output: () =>
    z.strictObject({
      found: z
        .array(
          z.strictObject({
            title: z.string().describe("What is to be done, without its date"),
            due: z.string().optional().describe(`When it must be done, where the note says so: ${whenText}`),
            quote: z.string().describe("The line or sentence"),
            memory: z.string().describe("Id of the note"),
            at: z.string().describe("When it was told, ISO 8601 UTC"),
            task: z.string().nullable().describe("Id of the task of that title; null where there is none"),
          }),
        )
        .describe("In the order told"),
    }),
  examples: [{ title: "Those of a week", args: { from: "2026-03-02T00:00:00Z", to: "2026-03-09T00:00:00Z" } }],
  provenance: { private: true },
});

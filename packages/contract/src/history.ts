// What was done, taking it back, snapshots, and what is gone from the files.
import { z } from "zod";
import { defineContract, undoCommand } from "./contract.ts";
import { once } from "./once.ts";
import { principalSchema } from "./values/principal-schema.ts";

const commandId = once(() => z.string().optional());

const which = (what: string) =>
  z.strictObject({
    id: commandId().describe(`${what}: its id, or a beginning or an end of it; the last one where it is left out`),
    principal: principalSchema.optional().describe("Whose last one; the owner's where it is left out"),
  });

export const takenBackSchema = once(() =>
  z.strictObject({
    commands: z.array(z.string()).describe("Ids of the commands that were taken back"),
    skill: z.string().describe("What they did"),
    memories: z.number().describe("How many lines of memory they had written"),
    files: z.array(z.string()).describe("The files that they had written, relative to the home"),
  }),
);
export type TakenBack = z.infer<ReturnType<typeof takenBackSchema>>;

export const historyUndo = defineContract({
  name: "history.undo",
  kind: "admin",
  recovery: true,
  title: "Undo the last thing done",
  input: () => which("What to undo"),
  output: takenBackSchema,
  examples: [{ title: "Take the last thing back", args: {} }],
  event: "history.undone",
  undo: "mh redo",
  control: ["id"],
});

export const historyRedo = defineContract({
  name: "history.redo",
  kind: "admin",
  title: "Do again what was undone",
  input: () => which("What to do again"),
  output: takenBackSchema,
  examples: [{ title: "Take the last undo back", args: {} }],
  event: "history.redone",
  undo: undoCommand,
  control: ["id"],
});

/** One thing done, as its owner thinks of it. */
export const doneSchema = once(() =>
  z.strictObject({
    id: z.string().describe("Id of its last command"),
    at: z.string().describe("When, ISO 8601 UTC"),
    principal: z.string().describe("Who did it"),
    skill: z.string(),
    title: z.string().describe("What the skill does"),
    about: z.string().describe("A few words of what it wrote, or the file's path"),
    commands: z.number().describe("How many commands it took"),
    memories: z.number().describe("How many lines of memory it wrote"),
    files: z.array(z.string()).describe("The files that it wrote, relative to the home"),
    state: z.enum(["done", "undone", "cannot be undone", "too old to undo"]),
  }),
);
export type Done = z.infer<ReturnType<typeof doneSchema>>;

export const historyList = defineContract({
  name: "history.list",
  kind: "query",
  recovery: true,
  title: "List what was done",
  input: () =>
    z.strictObject({
      limit: z.number().int().min(1).max(1000).default(20).describe("How many at most"),
      principal: principalSchema.optional().describe("Only what this one did; everybody where it is left out"),
    }),
  output: () => z.strictObject({ done: z.array(doneSchema()).describe("The latest first") }),
  examples: [{ title: "The last things done", args: {} }],
});

export const snapshotCreate = defineContract({
  name: "snapshot.create",
  kind: "own",
  recovery: true,
  title: "Take a snapshot of your memory",
  input: () =>
    z.strictObject({
      name: z
        .string()
        .regex(/^[a-z0-9][a-z0-9-]{0,59}$/, "a name is a-z, 0-9 and -")
        .optional()
        .describe("A name to find it by: a-z, 0-9 and -; its time alone where it is left out"),
    }),
  output: () =>
    z.strictObject({
      name: z.string().describe("Its time and the name"),
      path: z.string().describe("Its file, relative to the home"),
      memories: z.number().describe("How many memories are in it"),
      documents: z.number().describe("How many files"),
    }),
  examples: [{ title: "Before a big import", args: { name: "before-import" } }],
  event: "snapshot.created",
  // Undone, it would live on as an object, where forgetting does not look.
  undo: null,
});

export const snapshotList = defineContract({
  name: "snapshot.list",
  kind: "query",
  recovery: true,
  title: "List snapshots",
  input: () => z.strictObject({}),
  output: () =>
    z.strictObject({
      snapshots: z
        .array(
          z.strictObject({
            name: z.string(),
            path: z.string().describe("Its file, relative to the home"),
            bytes: z.number().describe("Size of the file"),
          }),
        )
        .describe("The oldest first"),
    }),
  examples: [{ title: "Which there are", args: {} }],
});

const snapshotName = once(() =>
  z.string().describe("Its whole name, or the one that was given to it: then the latest of these"),
);

const restoredCounts = once(() => ({
  brought: z.number().describe("Memories that were gone and are there again"),
  reverted: z.number().describe("Memories that say again what they said then"),
  documents: z.number().describe("Files that say again what they said then"),
  same: z.number().describe("What says the same as then"),
  forgotten: z.number().describe("Memories that were forgotten since, and stay so"),
}));

export const snapshotPreview = defineContract({
  name: "snapshot.preview",
  kind: "query",
  recovery: true,
  title: "See what going back to a snapshot would do",
  input: () => z.strictObject({ name: snapshotName() }),
  output: () =>
    z.strictObject({
      name: z.string(),
      path: z.string().describe("Its file, relative to the home"),
      state: z
        .enum(["sound", "damaged", "unsealed"])
        .describe("damaged: it is not as it was written; unsealed: it is too old to tell"),
      ...restoredCounts(),
      damage: z
        .array(
          z.strictObject({
            line: z.number().describe("Counted from 1"),
            about: z.string().nullable().describe("The memory or file; null where the line cannot be read"),
          }),
        )
        .describe("Lines that no command wrote; none where only lines are gone or in another order"),
    }),
  examples: [{ title: "Before going back", args: { name: "before-import" } }],
});

export const snapshotRestore = defineContract({
  name: "snapshot.restore",
  kind: "admin",
  title: "Go back to a snapshot",
  input: () => z.strictObject({ name: snapshotName() }),
  output: () => z.strictObject(restoredCounts()),
  examples: [{ title: "As it was before the import", args: { name: "before-import" } }],
  event: "snapshot.restored",
  undo: undoCommand,
  control: ["name"],
});

/** What of the owner's data is not where it was written, and was not forgotten: damage until somebody says otherwise. */
export const damageSchema = once(() =>
  z.strictObject({
    lines: z
      .array(
        z.strictObject({
          id: z.string().describe("Id of the memory"),
          rev: z.number().describe("Number of the revision"),
          file: z.string().describe("Where it stood"),
          cmd: z.string().describe("Id of the command that wrote it"),
          isLive: z.boolean().describe("It is what its memory says now"),
        }),
      )
      .describe("Lines that are in no file any more"),
    unknown: z
      .array(z.strictObject({ cmd: z.string(), lines: z.number() }))
      .describe("Lines of which no more is known than how many a command wrote"),
    documents: z
      .array(z.strictObject({ path: z.string(), isKept: z.boolean().describe("The index still has its text") }))
      .describe("Markdown files that are gone"),
  }),
);
export type Damage = z.infer<ReturnType<typeof damageSchema>>;

export const damageList = defineContract({
  name: "damage.list",
  kind: "query",
  recovery: true,
  title: "List what is missing",
  input: () => z.strictObject({}),
  output: damageSchema,
  examples: [{ title: "Whether anything is gone", args: {} }],
});

const repaired = () =>
  z.strictObject({
    memories: z.number().describe("Memories concerned"),
    documents: z.number().describe("Files concerned"),
    lines: z.number().describe("Lines of earlier revisions that are expected no longer"),
    setAside: z.number().describe("Lines and kept values that could not be read, and lie in logs/torn now"),
  });

export const damageRestore = defineContract({
  name: "damage.restore",
  kind: "admin",
  recovery: true,
  title: "Put back what is missing",
  input: () => z.strictObject({}),
  output: repaired,
  examples: [{ title: "Write down again what the index still knows", args: {} }],
  event: "damage.restored",
});

export const damageAccept = defineContract({
  name: "damage.accept",
  kind: "admin",
  recovery: true,
  title: "Accept what is missing",
  input: () => z.strictObject({}),
  output: repaired,
  examples: [{ title: "Take what is gone as meant", args: {} }],
  event: "damage.accepted",
});

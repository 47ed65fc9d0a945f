import { z } from "zod";
import { defineContract, type ProvenanceFacts, undoCommand } from "./contract.ts";
import { once } from "./once.ts";
import { csvFields, dateOrders, importFates, importFormats } from "./values/import-format.ts";
import { outsidePathSchema } from "./values/outside-path.ts";

const importShape = once(() => ({
  path: outsidePathSchema().describe("A folder or file: notes, mail, calendars, contacts, tables, conversations"),
  format: z.enum(importFormats).optional().describe("What it is; without it, its name and content tell"),
  map: z
    .partialRecord(z.enum(csvFields), z.string().max(1_000))
    .optional()
    .describe("A table's columns by what they hold; those that are left out are found by their names"),
  dateOrder: z
    .enum(dateOrders)
    .optional()
    .describe(
      "Whether the day or the month comes first in a table's dates like 5/8/2024, where its column does not tell",
    ),
}));

const kinds = ["episodic", "artifact", "semantic"] as const;

/** Why something was not taken in, or was and is worth a remark; with the first places where that was so. */
const importRemarkSchema = once(() =>
  z.strictObject({
    what: z
      .enum(["refused", "updated", "duplicate", "note"])
      .describe("`refused`: no memory came of it; `note`: it costs no memory"),
    reason: z.string().describe("In a sentence"),
    count: z.int().positive().describe("How often"),
    examples: z.array(z.string()).describe("Where, at most five places"),
  }),
);
export type ImportRemark = z.infer<ReturnType<typeof importRemarkSchema>>;

/** Files of one kind with one end: each file of what is imported stands in exactly one of these. */
const importedFilesSchema = once(() =>
  z.strictObject({
    fate: z
      .enum(importFates)
      .describe(
        "`skipped`: nothing reads its kind; `passed over`, `refused`: a remark says why; `unchanged`: as last time",
      ),
    kind: z.string().describe("What it was read as, or how its name ends"),
    files: z.int().positive().describe("How many"),
    examples: z.array(z.string()).describe("Their names, at most five"),
  }),
);
export type ImportedFiles = z.infer<ReturnType<typeof importedFilesSchema>>;

const readShape = once(() => ({
  format: z.enum(importFormats).describe("What it was read as"),
  source: z.string().describe("What memories are filed under that name no source of their own"),
  files: z.int().describe("How many files of it are of a kind that is read"),
  inventory: z.array(importedFilesSchema()).describe("What became of every file of it, by kind"),
  bytes: z.int().describe("How large they are together"),
  kinds: z
    .strictObject({
      episodic: z.int().describe("What happened or was said"),
      artifact: z.int().describe("Written by an assistant or an agent: kept, never evidence"),
      semantic: z.int().describe("Statements about a subject"),
    })
    .describe("How many memories were found in it, by kind"),
  from: z.string().nullable().describe("The earliest time of any, ISO 8601; null where none has one"),
  to: z.string().nullable().describe("The latest"),
  refused: z.int().describe("How many no memory came of"),
  remarks: z.array(importRemarkSchema()).describe("By reason, the most frequent first; at most a hundred"),
}));

/** The path names what is read; what stands in it, anybody may have written. */
const provenance: ProvenanceFacts = {
  ...{ types: { path: "path" }, content: ["source"] },
  ...{ writers: "anyone", private: true },
};

export const importPreview = defineContract({
  name: "import.preview",
  kind: "outside",
  title: "Say what an import would take in",
  input: () => z.strictObject(importShape()),
  output: () =>
    z.strictObject({
      ...readShape(),
      samples: z
        .array(
          z.strictObject({
            where: z.string().describe("The file, or the place in it"),
            kind: z.enum(kinds).describe("As in `kinds`"),
            at: z.string().nullable().describe("ISO 8601; null where it has no time"),
            text: z.string().describe("How it begins"),
          }),
        )
        .describe("The first five"),
    }),
  examples: [{ title: "What a folder of notes holds", args: { path: "/home/ada/notes" } }],
  effects: ["local"],
  permissions: { paths: ["*"] },
  control: ["path"],
  provenance,
  retry: "safe",
  pointers: { path: "it reads what is there when it runs" },
  event: "import.previewed",
});

export const importRun = defineContract({
  name: "import.run",
  kind: "outside",
  title: "Take in memories from a folder or file",
  input: () =>
    z.strictObject({
      ...importShape(),
      source: z.string().min(1).max(2_000).optional().describe("Files it under this source instead of its own"),
      update: z
        .boolean()
        .optional()
        .describe("Takes in changed texts as new revisions; without it they stay as they are"),
    }),
  output: () =>
    z.strictObject({
      ...readShape(),
      added: z.int().describe("New memories"),
      updated: z.int().describe("New revisions"),
      duplicate: z.int().describe("Known already"),
      gone: z
        .int()
        .describe("Memories of notes that are no longer there, or no longer say it: `mh review` offers to retire them"),
      tasks: z
        .strictObject({
          found: z.int().describe("Open tasks of notes that were taken in"),
          offered: z.int().describe("Those that were put into the review list: what is due first, then the latest"),
        })
        .describe("What the notes say is to be done: nothing is a task before `mh proposal accept`"),
      task: z.string().describe("What its memories were taken in under: they are undone together"),
    }),
  examples: [
    { title: "A folder of notes", args: { path: "/home/ada/notes" } },
    {
      title: "A table, with changed texts",
      args: { path: "/home/ada/log.csv", map: { content: "Notes" }, update: true },
    },
  ],
  effects: ["local"],
  permissions: { paths: ["*"] },
  control: ["path"],
  provenance,
  undo: undoCommand,
  retry: "safe",
  pointers: { path: "it takes in what is there when it runs" },
  event: "import.ran",
});

// What changes memories.
import { z } from "zod";
import { defineContract, undoCommand } from "./contract.ts";
import { once } from "./once.ts";
import { datings } from "./values/dated-by.ts";
import { entitySchema, eventTimeSchema, factSchema, linkSchema } from "./values/memory.ts";
import { makesMemory, takesMemory } from "./values/memory-facts.ts";
import { contentSchema, instantSchema } from "./values/text.ts";

const memoryId = once(() => z.string().describe("Id of the memory, or a beginning or an end of it that fits no other"));
const tagsSchema = once(() => z.array(z.string().min(1).max(100)).max(100));
const idShown = "019a5b2e-7c41-7d10-9a35-2f6d0c8e4b17";

export const memoryCapture = defineContract({
  name: "memory.capture",
  kind: "own",
  title: "Remember a text",
  input: () =>
    z.strictObject({
      text: contentSchema.describe("What to remember, word for word: a million characters at most"),
      at: instantSchema.optional().describe("When it was said or happened, ISO 8601; now where it is left out"),
      tags: tagsSchema().optional().describe("Tags beside the #hashtags in the text"),
      speaker: z.string().min(1).max(200).optional().describe("Who said it; the owner where it is left out"),
      session: z
        .string()
        .min(1)
        .max(500)
        .optional()
        .describe("The conversation that it belongs to; none where left out"),
    }),
  output: () =>
    z.strictObject({
      id: z.string().describe("Id of the memory"),
      entities: z.array(entitySchema()).describe("People, places and things that the text names"),
      tags: z.array(z.string()),
      eventAt: z.array(eventTimeSchema().omit({ grain: true }).strict()).describe("Times that the text speaks of"),
      deduplicated: z.boolean().describe("It was told before on this day: that memory counts once more"),
      count: z.number().describe("How often it was told on this day"),
    }),
  examples: [{ title: "Remember what somebody told you", args: { text: "Sarah moves to Lisbon in March #friends" } }],
  event: "memory.captured",
  subjects: { memory: "id" },
  provenance: makesMemory,
});

const importedItem = once(() =>
  z.strictObject({
    externalId: z
      .string()
      .min(1)
      .max(2000)
      .describe("Its id where it comes from; with the source it makes importing twice the same as once"),
    formerly: z
      .string()
      .min(1)
      .max(2000)
      .optional()
      .describe("The id it was known by before it moved; where that one is there, it is followed and no new one"),
    content: contentSchema.describe("What it says, word for word"),
    at: instantSchema.optional().describe("When it was said or happened, ISO 8601; now where it is left out"),
    datedBy: z
      .enum(datings)
      .optional()
      .describe("What says when that was; a `property` of it where left out, `import` where `at` is left out, too"),
    source: z
      .string()
      .min(1)
      .max(2000)
      .optional()
      .describe("Where it comes from; the command's `source` where left out"),
    session: z.string().max(2000).optional().describe("The conversation that it belongs to"),
    speaker: z.string().max(200).optional().describe("Who said it; nobody in particular where it is left out"),
    tags: z.array(z.string()).optional().describe("Tags beside the #hashtags in the text"),
    links: z.array(linkSchema()).optional().describe("Other memories that it refers to"),
    entities: z.array(entitySchema()).max(1000).optional().describe("What it names, beside what is found in its text"),
    kind: z
      .enum(["episodic", "artifact", "semantic"])
      .optional()
      .describe("What was lived, what an assistant wrote, or a fact; `episodic` where it is left out"),
    fact: factSchema()
      .pick({ subject: true, predicate: true, object: true, validFrom: true, validTo: true })
      .optional()
      .describe("What a semantic item states; no other kind has one"),
    eventAt: z
      .array(eventTimeSchema())
      .max(1000)
      .optional()
      .describe("Times that it speaks of; found in its text where this is left out"),
    // An importer never speaks for the owner, and an agent that imports is named besides.
    origin: z
      .string()
      .max(500)
      .regex(/^(mail|web|file|mcp|peer):/, "an origin is mail:, web:, file:, mcp: or peer: and what it was")
      .optional()
      .describe("Whom it came from, as in mail:sarah@example.org; file: and its source where left out"),
  }),
);
export type ImportedItem = z.infer<ReturnType<typeof importedItem>>;

const importResult = once(() =>
  z.strictObject({
    id: z.string().nullable().describe("Id of the memory; null where there is none"),
    externalId: z.string().describe("As it was sent"),
    status: z.enum(["added", "updated", "duplicate", "refused"]),
    reason: z.string().optional().describe("Why it was refused; of one that is there, in what it is not what was sent"),
  }),
);
export type ImportResult = z.infer<ReturnType<typeof importResult>>;

/** A file that is read whole with this group: as long as nothing of it changes, it need not be read again. */
const importedFile = once(() =>
  z.strictObject({
    path: z.string().min(1).max(4096).describe("Where it lies"),
    sizeBytes: z.int().min(0).describe("How large it is"),
    mtimeMs: z.number().describe("When it was changed, in milliseconds since 1970"),
    readAs: z.string().max(200).describe("How it was read: another way of reading gives other memories"),
    memories: z.int().min(0).describe("How many came of it in all"),
    first: z.int().min(0).describe("The first item of this group that is of it"),
    items: z.int().min(1).describe("How many of this group's items are"),
  }),
);
export type ImportedFile = z.infer<ReturnType<typeof importedFile>>;

export const memoryImport = defineContract({
  name: "memory.import",
  kind: "own",
  title: "Take in memories from elsewhere",
  input: () =>
    z.strictObject({
      source: z
        .string()
        .min(1)
        .max(2000)
        .describe("Where the items come from, for those that do not say it themselves"),
      from: z
        .string()
        .max(4096)
        .describe("Where they were read; the source of those whose id other words have under `source`"),
      items: z.array(importedItem()).min(1).max(1000).describe("The memories, a thousand at most"),
      files: z.array(importedFile()).max(1000).optional().describe("Files that end within these items, in their order"),
      update: z
        .boolean()
        .optional()
        .describe("Write a new revision where the text differs from what was imported before; else that one stays"),
    }),
  output: () => z.strictObject({ results: z.array(importResult()).describe("One for each item, in the same order") }),
  examples: [
    {
      title: "Take in one memory from a chat",
      args: {
        source: "chat",
        from: "chat.ndjson",
        items: [{ externalId: "1", content: "The train leaves at nine", speaker: "Tom" }],
      },
    },
  ],
  event: "memory.imported",
});

/**
 * What a run read where the owner's things lie is theirs, also where an agent had it done: it is found like what they import.
 * It stays the words of those who wrote it there.
 */
export const memoryFile = defineContract({
  name: "memory.file",
  kind: "own",
  title: "Keep what was read in a place of yours as it now stands there",
  input: () =>
    z.strictObject({
      source: z.string().min(1).max(200).describe("The place: what was kept of it before is known by it"),
      origin: z
        .string()
        .max(500)
        .regex(/^(?:calendar|observed):/, "a place is calendar: or observed: and its name")
        .describe("Where it comes from, as in calendar:work"),
      items: z
        .array(importedItem().omit({ source: true, origin: true, kind: true, fact: true, formerly: true }))
        .max(1000)
        .describe("What stands there; one that is known is revised"),
      gone: z.array(z.string().min(1).max(2000)).max(1000).describe("External ids of what stands there no longer"),
    }),
  output: () =>
    z.strictObject({
      results: z.array(importResult()).describe("One for each item, in the same order"),
      retired: z.array(z.string()).describe("Ids of memories that were taken out; `mh undo` brings them back"),
    }),
  examples: [
    {
      title: "An event, and one that was deleted",
      args: {
        source: "calendar:work",
        origin: "calendar:work",
        items: [{ externalId: "7f3a", content: "Dentist\nWhen: Friday, 8 May 2026, 09:00" }],
        gone: ["91c2"],
      },
    },
  ],
  stepOf: ["calendar.keep", "observe.shell", "observe.git", "observe.browser", "observe.files"],
  event: "memory.filed",
});

export const memoryEdit = defineContract({
  name: "memory.edit",
  kind: "own",
  title: "Correct a memory",
  input: () =>
    z.strictObject({
      id: memoryId(),
      text: contentSchema.describe("What it says from now on; of a fact, its new object"),
    }),
  output: () =>
    z.strictObject({
      id: z.string().describe("Whole id of the memory"),
      rev: z.number().describe("Number of the new revision; 1 for a file that may be edited by hand"),
    }),
  examples: [{ title: "Correct a date", args: { id: idShown, text: "Sarah moves to Lisbon in April" } }],
  event: "memory.edited",
  subjects: { memory: "id" },
  control: ["id"],
  provenance: takesMemory,
});

export const memoryVouch = defineContract({
  name: "memory.vouch",
  kind: "admin",
  title: "Take memories that were written by hand as your own words",
  input: () =>
    z.strictObject({
      ids: z.array(memoryId()).min(1).max(200).describe("Memories that no command wrote, as `mh review` shows them"),
    }),
  output: () => z.strictObject({ ids: z.array(z.string()).describe("Whole ids of the memories, which are yours now") }),
  examples: [{ title: "A line that you wrote into a file", args: { ids: [idShown] } }],
  event: "memory.vouched",
});

export const memoryRedate = defineContract({
  name: "memory.redate",
  kind: "admin",
  title: "Date memories right that a wrong clock dated",
  input: () => z.strictObject({}),
  output: () =>
    z.strictObject({
      ids: z
        .array(z.string())
        .describe("Ids of the memories, dated by as much later or earlier as the clock was put right"),
      left: z.number().describe("How many are left for the next time"),
    }),
  examples: [{ title: "After the clock was a year ahead", args: {} }],
  event: "memory.redated",
  subjects: { memory: "ids" },
});

function shelving<const Name extends string>(name: Name, event: string, title: string, what: string) {
  return defineContract({
    name,
    kind: "admin",
    title,
    input: () => z.strictObject({ ids: z.array(memoryId()).min(1).max(500).describe(what) }),
    output: () => z.strictObject({ ids: z.array(z.string()).describe("Whole ids of those that changed") }),
    examples: [{ title: "One of them", args: { ids: [idShown] } }],
    event,
    undo: undoCommand,
  });
}

/** Nothing is lost by it: an archived memory is searched where that is asked for, exported, kept in snapshots, and forgotten as others are. */
export const memoryArchive = shelving(
  "memory.archive",
  "memory.archived",
  "Leave memories out of lists and of the first search",
  "Memories of what was lived or written",
);

export const memoryUnarchive = shelving(
  "memory.unarchive",
  "memory.unarchived",
  "Bring archived memories back",
  "Memories that were archived",
);

export const memoryForget = defineContract({
  name: "memory.forget",
  kind: "own",
  title: "Forget a memory for good",
  input: () => z.strictObject({ id: memoryId() }),
  output: () =>
    z.strictObject({
      id: z.string().describe("Whole id of what was forgotten"),
      externalId: z.string().optional().describe("Its id where it came from: importers skip it from now on"),
    }),
  examples: [{ title: "Remove what it said, everywhere", args: { id: idShown } }],
  pointers: { id: "pinned" },
  event: "memory.forgotten",
  subjects: { memory: "id" },
  effects: ["destroy"],
  control: ["id"],
  provenance: takesMemory,
  undo: null,
});

/** Vectors are made by the embedder that the settings name, batch by batch as commands of `llm.embed`. */
export const memoryEmbed = defineContract({
  name: "memory.embed",
  kind: "outside",
  title: "Make the vectors by which memories are found by meaning",
  input: () => z.strictObject({}),
  output: () =>
    z.strictObject({
      embedder: z
        .string()
        .nullable()
        .describe("Whose vectors they are; null where the settings name none, and all are gone"),
      made: z.number().describe("How many were made now"),
      refused: z.number().describe("Texts of which the embedder makes none"),
      vectors: z.number().describe("How many there are"),
    }),
  examples: [{ title: "What is missing", args: {} }],
  effects: ["admin"],
  retry: "safe",
  event: "memory.embedded",
});

const noteOutput = () =>
  z.strictObject({
    id: z.string().describe("Id of the memory"),
    path: z.string().describe("Its file, relative to the home"),
  });

export const memoryLearn = defineContract({
  name: "memory.learn",
  kind: "own",
  title: "Remember how something is done",
  input: () =>
    z.strictObject({
      title: z.string().trim().min(1).max(300).describe("What is done, in a line"),
      text: contentSchema.describe("How it is done, as Markdown"),
      tags: tagsSchema().optional().describe("Tags beside the #hashtags in the text"),
    }),
  output: noteOutput,
  examples: [{ title: "Keep a recipe", args: { title: "Make tea", text: "1. Boil water.\n2. Wait four minutes." } }],
  event: "memory.learned",
  subjects: { memory: "id" },
  provenance: makesMemory,
});

export const memoryPrefer = defineContract({
  name: "memory.prefer",
  kind: "own",
  title: "Remember a preference",
  input: () =>
    z.strictObject({
      text: contentSchema.describe("What the owner likes, wants or does not want"),
      tags: tagsSchema().optional().describe("Tags beside the #hashtags in the text"),
    }),
  output: noteOutput,
  examples: [{ title: "Keep the mornings free", args: { text: "No calls before ten" } }],
  event: "memory.preferred",
  subjects: { memory: "id" },
  provenance: makesMemory,
});

const mergeLimit = once(() => z.number().int().min(1).max(10_000).default(1000).describe("How many merges at most"));

export const mergeSchema = once(() =>
  z.strictObject({
    keep: z.string().describe("Id of the memory that takes the others in"),
    others: z.array(z.string()).describe("Ids of those that say the same"),
    content: z.string().describe("How they begin"),
  }),
);
export type MergeView = z.infer<ReturnType<typeof mergeSchema>>;

export const memoryPropose = defineContract({
  name: "memory.propose",
  kind: "query",
  title: "See what could be merged",
  input: () => z.strictObject({ limit: mergeLimit() }),
  output: () =>
    z.strictObject({
      merges: z.array(mergeSchema()).describe("The oldest first"),
      contradictions: z
        .array(
          z.strictObject({
            earlier: z.string().describe("Id of the fact that was stated first"),
            later: z.string().describe("Id of the one that says otherwise of the same time"),
            text: z.string().describe("What the earlier says"),
            instead: z.string().describe("What the later says"),
          }),
        )
        .describe("Facts that cannot both hold, a hundred at most"),
    }),
  examples: [{ title: "Memories that say the same", args: {} }],
});

export const memoryConsolidate = defineContract({
  name: "memory.consolidate",
  kind: "own",
  title: "Merge memories that say the same",
  input: () => z.strictObject({ limit: mergeLimit() }),
  output: () => z.strictObject({ merged: z.array(mergeSchema()).describe("The oldest first") }),
  examples: [{ title: "Merge fifty at most", args: { limit: 50 } }],
  event: "memory.consolidated",
});

// The whole self: everything that is the owner's in one archive, and taking it in on another machine.
import { z } from "zod";
import { defineContract, type ProvenanceFacts, undoCommand } from "./contract.ts";
import { once } from "./once.ts";
import { memoryRecordSchema, retractionSchema } from "./values/memory.ts";
import { memoryKinds } from "./values/memory-kinds.ts";
import { outsidePathSchema } from "./values/outside-path.ts";

/** What an archive holds, by kind. */
export const selfKinds = [
  ...(["memory", "revision", "forgotten", "task", "note", "persona", "settings"] as const),
  ...(["rule", "agent", "skill", "prompt", "file", "grant", "trust", "record"] as const),
] as const;
export type SelfKind = (typeof selfKinds)[number];

const countsSchema = once(() =>
  z.partialRecord(z.enum(selfKinds), z.int().nonnegative()).describe("How many there are of each kind"),
);

const keySchema = () =>
  z
    .string()
    .regex(/^[0-9a-f]{4}(-[0-9a-f]{4}){7}$/, "a key is told as eight groups of four, as `mh self export` printed it");

/** A home's own key signs its archives; what is told of it fits on a slip of paper. */
const keyShown = () => keySchema().describe("Fingerprint of the key that signed it: the same on both machines");

const archivePath = () => outsidePathSchema().describe("The archive, a file ending in .zip");

const admin = { kind: "outside", effects: ["admin"], permissions: { paths: ["*"] }, control: ["path"] } as const;
const provenance: ProvenanceFacts = { types: { path: "path" }, writers: "anyone", private: true };

export const selfExport = defineContract({
  ...admin,
  name: "self.export",
  title: "Write everything that is yours into one archive",
  input: () => z.strictObject({ path: archivePath() }),
  output: () =>
    z.strictObject({
      path: z.string().describe("Where it lies"),
      bytes: z.int().describe("How large it is"),
      key: keyShown(),
      counts: countsSchema(),
      redacted: z.array(z.string()).describe("Files of it in which a secret's value was replaced"),
      secrets: z.array(z.string()).describe("Names of the passwords and tokens that are not in it"),
    }),
  examples: [{ title: "Onto a stick", args: { path: "/media/stick/self.zip" } }],
  provenance,
  pointers: { path: "it writes a new file there and replaces none" },
  event: "self.exported",
});

const standingsSchema = once(() =>
  z.strictObject({
    new: z.int().describe("Not here yet"),
    same: z.int().describe("Here already, as it is there"),
    newerThere: z.int().describe("Different, and changed later there"),
    newerHere: z.int().describe("Different, and changed later here"),
    forgotten: z.int().describe("Forgotten on either side: it does not come"),
    removed: z.int().describe("Merged or removed here: it stays so"),
    kept: z.int().describe("Forgotten there and still here: it stays until the owner forgets it here, too"),
    left: z
      .int()
      .describe("An earlier revision that has no place in what is told of that memory here: it does not come"),
  }),
);
export type SelfStandings = z.infer<ReturnType<typeof standingsSchema>>;

const differenceSchema = once(() =>
  z.strictObject({
    kind: z.enum(selfKinds),
    name: z.string().describe("Id of the memory, or path of the file"),
    newer: z.enum(["here", "there"]).describe("Which side was changed later"),
    about: z.string().describe("How it begins there"),
  }),
);
export type SelfDifference = z.infer<ReturnType<typeof differenceSchema>>;

const decisionSchema = once(() =>
  z.strictObject({
    kind: z.enum(selfKinds),
    name: z.string().describe("Who or what it is about"),
    about: z.string().describe("What it would give or change, in a sentence"),
    next: z.string().describe("The command by which the owner takes it"),
  }),
);
export type SelfDecision = z.infer<ReturnType<typeof decisionSchema>>;

const comparedShape = once(() => ({
  from: z.strictObject({
    home: z.string().describe("Id of the home that it was made from"),
    at: z.string().describe("When it was made, ISO 8601"),
    mh: z.string().describe("Version of mh that made it"),
    isThisHome: z.boolean().describe("It was made from this very home"),
  }),
  key: keyShown(),
  counts: countsSchema(),
  standings: z
    .partialRecord(z.enum(selfKinds), standingsSchema())
    .describe("How what it holds stands to what is here, by kind"),
  differences: z.array(differenceSchema()).describe("What says something else here, at most a hundred"),
  decisions: z
    .array(decisionSchema())
    .describe("What is the owner's to decide: nothing of it is put in force by itself"),
  log: z
    .strictObject({ records: z.int(), root: z.string() })
    .describe("The log of the other home, each link of whose chain was checked"),
  secrets: z.array(z.string()).describe("Names of passwords and tokens to set anew: no value is in an archive"),
}));

export const selfPreview = defineContract({
  ...admin,
  name: "self.preview",
  title: "Say what an archive of yours would bring",
  input: () => z.strictObject({ path: archivePath() }),
  output: () => z.strictObject(comparedShape()),
  examples: [{ title: "Before anything comes", args: { path: "/media/stick/self.zip" } }],
  provenance,
  pointers: { path: "it reads what is there when it runs" },
  retry: "safe",
  event: "self.previewed",
});

export const selfImport = defineContract({
  ...admin,
  name: "self.import",
  title: "Take in an archive of yours",
  input: () =>
    z.strictObject({
      path: archivePath(),
      key: keySchema().describe("The key that signed it, as the other machine printed it: another archive is refused"),
      newer: z.boolean().optional().describe("Takes what was changed later there as a new revision of what is here"),
    }),
  output: () =>
    z.strictObject({
      ...comparedShape(),
      taken: countsSchema().describe("What was written, by kind"),
      snapshot: z.string().nullable().describe("The snapshot taken before; null where nothing had to be written"),
      task: z.string().describe("What it was taken in under: it is undone together"),
    }),
  examples: [
    {
      title: "From a stick",
      args: { path: "/media/stick/self.zip", key: "0000-1111-2222-3333-4444-5555-6666-7777" },
    },
  ],
  control: ["path", "key"],
  provenance,
  pointers: {
    path: "it takes in what is there when it runs, if the key named here signed it",
    key: "another archive by the same key would do",
  },
  undo: undoCommand,
  retry: "safe",
  event: "self.imported",
});

const ends = ["new", "same", "newerThere", "newerHere", "forgotten", "removed", "kept", "left"] as const;
export type SelfEnd = (typeof ends)[number];

/** What an archive tells of a memory that was forgotten there: nothing of what it said. */
export const selfForgottenSchema = once(() =>
  z.strictObject({
    id: z.string().min(1).max(200).describe("Id of the memory"),
    source: z.string().max(10_000).describe("Where it came from"),
    externalId: z.string().max(10_000).nullable().describe("Its id there; null where it had none"),
    kind: z.enum(memoryKinds).optional().describe("What it was; archives of before do not say"),
    at: z.iso.datetime().optional().describe("When it was forgotten; archives of before do not say"),
  }),
);
export type SelfForgotten = z.infer<ReturnType<typeof selfForgottenSchema>>;

const lineSchema = once(() => z.discriminatedUnion("op", [memoryRecordSchema(), retractionSchema()]));

const historySchema = once(() =>
  z.strictObject({
    earlier: z.array(lineSchema()).describe("What it said before, the earliest first"),
    last: lineSchema().describe("What it says now, or that it is a memory no more"),
  }),
);
export type SelfHistory = z.infer<ReturnType<typeof historySchema>>;

/** A group of what an archive holds; `self.import` gives these commands. */
export const selfTake = defineContract({
  name: "self.take",
  kind: "admin",
  title: "Take in a part of an archive of yours",
  input: () =>
    z.strictObject({
      forgotten: z.array(selfForgottenSchema()).max(1_000).default([]).describe("Memories that were forgotten there"),
      memories: z
        .array(historySchema())
        .max(1_000)
        .default([])
        .describe("Memories with their revisions, as they are there"),
      files: z
        .array(
          z.strictObject({
            path: z.string().max(1_000).describe("Its place in a home"),
            data: z.string().describe("What it says, base64"),
            changedAt: z.string().describe("When it was changed there, ISO 8601"),
            byHand: z.boolean().default(false).describe("No command wrote it there: it vouches for nobody"),
          }),
        )
        .max(1_000)
        .default([])
        .describe("Files as they are there"),
      newer: z.boolean().default(false).describe("Takes what was changed later there"),
    }),
  output: () =>
    z.strictObject({
      forgotten: z.array(z.enum(ends)).describe("How each forgotten memory stood before"),
      memories: z.array(z.enum(ends)).describe("How each memory stood before"),
      revisions: z.int().describe("How many lines of theirs were written"),
      files: z.array(z.enum(ends)).describe("How each file stood before"),
      written: z.array(z.string()).describe("Ids and paths of what was written"),
    }),
  examples: [
    {
      title: "A file of the persona",
      args: {
        files: [{ path: "persona/values.md", data: "Q2FsbS4K", changedAt: "2026-03-02T09:00:00.000Z" }],
      },
    },
  ],
  event: "self.taken",
  undo: undoCommand,
});

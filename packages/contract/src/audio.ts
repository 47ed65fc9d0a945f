// Recordings, and the texts that a transcription server makes of them.
import { z } from "zod";
import { defineContract, type ProvenanceFacts, undoCommand } from "./contract.ts";
import { memoryFacts } from "./values/memory-facts.ts";
import { outsidePathSchema } from "./values/outside-path.ts";
import { recordingSchema, recordingStatuses } from "./values/recording.ts";
import { contentSchema } from "./values/text.ts";

const language = z
  .string()
  .regex(/^[a-z]{2,3}(?:-[A-Za-z0-9]{2,8})?$/, "a language is its code, as in en or pt-BR")
  .describe("The language that is spoken; left out, as the settings say, or the server finds it");

const stands = () => ({
  id: z.string().nullable().describe("Id of the memory; null where it was forgotten before"),
  name: z.string().describe("Name of the file"),
  status: z.enum(recordingStatuses).describe("Waiting, done or failed"),
  known: z.boolean().describe("The same file was transcribed before: nothing was sent"),
  reason: z.string().nullable().describe("Why it is not done, and the next step"),
});

const outside = {
  kind: "outside",
  effects: ["read", "local", "send", "spend"],
  provenance: { writers: "anyone", private: true, types: { path: "path" } } as ProvenanceFacts,
  undo: undoCommand,
  retry: "safe",
} as const;

/**
 * Takes in a sound file and has it transcribed. What is said in it, anybody may have said: the text is a memory of origin
 * `audio:`. Without a server it waits. The same file is taken in once.
 */
export const audioIngest = defineContract({
  ...outside,
  name: "audio.ingest",
  title: "Transcribe a recording",
  input: () =>
    z.strictObject({
      path: outsidePathSchema().describe("Absolute path of a sound file: mp3, m4a, wav, ogg, flac or webm"),
      language: language.optional(),
    }),
  output: () => z.strictObject(stands()),
  examples: [{ title: "An interview", args: { path: "/home/ada/interview.m4a", language: "en" } }],
  permissions: { paths: ["*"], hosts: ["settings"], secrets: ["settings"] },
  control: ["path"],
  pointers: { path: "pinned" },
  event: "audio.ingested",
});

/** The same for the folder that the settings name (`audio.inbox`): one file at a time. */
export const audioNext = defineContract({
  ...outside,
  name: "audio.next",
  title: "Transcribe the next recording of the inbox",
  input: () => z.strictObject({}),
  output: () =>
    z.strictObject({
      taken: z.strictObject(stands()).nullable().describe("The one that was tried; null where none waits"),
      found: z.number().int().describe("How many new files lay in the inbox"),
      ignored: z.number().int().describe("How many are no sound files, by their names"),
      waiting: z.number().int().describe("How many of the inbox wait still"),
      server: z.boolean().describe("The settings name a server that may be asked"),
    }),
  examples: [{ title: "Whatever waits", args: {} }],
  permissions: { paths: ["settings"], hosts: ["settings"], secrets: ["settings"] },
  event: "audio.taken",
});

/** Writes how a recording stands, and its text once there is one. */
export const audioNote = defineContract({
  name: "audio.note",
  kind: "own",
  title: "Keep the text of a recording",
  input: () =>
    z.strictObject({
      recording: recordingSchema().describe("How it stands"),
      text: contentSchema.optional().describe("What is said in it; left out where it is not done"),
    }),
  output: () =>
    z.strictObject({
      id: z.string().nullable().describe("Id of the memory; null where it was forgotten before"),
      status: z.enum(recordingStatuses),
    }),
  examples: [
    {
      title: "One that waits",
      args: {
        recording: {
          ...{ path: "/home/ada/interview.m4a", sha256: "0".repeat(64), bytes: 1000, mediaType: "audio/mp4" },
          ...{ status: "waiting", tries: 0 },
        },
      },
    },
  ],
  stepOf: ["audio.ingest", "audio.next"],
  provenance: { content: ["recording", "text"], ids: { id: "memory" }, fields: { id: "record" } },
  event: "audio.noted",
});

export const audioList = defineContract({
  name: "audio.list",
  kind: "query",
  title: "List your recordings",
  input: () =>
    z.strictObject({
      status: z.enum(recordingStatuses).optional().describe("Only these; all where left out"),
      limit: z.number().int().min(1).max(1_000).default(100).describe("How many at most, the latest"),
    }),
  output: () =>
    z.strictObject({
      recordings: z
        .array(
          z.strictObject({
            id: z.string().describe("Id of the memory"),
            at: z.string().describe("When it was recorded or taken in, ISO 8601"),
            text: z.string().describe("How the text begins; of one that is not done, how it stands"),
            origins: z.array(z.string()).describe("Whose words these may be"),
            recording: recordingSchema().omit({ segments: true }).strict(),
          }),
        )
        .describe("The earliest first"),
      counts: z
        .strictObject({
          waiting: z.number().int().describe("Not yet transcribed"),
          done: z.number().int().describe("Transcribed"),
          failed: z.number().int().describe("Given up"),
        })
        .describe("How many of each there are"),
      server: z
        .strictObject({
          host: z.string().nullable().describe("Where the server is; null where none is set up"),
          off: z.string().nullable().describe("Why it is not asked; null where it is"),
          inbox: z.string().nullable().describe("The folder that is watched; null where there is none"),
        })
        .describe("What the settings say"),
    }),
  examples: [{ title: "What waits", args: { status: "waiting" } }],
  provenance: memoryFacts(),
});

import { z } from "zod";
import { once } from "../once.ts";
import { datings } from "./dated-by.ts";
import { memoryKinds } from "./memory-kinds.ts";
import { proposalStatuses } from "./proposal.ts";
import { recordingSchema } from "./recording.ts";

const entityKinds = ["person", "place", "organisation", "thing"] as const;
export const entitySchema = once(() =>
  z.object({
    name: z.string().describe("As it is written in the text"),
    kind: z.enum(entityKinds).describe("What it is"),
  }),
);
export type Entity = z.infer<ReturnType<typeof entitySchema>>;

/** A stretch of time that a text speaks of: [from, to) in ISO 8601 UTC, and the words that said so. */
export const eventTimeSchema = once(() =>
  z.object({
    from: z.string().describe("When it begins, ISO 8601 UTC"),
    to: z.string().describe("When it is over, ISO 8601 UTC"),
    text: z.string().describe("The words that say so"),
    grain: z.enum(["minute", "hour", "day", "week", "month", "year"]).describe("How exactly they say it"),
  }),
);
export type EventTime = z.infer<ReturnType<typeof eventTimeSchema>>;

/** Of a time, beside `at`. */
export const datedBySchema = once(() =>
  z
    .enum(datings)
    .optional()
    .describe("What says when, of what was imported; of `file` and `import` nobody said it, and it may be wrong"),
);

export const linkSchema = once(() =>
  z.object({
    type: z.string().describe("What relates the two, as in `repeats`, `source` or `supersedes`"),
    to: z.string().describe("Id of the other memory"),
  }),
);

export const factStatuses = ["observed", "inferred", "confirmed", "revoked"] as const;

/** A statement about somebody or something. Days are YYYY-MM-DD: it holds from the first and no longer on the second. */
export const factSchema = once(() =>
  z.object({
    subject: z.string().min(1).max(300).describe("Whom or what it is about"),
    predicate: z.string().min(1).max(100).describe("What of it, as in `works-at` or `birthday`"),
    object: z.string().min(1).max(10_000).describe("What it says"),
    validFrom: z.iso.date().optional().describe("The first day it holds, YYYY-MM-DD; not known where it is left out"),
    validTo: z.iso
      .date()
      .optional()
      .describe("The first day it no longer holds, YYYY-MM-DD; none where it is left out"),
    confidence: z.number().min(0).max(1).default(1).describe("How sure it is, from 0 to 1"),
    status: z.enum(factStatuses).default("observed").describe("Seen, concluded, confirmed by the owner, or revoked"),
    sources: z.array(z.string()).max(1000).default([]).describe("Ids of the memories it rests on"),
  }),
);
export type Fact = z.infer<ReturnType<typeof factSchema>>;

/** What a memory proposes to the owner; `does` is read with `proposedSchema` where it is carried out. */
const proposalSchema = once(() =>
  z.object({
    does: z.record(z.string(), z.json()).describe("What is done when it is accepted"),
    why: z.string().describe("Why it is proposed"),
    status: z.enum(proposalStatuses).describe("Open, or what the owner answered"),
  }),
);

/** One revision of one memory: one line of a memory file (DESIGN §11). Times are ISO 8601 UTC. */
export const memoryRecordSchema = once(() =>
  z.object({
    v: z.literal(1).describe("Version of this form"),
    id: z.string().describe("Id of the memory (UUIDv7)"),
    rev: z.number().int().positive().describe("Number of the revision, from 1"),
    op: z.literal("put").describe("It is a revision, and no removal"),
    cmd: z.string().describe("Id of the command that wrote it; empty for a file that may be edited by hand"),
    kind: z
      .enum(memoryKinds)
      .describe("What was lived, what agents wrote, a fact, how something is done, a preference"),
    at: z.string().describe("When it was said or happened, as far as the teller said; else when it was captured"),
    datedBy: datedBySchema(),
    recordedAt: z.string().describe("When this revision was written"),
    eventAt: z.array(eventTimeSchema()).describe("Times that its words speak of"),
    content: z.string().describe("What it says, word for word"),
    tags: z.array(z.string()).describe("Words that it is filed under"),
    entities: z.array(entitySchema()).describe("People, places and things that it names"),
    session: z.string().optional().describe("The conversation that it belongs to"),
    speaker: z.string().optional().describe("Who said it, where that was not the owner"),
    source: z.string().describe("Where it came from: `capture`, or what an importer calls itself"),
    externalId: z.string().optional().describe("Its id there"),
    origins: z.array(z.string()).describe("Whose words they are, as in `owner` or `mail:sarah@example.org`"),
    links: z.array(linkSchema()).describe("Other memories that it refers to"),
    count: z.number().int().positive().describe("How often the same words were told on the same day"),
    fact: factSchema().optional().describe("What a semantic memory states"),
    archived: z
      .string()
      .optional()
      .describe(
        "When the owner had it archived, ISO 8601 UTC: it is left out of lists, and of searches that do not ask for it",
      ),
    recording: recordingSchema().optional().describe("The sound file that it comes from, where there is one"),
    proposal: proposalSchema().optional().describe("What it proposes to the owner, where it is a proposal"),
  }),
);
export type MemoryRecord = z.infer<ReturnType<typeof memoryRecordSchema>>;

/** What stays of a forgotten memory: enough never to import it again, nothing of what it said. */
export const tombstoneSchema = once(() =>
  z.object({
    v: z.literal(1),
    id: z.string(),
    rev: z.number().int().positive(),
    op: z.literal("tombstone"),
    cmd: z.string(),
    kind: z.enum(memoryKinds),
    recordedAt: z.string(),
    source: z.string(),
    externalId: z.string().optional(),
    contentHmac: z.string(),
    /** Passages of what it said, as keyed sums: by these is looked whether words of it are left somewhere. */
    marks: z.array(z.object({ size: z.number(), near: z.number(), sum: z.number() })).optional(),
  }),
);
export type Tombstone = z.infer<ReturnType<typeof tombstoneSchema>>;

/**
 * A memory that is no longer one: its capture was undone, it was merged into another, its removal by hand was accepted,
 * or another home of the owner's forgot it. Its earlier lines stay, so a later revision can bring it back.
 */
export const retractionSchema = once(() =>
  z.object({
    v: z.literal(1).describe("Version of this form"),
    id: z.string().describe("Id of the memory"),
    rev: z.number().int().positive().describe("Number of the revision that takes it out"),
    op: z.literal("retract").describe("It is a removal, and no revision"),
    cmd: z.string().describe("Id of the command that wrote it"),
    kind: z.enum(memoryKinds).describe("What it was"),
    recordedAt: z.string().describe("When it was taken out"),
    /** `forgotten elsewhere`: it never was one here, and the home that forgot it said so in its archive. */
    why: z
      .enum(["undone", "merged", "removed by hand", "retired", "forgotten elsewhere"])
      .describe("Why it is a memory no more"),
    into: z.string().optional().describe("The memory that took it in"),
    /** With where it came from, so that importers know it still. */
    source: z.string().optional().describe("Where it came from"),
    externalId: z.string().optional().describe("Its id there"),
  }),
);
export type Retraction = z.infer<ReturnType<typeof retractionSchema>>;

export const memoryLineSchema = once(() =>
  z.discriminatedUnion("op", [memoryRecordSchema(), tombstoneSchema(), retractionSchema()]),
);
export type MemoryLine = z.infer<ReturnType<typeof memoryLineSchema>>;

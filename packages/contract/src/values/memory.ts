import { z } from "zod";

/** What was lived and told; what assistants and agents wrote; facts; how things are done; what the owner likes. */
export const memoryKinds = ["episodic", "artifact", "semantic", "procedural", "preference"] as const;
export type MemoryKind = (typeof memoryKinds)[number];

const entityKinds = ["person", "place", "organisation", "thing"] as const;
export const entitySchema = z.object({ name: z.string(), kind: z.enum(entityKinds) });
export type Entity = z.infer<typeof entitySchema>;

/** A stretch of time that a text speaks of: [from, to) in ISO 8601 UTC, and the words that said so. */
export const eventTimeSchema = z.object({
  from: z.string(),
  to: z.string(),
  text: z.string(),
  grain: z.enum(["minute", "hour", "day", "week", "month", "year"]),
});
export type EventTime = z.infer<typeof eventTimeSchema>;

export const linkSchema = z.object({ type: z.string(), to: z.string() });

export const factStatuses = ["observed", "inferred", "confirmed", "revoked"] as const;

/** A statement about somebody or something. Days are YYYY-MM-DD: it holds from the first and no longer on the second. */
export const factSchema = z.object({
  subject: z.string().min(1).max(300),
  predicate: z.string().min(1).max(100),
  object: z.string().min(1).max(10_000),
  validFrom: z.iso.date().optional(),
  validTo: z.iso.date().optional(),
  /** 0 to 1. */
  confidence: z.number().min(0).max(1).default(1),
  status: z.enum(factStatuses).default("observed"),
  /** Ids of the memories it rests on. */
  sources: z.array(z.string()).max(1000).default([]),
});
export type Fact = z.infer<typeof factSchema>;

/** One revision of one memory: one line of a memory file (DESIGN §11). Times are ISO 8601 UTC. */
export const memoryRecordSchema = z.object({
  v: z.literal(1),
  id: z.string(),
  rev: z.number().int().positive(),
  op: z.literal("put"),
  cmd: z.string(),
  kind: z.enum(memoryKinds),
  /** When it was said or happened, as far as the teller told; else when it was captured. */
  at: z.string(),
  recordedAt: z.string(),
  eventAt: z.array(eventTimeSchema),
  content: z.string(),
  tags: z.array(z.string()),
  entities: z.array(entitySchema),
  session: z.string().optional(),
  speaker: z.string().optional(),
  source: z.string(),
  externalId: z.string().optional(),
  origins: z.array(z.string()),
  links: z.array(linkSchema),
  /** How often the same words were told on the same day. */
  count: z.number().int().positive(),
  /** What a semantic memory states. */
  fact: factSchema.optional(),
});
export type MemoryRecord = z.infer<typeof memoryRecordSchema>;

/** What stays of a forgotten memory: enough never to import it again, nothing of what it said. */
export const tombstoneSchema = z.object({
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
});
export type Tombstone = z.infer<typeof tombstoneSchema>;

/**
 * A memory that is no longer one: its capture was undone, it was merged into another, or its removal by hand was
 * accepted. Its earlier lines stay, so a later revision can bring it back.
 */
export const retractionSchema = z.object({
  v: z.literal(1),
  id: z.string(),
  rev: z.number().int().positive(),
  op: z.literal("retract"),
  cmd: z.string(),
  kind: z.enum(memoryKinds),
  recordedAt: z.string(),
  why: z.enum(["undone", "merged", "removed by hand"]),
  /** The memory that took it in; with where it came from, so that importers know it still. */
  into: z.string().optional(),
  source: z.string().optional(),
  externalId: z.string().optional(),
});
export type Retraction = z.infer<typeof retractionSchema>;

export const memoryLineSchema = z.discriminatedUnion("op", [memoryRecordSchema, tombstoneSchema, retractionSchema]);
export type MemoryLine = z.infer<typeof memoryLineSchema>;

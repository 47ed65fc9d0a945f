import { z } from "zod";

export const memoryKinds = ["episodic", "artifact"] as const;
export type MemoryKind = (typeof memoryKinds)[number];

export const entityKinds = ["person", "place", "organisation", "thing"] as const;
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

export const memoryLineSchema = z.discriminatedUnion("op", [memoryRecordSchema, tombstoneSchema]);
export type MemoryLine = z.infer<typeof memoryLineSchema>;

import { layers } from "@mh/contract/values/effect.ts";
import { layerReportSchema } from "@mh/contract/values/record.ts";
import { z } from "zod";

/** Body of `POST /v1/command` and `POST /v1/query`. */
export const commandRequestSchema = z.strictObject({
  /** Makes it happen once, however often it is sent. */
  id: z.uuid().optional(),
  skill: z.string().max(200),
  args: z.record(z.string(), z.unknown()).default({}),
  /** What this belongs to: it is undone together. */
  task: z.uuid().optional(),
  /** What the owner typed, for provenance. */
  words: z.string().max(100_000).optional(),
});

/** `after` is the `seq` of the last event seen; -1 asks for all that there ever were. */
export const eventsQuerySchema = z.strictObject({
  after: z
    .string()
    .regex(/^(-1|\d{1,15})$/, "`after` is the number of an event, or -1")
    .transform(Number)
    .optional(),
});

const faultSchema = z.strictObject({ code: z.string(), message: z.string() });

/** What is answered where nothing was even tried. */
export const faultBodySchema = z.strictObject({ fault: faultSchema });

const refusalShape = {
  id: z.string(),
  layer: z.enum(layers),
  reason: z.string(),
  rules: z.array(z.string()),
  layers: z.array(layerReportSchema),
};

export const outcomeSchema = z.discriminatedUnion("status", [
  z.strictObject({ status: z.literal("done"), id: z.string(), value: z.unknown() }),
  z.strictObject({ status: z.literal("denied"), ...refusalShape }),
  z.strictObject({ status: z.literal("parked"), ...refusalShape, approval: z.string(), expiresAt: z.string() }),
  z.strictObject({ status: z.literal("failed"), id: z.string(), fault: faultSchema }),
  z.strictObject({ status: z.literal("interrupted"), id: z.string(), message: z.string() }),
]);

export const eventSchema = z.strictObject({
  seq: z.number().int(),
  name: z.string(),
  at: z.string(),
  command: z.string(),
  principal: z.string(),
  ref: z.string().optional(),
});

export const healthSchema = z.strictObject({ status: z.literal("ok"), version: z.string() });

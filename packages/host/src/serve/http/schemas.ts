import { cursorSchema, followerSchema } from "@mh/contract/wire/request.ts";
import { z } from "zod";

const cursorInUrl = z
  .string()
  .regex(/^(-1|\d{1,15})$/, "`after` is the number of an event, or -1")
  .transform(Number);

/** Parameters of `GET /v1/events`. */
export const eventsQuerySchema = z.strictObject({
  after: cursorInUrl.optional().describe("Number of the last event seen; -1 for all that there ever were"),
  follower: followerSchema.optional().describe("Resumes after what was acknowledged under this name"),
  pattern: z.string().max(200).optional().describe("Names of the events wanted, as `memory.*`; all without it"),
  progress: z.literal("true").optional().describe("Events named `run.progress` say how far runs are"),
});

/** Body of `POST /v1/followers/:name`. */
export const acknowledgeSchema = z.strictObject({
  after: cursorSchema.describe("Number of the last event that was seen to"),
});
export const acknowledgedSchema = z.strictObject({
  follower: followerSchema.describe("Its name"),
  after: cursorSchema.describe("Up to where it has seen to everything by now"),
});

const waitSecondsMax = 60;
/** Parameters of `GET /v1/runs/:id`. */
export const runQuerySchema = z.strictObject({
  wait: z
    .string()
    .regex(/^\d{1,2}$/, "`wait` is a number of seconds")
    .transform(Number)
    .refine((seconds) => seconds <= waitSecondsMax, `\`wait\` is at most ${waitSecondsMax} seconds`)
    .optional()
    .describe(`Seconds to wait for its end, at most ${waitSecondsMax}; none without it`),
});

export const healthSchema = z.strictObject({
  status: z.literal("ok").describe("Always"),
  version: z.string().describe("Of mh"),
  rules: z
    .literal("trouble")
    .optional()
    .describe("Only where files of rules cannot be taken or the policy engine stopped; `mh doctor` says which"),
});

import { z } from "zod";
import { layers } from "./effect.ts";
import { principalSchema } from "./principal-schema.ts";

/** `refused` is the owner's denial; `denied`, that the rules forbade it after the owner's approval. */
const approvalStatuses = ["open", "approved", "refused", "expired", "denied"] as const;
export type ApprovalStatus = (typeof approvalStatuses)[number];

/** An approval request. Its id is that of the command that waits. Times are in milliseconds since 1970. */
export const approvalRowSchema = z.strictObject({
  id: z.string(),
  principal: principalSchema,
  skill: z.string().describe("Pinned: name, version and hash"),
  object: z.string().describe("The object that keeps the command"),
  layer: z.enum(layers).describe("The layer of the policy that asks"),
  reason: z.string(),
  asked_ms: z.number().int(),
  expires_ms: z.number().int(),
  status: z.enum(approvalStatuses),
  answered_ms: z.number().int().nullable(),
});
export type ApprovalRow = z.infer<typeof approvalRowSchema>;

/** What is kept of a parked command, whole, for the person who answers and for the run that follows. */
export const parkedSchema = z.strictObject({
  id: z.string(),
  principal: principalSchema,
  onBehalfOf: principalSchema.optional(),
  skill: z.string(),
  args: z.record(z.string(), z.json()),
  task: z.strictObject({ id: z.string(), words: z.string(), by: z.enum(["person", "program"]).optional() }).optional(),
  cause: z.string().optional(),
  /** Controlled values that do not come from the owner, with where they stand: what the request is about. */
  steered: z
    .array(
      z.strictObject({
        ...{
          path: z.string(),
          value: z.string(),
          origins: z.array(z.string()),
          beside: z.array(z.string()).default([]),
        },
        reason: z.string(),
      }),
    )
    .optional(),
});
export type Parked = z.infer<typeof parkedSchema>;

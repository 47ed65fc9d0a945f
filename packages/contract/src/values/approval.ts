import { z } from "zod";
import { once } from "../once.ts";
import { diffLineSchema } from "./diff.ts";
import { layers } from "./effect.ts";
import { principalSchema } from "./principal-schema.ts";
import { questionSchema } from "./question.ts";

/** `refused` is the owner's denial; `denied`, that the rules forbade it after the owner's approval. */
const approvalStatuses = ["open", "approved", "refused", "expired", "denied"] as const;
export type ApprovalStatus = (typeof approvalStatuses)[number];

/** An approval request. Its id is that of the command that waits. Times are in milliseconds since 1970. */
export const approvalRowSchema = once(() =>
  z.strictObject({
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
  }),
);
export type ApprovalRow = z.infer<ReturnType<typeof approvalRowSchema>>;

/** What an argument points to, as it was when the owner was asked: the approval holds for just that. */
export const pinSchema = once(() =>
  z.strictObject({
    argument: z.string().describe("Path of the argument, as in `argv[1]`"),
    what: z.string().describe("What it points to: a path, an id"),
    hash: z.string().describe("SHA-256 of it, or a version; `none` where nothing is there"),
    bytes: z.number().int().nonnegative().optional(),
    shows: z.string().optional().describe("Its beginning, or what it says"),
    diff: z.array(diffLineSchema).optional().describe("What would become of it"),
  }),
);
export type Pin = z.infer<ReturnType<typeof pinSchema>>;

/** A line of a request as a person reads it: nothing in it can play tricks on a screen. */
export const shownLineSchema = once(() => z.strictObject({ label: z.string(), text: z.string() }));
export type ShownLine = z.infer<ReturnType<typeof shownLineSchema>>;

/** What is kept of a parked command, whole, for the person who answers and for the run that follows. */
export const parkedSchema = once(() =>
  z.strictObject({
    id: z.string(),
    principal: principalSchema,
    onBehalfOf: principalSchema.optional(),
    skill: z.string(),
    args: z.record(z.string(), z.json()),
    task: z
      .strictObject({ id: z.string(), words: z.string(), by: z.enum(["person", "program"]).optional() })
      .optional(),
    cause: z.string().optional(),
    answers: z
      .array(z.strictObject({ source: z.string(), question: z.string(), answer: z.string(), shows: z.string() }))
      .optional()
      .describe("Of a plan: what its sources said already, which it is bound to; question and answer as keyed hashes"),
    change: z
      .strictObject({
        plan: z.string(),
        title: z.string(),
        n: z.number().int().optional().describe("The step that comes nearest"),
        differs: z.string(),
      })
      .optional()
      .describe("The plan of its task that does not cover it, and how it differs from that"),
    question: questionSchema()
      .optional()
      .describe("What the command asks before it goes on: it was let run, and its answer is what it waits for"),
    warning: z.string().optional().describe("What its skill says beside the arguments"),
    pins: z.array(pinSchema()).optional().describe("What its arguments point to, and must still point to when it runs"),
    unpinned: z
      .array(z.string())
      .optional()
      .describe("What it points to that the approval does not hold fast, and why"),
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
    vouched: z
      .array(z.strictObject({ path: z.string(), origins: z.array(z.string()), reason: z.string() }))
      .optional()
      .describe("Values that count as the owner's, with where they stand and what vouches for them"),
  }),
);
export type Parked = z.infer<ReturnType<typeof parkedSchema>>;

import { z } from "zod";
import { principalSchema } from "./principal-schema.ts";
import { scopeSchema } from "./record.ts";

/** That somebody may use a skill. Times are in milliseconds since 1970; `scope` is JSON. */
export const grantRowSchema = z.strictObject({
  id: z.string(),
  principal: principalSchema,
  skill: z.string(),
  scope: z.string(),
  task: z.string().nullable(),
  expires_ms: z.number().int().nullable(),
  given_ms: z.number().int(),
  status: z.enum(["given", "revoked"]),
});
export type GrantRow = z.infer<typeof grantRowSchema>;

/** One kind of command, so many times. */
export const planStepSchema = z.strictObject({
  skill: z.string().describe("Name of the skill, as in mail.send"),
  scope: scopeSchema.default({}).describe("All that its commands may touch outside; left out, nothing"),
  args: z
    .record(z.string(), z.json())
    .default({})
    .describe("Arguments that must be just these, approved with the plan; the others are free"),
  times: z.number().int().positive().max(1000).default(1).describe("How many such commands; left out, one"),
});

const planRowSchema = z.strictObject({
  id: z.string(),
  principal: principalSchema,
  task: z.string(),
  title: z.string(),
  expires_ms: z.number().int().nullable(),
  given_ms: z.number().int(),
  status: z.enum(["given", "revoked"]),
});
export type PlanRow = z.infer<typeof planRowSchema>;

/** `scope` and `args` are JSON. */
const planStepRowSchema = z.strictObject({
  plan: z.string(),
  n: z.number().int(),
  skill: z.string(),
  scope: z.string(),
  args: z.string(),
  times: z.number().int(),
  used: z.number().int(),
});
export type PlanStepRow = z.infer<typeof planStepRowSchema>;

/** A plan with what is left of its steps. */
export const shownPlanSchema = planRowSchema.extend({ steps: z.array(planStepRowSchema) });
export type ShownPlan = z.infer<typeof shownPlanSchema>;

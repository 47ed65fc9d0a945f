import { z } from "zod";
import { once } from "../once.ts";
import { layers } from "./effect.ts";

/** One rule: its Cedar text, and what is said of it in plain words. */
export const policyRuleSchema = once(() =>
  z.strictObject({
    id: z.string().describe("Its @id, or its file and number"),
    text: z.string().describe("In Cedar"),
    effect: z.enum(["permit", "forbid"]).describe("What it does where it applies"),
    layer: z.enum(layers).describe("The layer that it speaks in"),
    title: z.string().describe("What it says, for the person who reads a verdict"),
    origin: z.enum(["shipped", "owner"]).describe("Who wrote it"),
  }),
);
export type PolicyRule = z.infer<ReturnType<typeof policyRuleSchema>>;

/** A change of the rules that waits for the owner. */
export const pendingRuleSchema = once(() =>
  z.strictObject({
    what: z.enum(["adds a permit", "takes away a forbid"]).describe("Why it widens what may be done"),
    rule: policyRuleSchema().describe("The rule that comes or goes"),
  }),
);
export type PendingRule = z.infer<ReturnType<typeof pendingRuleSchema>>;

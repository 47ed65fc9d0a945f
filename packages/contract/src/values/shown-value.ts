import { z } from "zod";
import { once } from "../once.ts";
import { effects, risks } from "./effect.ts";
import { marks } from "./origin.ts";
import { slotKinds } from "./plan.ts";

/** A value of an approval request. Every text in it is fit for a screen, and none is shortened but an endless name. */
export const shownValueSchema = once(() =>
  z.strictObject({
    path: z.string().describe("Where it stands in the arguments, as in `to[0]`"),
    text: z.string().describe("Whole"),
    kind: z.enum(slotKinds).describe("What it is; `text` for content"),
    decides: z.boolean().describe("It controls what happens, or it is what the request is about"),
    from: z.array(
      z.strictObject({
        mark: z.enum(marks),
        says: z.string().describe("What is said beside the mark; empty where it says all"),
      }),
    ),
    reasons: z.array(z.string()).describe("Why it does not count as the owner's"),
    endorse: z
      .string()
      .nullable()
      .describe("Where it is another's and an approval takes it over: the source, the same for all of it; else null"),
    odd: z.array(z.string()).describe("What is unlike all that was approved before"),
    last: z
      .strictObject({
        text: z.string(),
        at: z.string().describe("When it was approved, ISO 8601 UTC"),
        times: z.number().int().describe("How often it was, of late"),
      })
      .optional()
      .describe("What stood in its place the last time, where that was something else"),
    reaches: z.string().optional().describe("The host that an address leads to, or the path that a name comes to"),
  }),
);
export type ShownValue = z.infer<ReturnType<typeof shownValueSchema>>;

/** What an approval would bring about, beside what the arguments say. */
export const approvalFactsSchema = once(() =>
  z.strictObject({
    effect: z.enum(effects).nullable().describe("null where the skill is not there any more"),
    risk: z.enum(risks).nullable(),
    learns: z.array(z.string()).describe("Who learns of it, outside this machine"),
    left: z.array(z.string()).describe("What is left of the allowance and of the hour after it"),
    approved: z.strictObject({
      times: z.number().int().describe("How often the owner approved this skill before"),
      last: z.string().optional().describe("When the last time was, ISO 8601 UTC"),
    }),
    batch: z
      .string()
      .nullable()
      .describe("The same for requests that may be read and answered together; null for one that stands alone"),
  }),
);
export type ApprovalFacts = z.infer<ReturnType<typeof approvalFactsSchema>>;

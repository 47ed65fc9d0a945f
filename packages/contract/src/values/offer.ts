import { z } from "zod";
import { once } from "../once.ts";

/** A rule that is offered because the owner approved the same kind of request again and again. It is never adopted by itself. */
export const ruleOfferSchema = once(() =>
  z.strictObject({
    id: z.string().describe("Id of the latest of the approvals: `approval.offer` and `offer.decline` take it"),
    title: z.string().describe("What the rule says, in a sentence"),
    times: z.number().int().describe("How often it was approved"),
    principal: z.string(),
    skill: z.string(),
  }),
);
export type RuleOffer = z.infer<ReturnType<typeof ruleOfferSchema>>;

// Rules that would loosen what asks or is denied: offered, shown, and written by nobody but the owner.
import { z } from "zod";
import { defineContract } from "./contract.ts";
import { layers, verdicts } from "./values/effect.ts";
import { ruleOfferSchema } from "./values/offer.ts";
import { policyRuleSchema } from "./values/policy-rule.ts";

const id = () => z.string().min(1).max(200).describe("Id of the command, or a beginning or an end of it");

export const approvalBlocked = defineContract({
  name: "approval.blocked",
  kind: "query",
  recovery: true,
  title: "List what was denied or has expired",
  input: () =>
    z.strictObject({
      days: z.number().int().min(1).max(3_660).default(30).describe("How far back"),
      limit: z.number().int().min(1).max(200).default(20).describe("How many kinds at most"),
    }),
  output: () =>
    z.strictObject({
      blocked: z
        .array(
          z.strictObject({
            id: z.string().describe("Id of the latest such command"),
            at: z.string().describe("When that was, ISO 8601 UTC"),
            count: z.number().int().describe("How many of this kind"),
            status: z.enum(["denied", "expired"]),
            principal: z.string(),
            skill: z.string(),
            layer: z.enum(layers),
            reason: z.string(),
            rules: z.array(z.string()).describe("The rules that denied it"),
            askInstead: z
              .boolean()
              .describe("A rule of the owner's could make it ask: `approval.offer` with `to: ask` says which"),
            next: z.string().optional().describe("What else can be done about it"),
          }),
        )
        .describe("The latest first"),
      more: z.boolean().describe("There are more than these"),
    }),
  examples: [{ title: "Of the last thirty days", args: {} }],
  // Names of skills stand in it as those who were denied wrote them.
  provenance: { writers: "anyone", private: true },
});

export const approvalOffer = defineContract({
  name: "approval.offer",
  kind: "query",
  recovery: true,
  title: "Draft the rule by which something would be asked about, or let through",
  input: () =>
    z.strictObject({
      id: id(),
      to: z
        .enum(["ask", "allow"])
        .describe("`ask`: what was denied asks from now on; `allow`: what was approved asks no more"),
    }),
  output: () =>
    z.strictObject({
      id: z.string().describe("Id of the command"),
      title: z.string().describe("What the change says, in a sentence"),
      before: z.enum(verdicts).describe("How the command is decided by the rules of now"),
      after: z.enum(verdicts).describe("How it would be"),
      added: z.array(policyRuleSchema()).describe("Rules that come"),
      gone: z.array(z.string()).describe("Ids of rules that go"),
      files: z
        .array(
          z.strictObject({
            name: z.string(),
            text: z.string().describe("The whole file"),
            replaces: z.string().optional().describe("SHA-256 of the text in whose place it comes"),
          }),
        )
        .describe("Files for `policy.write`"),
    }),
  examples: [{ title: "Be asked instead", args: { id: "7f3a", to: "ask" } }],
});

export const offerDecline = defineContract({
  name: "offer.decline",
  kind: "admin",
  title: "Decline the offer of a rule for good",
  input: () => z.strictObject({ id: id() }),
  output: () => ruleOfferSchema().pick({ id: true }),
  examples: [{ title: "Never offer it again", args: { id: "7f3a" } }],
  event: "offer.declined",
  subjects: { approval: "id" },
});

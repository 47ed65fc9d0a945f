import { z } from "zod";
import { defineContract } from "./contract.ts";
import { approvalRowSchema, parkedSchema, shownLineSchema } from "./values/approval.ts";
import { ruleOfferSchema } from "./values/offer.ts";
import { credentialSchema } from "./values/passkey.ts";
import { planCardSchema, shownPlanSchema } from "./values/plan.ts";
import { answerValuesSchema } from "./values/question.ts";
import { approvalFactsSchema, shownValueSchema } from "./values/shown-value.ts";

const id = () =>
  z.string().describe("Id of the request, which is that of the command that waits; or a beginning or an end of one");

export const approvalList = defineContract({
  name: "approval.list",
  kind: "query",
  recovery: true,
  title: "List approval requests",
  input: () =>
    z.strictObject({
      all: z
        .boolean()
        .optional()
        .describe("Also those that were answered or have expired; left out, only the open ones"),
      answeredMax: z
        .number()
        .int()
        .min(0)
        .max(1000)
        .optional()
        .describe("With `all`: of those that are over only so many, the latest; all where it is left out"),
    }),
  output: () =>
    z.strictObject({
      approvals: z.array(approvalRowSchema()).describe("The first to expire first"),
      plans: z.array(shownPlanSchema()).describe("Plans in force, each with how much of its steps is used"),
      offers: z.array(ruleOfferSchema()).describe("Rules that are offered, for what was approved again and again"),
    }),
  examples: [{ title: "What waits for an answer", args: {} }],
});

export const approvalShow = defineContract({
  name: "approval.show",
  kind: "query",
  recovery: true,
  title: "Show an approval request whole",
  input: () => z.strictObject({ id: id() }),
  output: () =>
    z.strictObject({
      approval: approvalRowSchema(),
      command: parkedSchema().nullable().describe("The whole parked command; null once its payload was deleted"),
      title: z.string().describe("What its skill does, for the person who is asked"),
      undo: z.string().nullable().describe("How it is undone; null where it cannot be"),
      memories: z
        .array(z.strictObject({ id: z.string(), content: z.string() }))
        .describe("What the memories that it names by their ids say now"),
      shown: z
        .array(shownLineSchema())
        .describe("All of it for a person to read: what has no ink is named, so that it may be printed as it is"),
      values: z
        .array(shownValueSchema())
        .describe("What decides first, then the other arguments; of a plan, its values of others"),
      facts: approvalFactsSchema(),
      card: planCardSchema().optional().describe("Of a plan that is proposed: all of it, instead of its arguments"),
      hash: z.string().describe("Names the payload: an answer carries it, so that it answers exactly what was shown"),
    }),
  examples: [{ title: "One request, by the end of its id", args: { id: "7f3a" } }],
});

export const approvalMine = defineContract({
  name: "approval.mine",
  kind: "query",
  title: "See what became of your own approval requests",
  input: () =>
    z.strictObject({
      id: z.string().max(100).optional().describe("Whole id of one request; left out, the latest fifty"),
    }),
  output: () =>
    z.strictObject({
      approvals: z
        .array(
          z.strictObject({
            id: z.string().describe("Id of the request, which is that of the command that waits"),
            skill: z.string().describe("What was asked for"),
            status: approvalRowSchema().shape.status,
            askedAt: z.string().describe("ISO 8601"),
            expiresAt: z.string().describe("ISO 8601; unanswered by then, it is denied"),
            answeredAt: z.string().nullable().describe("ISO 8601; null where it was not answered"),
          }),
        )
        .describe("Those of the principal that asks, and of nobody else; the newest first"),
    }),
  examples: [{ title: "All of the latest", args: {} }],
});

export const approvalApprove = defineContract({
  name: "approval.approve",
  kind: "admin",
  title: "Approve a request",
  input: () =>
    z.strictObject({
      id: id(),
      hash: z.string().describe("The `hash` that `approval.show` gave: what is approved"),
      values: answerValuesSchema()
        .optional()
        .describe("What a question of a running command asks for, by the name of each field; left out, its defaults"),
      passkey: credentialSchema()
        .optional()
        .describe(
          "From a device that has a passkey: its answer to a challenge for this request, where the risk is high",
        ),
    }),
  output: () =>
    z.strictObject({
      approval: z.string().describe("Id of the request"),
      run: z.string().describe("Id of the run that goes on: whoever waits for it hears how it ends"),
      offer: ruleOfferSchema().optional().describe("A rule that is offered, where this was the third of its kind"),
    }),
  examples: [{ title: "Approve what was shown", args: { id: "7f3a", hash: "5d41402abc4b2a76b9719d911017c592" } }],
  event: "approval.approved",
  subjects: { approval: "approval" },
});

export const approvalDeny = defineContract({
  name: "approval.deny",
  kind: "admin",
  recovery: true,
  title: "Deny a request",
  input: () => z.strictObject({ id: id() }),
  output: () => z.strictObject({ approval: z.string().describe("Id of the request") }),
  examples: [{ title: "Deny a request", args: { id: "7f3a" } }],
  event: "approval.refused",
  subjects: { approval: "approval" },
});

export const approvalAgain = defineContract({
  name: "approval.again",
  kind: "outside",
  title: "Make a new command of one that was parked",
  input: () =>
    z.strictObject({
      id: id(),
      args: z.record(z.string(), z.json()).optional().describe("Its arguments, changed by you; left out, as they were"),
    }),
  output: () =>
    z.strictObject({
      command: z.string().describe("Id of the new command"),
      status: z
        .enum(["done", "denied", "parked", "failed", "interrupted", "repeated"])
        .describe("How it ended, or that it waits"),
      approval: z.string().optional().describe("Id of its request, where it waits for one"),
      reason: z.string().optional().describe("Why it is not done"),
    }),
  examples: [
    { title: "Ask again what has expired", args: { id: "7f3a" } },
    {
      title: "With another text",
      args: { id: "7f3a", args: { to: ["sarah@example.org"], subject: "Tea", body: "At five?" } },
    },
  ],
  effects: ["admin"],
  control: ["id"],
  event: "approval.repeated",
  subjects: { approval: "id" },
});

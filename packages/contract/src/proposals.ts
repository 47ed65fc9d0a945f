// The review list: what agents and clients propose, and the owner's answers.
import { z } from "zod";
import { defineContract, undoCommand } from "./contract.ts";
import { memoryFacts } from "./values/memory-facts.ts";
import { proposalStatuses, proposedSchema } from "./values/proposal.ts";

const idShown = "019a5b2e-7c41-7d10-9a35-2f6d0c8e4b17";
const proposalId = z.string().describe("Id of the proposal, or a beginning or an end of it that fits no other");
const status = z.enum(proposalStatuses);

/** Puts something into the review list. Nothing is done before the owner accepts it; what was answered is not put there again. */
export const proposalMake = defineContract({
  name: "proposal.make",
  kind: "own",
  title: "Propose something to the owner",
  input: () =>
    z.strictObject({
      does: proposedSchema().describe("What is done when the owner accepts it"),
      why: z.string().trim().min(1).max(1_000).describe("Why, in a sentence"),
      sources: z.array(z.string()).max(100).default([]).describe("Ids of the memories that it rests on"),
    }),
  output: () =>
    z.strictObject({
      id: z
        .string()
        .nullable()
        .describe("Id of the proposal, or of the fact or task that says so already; null where it was forgotten"),
      status: status.describe("Open, or what the owner answered before"),
      known: z.boolean().describe("It was there before: nothing was written"),
    }),
  examples: [
    {
      title: "A fact that two memories speak of",
      args: {
        does: { type: "fact", subject: "Sarah", predicate: "lives-in", object: "Lisbon" },
        why: "Two memories say so.",
        sources: [idShown],
      },
    },
  ],
  event: "proposal.made",
  provenance: { content: ["does", "why"], ids: { id: "memory" }, fields: { id: "record" } },
});

export const proposalList = defineContract({
  name: "proposal.list",
  kind: "query",
  title: "List what is proposed to you",
  input: () =>
    z.strictObject({
      all: z.boolean().optional().describe("What was answered, too"),
      limit: z.number().int().min(1).max(1_000).default(200).describe("How many at most, the latest"),
    }),
  output: () =>
    z.strictObject({
      proposals: z
        .array(
          z.strictObject({
            id: z.string().describe("Id of the proposal"),
            at: z.string().describe("When it was made, ISO 8601"),
            does: proposedSchema().describe("What is done when it is accepted"),
            text: z.string().describe("The same in words"),
            why: z.string().describe("Why it was proposed"),
            status: status.describe("Open, or what the owner answered"),
            origins: z.array(z.string()).describe("Who proposed it, and whose words it rests on"),
            sources: z
              .array(z.strictObject({ id: z.string(), text: z.string().describe("How it begins") }))
              .describe("The memories that it rests on and that are still there"),
            lost: z.number().int().describe("How many of these are gone"),
            foldedInto: z
              .string()
              .nullable()
              .describe("The open proposal that would dismiss this one; null where there is none"),
          }),
        )
        .describe("The earliest first"),
      more: z.boolean().describe("There are earlier ones"),
    }),
  examples: [{ title: "What waits for an answer", args: {} }],
  provenance: memoryFacts(),
});

const answer = (what: string) => () => z.strictObject({ ids: z.array(proposalId).min(1).max(100).describe(what) });
const answered = () =>
  z.strictObject({
    ids: z.array(z.string()).describe("Whole ids of the proposals"),
    made: z.array(z.string()).describe("Ids of the memories, facts and tasks that came of it"),
    contradicts: z
      .array(z.strictObject({ id: z.string(), object: z.string() }))
      .describe("Facts that say otherwise, and stay"),
  });

export const proposalAccept = defineContract({
  name: "proposal.accept",
  kind: "admin",
  title: "Accept what was proposed",
  input: answer("Proposals that are done now"),
  output: answered,
  examples: [{ title: "One of them", args: { ids: [idShown] } }],
  event: "proposal.accepted",
  undo: undoCommand,
});

export const proposalDismiss = defineContract({
  name: "proposal.dismiss",
  kind: "admin",
  title: "Dismiss what was proposed",
  input: answer("Proposals that are not made again"),
  output: answered,
  examples: [{ title: "One of them", args: { ids: [idShown] } }],
  event: "proposal.dismissed",
  undo: undoCommand,
});

import { z } from "zod";
import { defineContract } from "./contract.ts";
import { factStatuses } from "./values/memory.ts";
import { makesMemory, takesMemory } from "./values/memory-facts.ts";

const word = z.string().trim().min(1).max(300);
const predicateSchema = z
  .string()
  .regex(/^[a-z][a-z0-9-]{0,99}$/, "a predicate is a word in lower case, as in works-at or birthday");

const statedSchema = z.strictObject({
  id: z.string().describe("Id of the other fact"),
  object: z.string().describe("What it says instead"),
});

const stateOutput = () =>
  z.strictObject({
    id: z.string().describe("Id of the fact"),
    known: z.boolean().describe("It was known: what it rests on was joined"),
    contradicts: z.array(statedSchema).describe("Facts that say otherwise at the same time, and stay"),
    replaced: z.array(statedSchema).describe("Facts that this one ended"),
  });

export const factAdd = defineContract({
  name: "fact.add",
  kind: "own",
  title: "State a fact",
  input: () =>
    z.strictObject({
      subject: word.describe("Whom or what it is about"),
      predicate: predicateSchema.describe("What of it: a word in lower case, as in works-at or birthday"),
      object: z.string().trim().min(1).max(10_000).describe("What it says"),
      validFrom: z.iso
        .date()
        .optional()
        .describe("The first day it holds, YYYY-MM-DD; since ever where it is left out"),
      validTo: z.iso
        .date()
        .optional()
        .describe("The first day it no longer holds, YYYY-MM-DD; none where it is left out"),
      confidence: z.number().min(0).max(1).optional().describe("How sure it is, from 0 to 1; 1 where it is left out"),
      status: z
        .enum(factStatuses)
        .optional()
        .describe("`observed` where it is left out; what an agent states is always `inferred`"),
      sources: z.array(z.string()).max(100).optional().describe("Ids of memories that say so"),
      replace: z
        .boolean()
        .optional()
        .describe("End the facts that it contradicts, on the day it begins; else they stay"),
    }),
  output: stateOutput,
  examples: [
    {
      title: "Where somebody works since when",
      args: { subject: "Sarah", predicate: "works-at", object: "Acme", validFrom: "2026-03-01" },
    },
  ],
  event: "fact.added",
  subjects: { memory: "id" },
  provenance: makesMemory,
});

export const relationshipRelate = defineContract({
  name: "relationship.relate",
  kind: "own",
  title: "Relate two people or things",
  input: () =>
    z.strictObject({
      a: word.describe("Name of the one"),
      b: word.describe("Name of the other"),
      type: predicateSchema.describe("What relates a to b: a word in lower case, as in knows or member-of"),
      since: z.iso.date().optional().describe("The first day it holds, YYYY-MM-DD; since ever where it is left out"),
    }),
  output: stateOutput,
  examples: [{ title: "Who knows whom", args: { a: "Sarah", b: "Tom", type: "knows" } }],
  event: "relationship.related",
  subjects: { memory: "id" },
  provenance: makesMemory,
});

export const factReview = defineContract({
  name: "fact.review",
  kind: "own",
  title: "Confirm or revoke a fact",
  input: () =>
    z.strictObject({
      id: z.string().describe("Id of the fact, or a beginning or an end of it that fits no other"),
      status: z.enum(["confirmed", "revoked"]).describe("Confirm it (the owner alone does), or let it no longer count"),
    }),
  output: () => z.strictObject({ id: z.string().describe("Whole id of the fact"), status: z.enum(factStatuses) }),
  examples: [
    {
      title: "Say that it is right",
      args: { id: "019a5b2e-7c41-7d10-9a35-2f6d0c8e4b17", status: "confirmed" },
    },
  ],
  event: "fact.reviewed",
  subjects: { memory: "id" },
  control: ["id"],
  provenance: takesMemory,
});

import { z } from "zod";
import { defineContract } from "./contract.ts";
import { once } from "./once.ts";
import { datedBySchema, factSchema, factStatuses } from "./values/memory.ts";
import { makesMemory, memoryFacts, takesMemory } from "./values/memory-facts.ts";
import { instantSchema } from "./values/text.ts";

const word = once(() => z.string().trim().min(1).max(300));
const predicateSchema = once(() =>
  z.string().regex(/^[a-z][a-z0-9-]{0,99}$/, "a predicate is a word in lower case, as in works-at or birthday"),
);

const statedSchema = once(() =>
  z.strictObject({
    id: z.string().describe("Id of the other fact"),
    object: z.string().describe("What it says instead"),
    told: z.string().describe("The day on which it was told, YYYY-MM-DD"),
    since: z.string().optional().describe("The first day it holds, where it tells it"),
  }),
);

const stateOutput = () =>
  z.strictObject({
    id: z.string().describe("Id of the fact"),
    known: z.boolean().describe("It was known: what it rests on was joined"),
    contradicts: z.array(statedSchema()).describe("Facts that say otherwise at the same time, and stay"),
    replaced: z.array(statedSchema()).describe("Facts that this one ended"),
    before: z.array(statedSchema()).describe("Facts that held before: they are over on the day this one begins"),
    after: z.array(statedSchema()).describe("Facts that begin later: this one is over on the day they begin"),
  });

export const factAdd = defineContract({
  name: "fact.add",
  kind: "own",
  title: "State a fact",
  input: () =>
    z.strictObject({
      subject: word().describe("Whom or what it is about"),
      predicate: predicateSchema().describe("What of it: a word in lower case, as in works-at or birthday"),
      object: z.string().trim().min(1).max(10_000).describe("What it says"),
      validFrom: z.iso.date().optional().describe("The first day it holds, YYYY-MM-DD; not known where it is left out"),
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
        .describe(
          "End the facts that it contradicts, on the day it begins; else they stay. What an agent states ends only what agents stated",
        ),
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

/** How a fact stands on a day: it holds, it held, it is to hold, or it no longer counts. */
export const factStandings = ["now", "before", "later", "revoked"] as const;
export type FactStanding = (typeof factStandings)[number];

/** A fact with what the other facts of its subject make of it. */
export const standingFactSchema = once(() =>
  z.strictObject({
    id: z.string().describe("Id of the fact"),
    at: z.string().describe("When it was told, ISO 8601 UTC"),
    datedBy: datedBySchema(),
    recordedAt: z.string().describe("When this revision was written, ISO 8601 UTC"),
    origins: z.array(z.string()).describe("Whose words they are"),
    fact: factSchema(),
    standing: z.enum(factStandings).describe("It holds on that day, held before, begins later, or was revoked"),
    until: z
      .string()
      .nullable()
      .describe("The first day it no longer holds, told or by a fact that begins then; null where there is none"),
    against: z.array(statedSchema()).describe("Facts that say otherwise of the same time"),
  }),
);
export type StandingFact = z.infer<ReturnType<typeof standingFactSchema>>;

export const factList = defineContract({
  name: "fact.list",
  kind: "query",
  title: "See facts: what holds, what held before, and what contradicts what",
  input: () =>
    z.strictObject({
      about: word().optional().describe("Whom or what they name, at either end; all where it is left out"),
      predicate: predicateSchema().optional().describe("Only those that say this of it"),
      on: z.iso.date().optional().describe("How they stand on this day, YYYY-MM-DD; today where it is left out"),
      recordedBy: instantSchema
        .optional()
        .describe("What was on record at this time, ISO 8601, told with `about`; now where it is left out"),
      contradicted: z.boolean().optional().describe("Only those that another one contradicts"),
      limit: z.number().int().min(1).max(1000).default(200).describe("How many at most"),
    }),
  output: () =>
    z.strictObject({
      facts: z.array(standingFactSchema()).describe("What holds first, then what held, the latest first"),
      more: z.boolean().describe("There are more than these"),
    }),
  examples: [
    { title: "What is known of somebody", args: { about: "Sarah" } },
    {
      title: "What was believed on New Year of where she works",
      args: { about: "Sarah", predicate: "works-at", recordedBy: "2026-01-01T00:00:00Z" },
    },
  ],
  provenance: memoryFacts(),
});

export const factSpot = defineContract({
  name: "fact.spot",
  kind: "query",
  title: "Find the sentences of your own notes that state a fact",
  input: () =>
    z.strictObject({
      from: instantSchema.describe("Notes told at this time or later, ISO 8601"),
      to: instantSchema.describe("Notes told before this time, ISO 8601"),
      limit: z.number().int().min(1).max(1000).default(1000).describe("How many notes are read at most, the latest"),
    }),
  output: () =>
    z.strictObject({
      statements: z
        .array(
          z.strictObject({
            subject: z.string().describe("Whom or what it is about; the owner by name where the settings tell it"),
            predicate: z.string().describe("What of it, as in `allergic-to`"),
            object: z.string().describe("What it says, word for word"),
            holds: z.enum(["yes", "no", "over"]).describe("It is so, is not so, or was so and is over"),
            isOwn: z.boolean().describe("Of the owner or who is theirs (“my sister”); else of somebody by name"),
            validFrom: z.string().optional().describe("The first day it holds, where the sentence tells since when"),
            quote: z.string().describe("The sentence"),
            memory: z.string().describe("Id of the note"),
            at: z.string().describe("When it was told, ISO 8601 UTC"),
            fact: z.string().nullable().describe("Id of the fact that says so already; null where there is none"),
          }),
        )
        .describe("In the order told"),
    }),
  examples: [{ title: "Those of a week", args: { from: "2026-03-02T00:00:00Z", to: "2026-03-09T00:00:00Z" } }],
  provenance: { private: true },
});

const evidenceSchema = once(() =>
  z.strictObject({
    id: z.string().describe("Id of the fact or the memory"),
    kind: z.enum(["fact", "memory"]).describe("A fact on record, or the words of a memory"),
    quote: z.string().describe("What it says: the sentence, word for word, or the fact"),
    at: z.string().describe("When it was told, ISO 8601 UTC"),
    datedBy: datedBySchema(),
    recordedAt: z.string().describe("When it was written down, ISO 8601 UTC"),
    speaker: z.string().optional().describe("Who said it, where that was not the owner"),
    source: z.string().describe("How it came in: `capture`, `fact`, or what an importer calls itself"),
    origins: z.array(z.string()).describe("Whose words they are"),
    cmd: z.string().describe("The command that wrote it: `mh why` explains it; empty for a file edited by hand"),
    standing: z
      .enum(factStandings)
      .optional()
      .describe("Of a fact: whether it holds, held before, or no longer counts"),
    until: z.string().nullable().optional().describe("Of a fact: the first day it no longer holds"),
    sources: z.array(z.string()).describe("Of a fact: ids of the memories it rests on"),
  }),
);
export type Evidence = z.infer<ReturnType<typeof evidenceSchema>>;

export const factWhy = defineContract({
  name: "fact.why",
  kind: "query",
  title: "See what speaks for a claim, and what against it",
  input: () =>
    z.strictObject({
      claim: z.string().trim().min(1).max(1000).describe("A sentence, as in “Sarah works at Acme”"),
      limit: z.number().int().min(1).max(100).default(20).describe("How much of each side at most"),
    }),
  output: () =>
    z.strictObject({
      read: z
        .array(
          z.strictObject({
            subject: z.string(),
            predicate: z.string(),
            object: z.string(),
            holds: z.enum(["yes", "no", "over"]),
          }),
        )
        .describe("How the claim was understood; empty where it was compared by its words alone"),
      for: z.array(evidenceSchema()).describe("What says so: facts first, then memories, the latest first"),
      against: z.array(evidenceSchema()).describe("What says otherwise, in the same order"),
    }),
  examples: [{ title: "Whether somebody works somewhere", args: { claim: "Sarah works at Acme" } }],
  provenance: { private: true },
});

export const relationshipRelate = defineContract({
  name: "relationship.relate",
  kind: "own",
  title: "Relate two people or things",
  input: () =>
    z.strictObject({
      a: word().describe("Name of the one"),
      b: word().describe("Name of the other"),
      type: predicateSchema().describe("What relates a to b: a word in lower case, as in knows or member-of"),
      since: z.iso.date().optional().describe("The first day it holds, YYYY-MM-DD; not known where it is left out"),
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

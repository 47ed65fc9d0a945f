// What reads memories.
import { z } from "zod";
import { defineContract } from "./contract.ts";
import { factSchema, memoryRecordSchema } from "./values/memory.ts";
import { memoryFacts } from "./values/memory-facts.ts";
import { memoryKinds } from "./values/memory-kinds.ts";
import { instantSchema } from "./values/text.ts";

const kindsSchema = z.array(z.enum(memoryKinds)).optional();
const fromSchema = instantSchema.optional().describe("Told at this time or later, ISO 8601; since ever where left out");
const toSchema = instantSchema.optional().describe("Told before this time, ISO 8601; until now where it is left out");
const idShown = "019a5b2e-7c41-7d10-9a35-2f6d0c8e4b17";

export const hitSchema = z.strictObject({
  id: z.string().describe("Id of the memory"),
  score: z.number().describe("The sum of its weighted signals"),
  signals: z.record(z.string(), z.number()).describe("What speaks for it, each from 0 to 1, relative to the best one"),
  reason: z.string().describe("Why it was found, in a sentence"),
  record: memoryRecordSchema.describe("The memory"),
});
export type Hit = z.infer<typeof hitSchema>;

const noteSchema = z
  .string()
  .optional()
  .describe("Where an embedder is set up and was not used for all: why, and what helps");

export const memorySearch = defineContract({
  name: "memory.search",
  kind: "query",
  title: "Search your memories",
  input: () =>
    z.strictObject({
      q: z.string().max(10_000).describe("Words, names and dates, as one would ask for them"),
      k: z.number().int().min(1).max(1000).default(10).describe("How many at most"),
      kinds: kindsSchema.describe("Only these kinds; all but `artifact` where it is left out"),
      from: fromSchema,
      to: toSchema,
    }),
  output: () =>
    z.strictObject({
      hits: z.array(hitSchema).describe("The best first"),
      note: noteSchema,
    }),
  examples: [{ title: "What was said of a move", args: { q: "Sarah moving last week", k: 5 } }],
  provenance: memoryFacts("memory."),
});

const citationSchema = z.strictObject({
  id: z.string().describe("Id of the memory"),
  externalId: z.string().optional().describe("Its id where it came from"),
  at: z.string().describe("When it was told, ISO 8601 UTC"),
  speaker: z.string().optional().describe("Who told it, where that was not the owner"),
  content: z.string().describe("What it says"),
  when: z
    .strictObject({ from: z.string(), to: z.string(), text: z.string(), grain: z.string() })
    .optional()
    .describe("When what it tells of happened, where its words say so: [from, to), and the words"),
  reason: z.string().describe("Why it was found, in a sentence"),
});
export type Citation = z.infer<typeof citationSchema>;

export const answerSchema = z.strictObject({
  text: z.string().describe("The answer"),
  citations: z.array(citationSchema).describe("The memories that it rests on"),
  model: z.string().nullable().describe("Which model wrote the text; null for a template, which only quotes"),
  note: noteSchema,
});
export type Answer = z.infer<typeof answerSchema>;

export const memoryAsk = defineContract({
  name: "memory.ask",
  kind: "query",
  title: "Answer from your memories",
  input: () =>
    z.strictObject({
      q: z.string().min(1, "ask something").max(10_000).describe("The question"),
      k: z.number().int().min(1).max(50).default(5).describe("How many memories it may rest on"),
    }),
  output: () => answerSchema,
  examples: [{ title: "When something happens", args: { q: "When does Sarah move to Lisbon?" } }],
  provenance: { private: true },
});

export const memoryList = defineContract({
  name: "memory.list",
  kind: "query",
  title: "List your memories",
  input: () =>
    z.strictObject({
      after: z.string().optional().describe("The `next` of the page before; the first page where it is left out"),
      kinds: kindsSchema.describe("Only these kinds; all where it is left out"),
      limit: z.number().int().min(1).max(1000).default(1000).describe("How many at most"),
      latest: z.boolean().optional().describe("The latest first; else the earliest"),
      about: z.string().optional().describe("Only those that name this person, place or thing"),
    }),
  output: () =>
    z.strictObject({
      memories: z.array(memoryRecordSchema).describe("In order of recording"),
      next: z.string().nullable().describe("What to ask for the next page with; null where this is the last"),
    }),
  examples: [{ title: "The ten latest", args: { latest: true, limit: 10 } }],
  provenance: memoryFacts(),
});

export const memoryShow = defineContract({
  name: "memory.show",
  kind: "query",
  title: "Show one memory",
  input: () =>
    z.strictObject({
      id: z.string().describe("Id of the memory, or a beginning or an end of it that fits no other"),
    }),
  output: () =>
    z.strictObject({
      memory: memoryRecordSchema.describe("Its latest revision"),
      linkedFrom: z.array(z.string()).describe("Ids of memories that refer to it"),
    }),
  examples: [{ title: "One memory, whole", args: { id: idShown } }],
  provenance: memoryFacts("memory."),
});

export const momentSchema = z.strictObject({
  at: z.string().describe("When, ISO 8601 UTC"),
  why: z.enum(["told", "happens"]).describe("It was told then, or what it tells of happens then"),
  memory: memoryRecordSchema,
});
export type Moment = z.infer<typeof momentSchema>;

export const memoryTimeline = defineContract({
  name: "memory.timeline",
  kind: "query",
  title: "See your memories along time",
  input: () =>
    z.strictObject({
      from: instantSchema.optional().describe("At this time or later, ISO 8601; since ever where it is left out"),
      to: instantSchema.optional().describe("Before this time, ISO 8601; without end where it is left out"),
      about: z.string().max(300).optional().describe("Only those that name this person, place or thing"),
      kinds: kindsSchema.describe("Only these kinds; `episodic` where it is left out"),
      limit: z.number().int().min(1).max(1000).default(100).describe("How many moments at most"),
      forward: z.boolean().optional().describe("The earliest first; else the latest"),
    }),
  output: () =>
    z.strictObject({
      moments: z.array(momentSchema),
      more: z.boolean().describe("There are more than these"),
    }),
  examples: [{ title: "What concerned Sarah, the latest first", args: { about: "Sarah", limit: 20 } }],
  provenance: memoryFacts("memory."),
});

const counts = z.record(z.string(), z.number());

export const memoryStatsSchema = z.strictObject({
  kinds: counts.describe("How many memories of each kind"),
  sources: z
    .array(z.strictObject({ source: z.string(), memories: z.number() }))
    .describe("The twenty sources with the most memories"),
  months: z
    .array(z.strictObject({ month: z.string(), memories: z.number() }))
    .describe("The last two years, a month each as in 2026-03 (UTC), the latest first"),
  tasks: counts.describe("How many tasks of each status"),
  people: z.number().describe("How many people they name"),
  facts: z.number().describe("How many facts hold"),
  forgotten: z.number().describe("How many were forgotten"),
  retracted: z.number().describe("How many were undone, merged, or accepted as removed"),
  lines: z.number().describe("How many lines there are, earlier revisions included"),
  bytes: z.number().describe("Size of the files"),
  firstAt: z.string().nullable().describe("When the earliest was told, ISO 8601; null where there is none"),
  lastAt: z.string().nullable().describe("When the latest was told, ISO 8601; null where there is none"),
});
export type MemoryStats = z.infer<typeof memoryStatsSchema>;

export const memoryStats = defineContract({
  name: "memory.stats",
  kind: "query",
  title: "Count your memories",
  input: () => z.strictObject({}),
  output: () => memoryStatsSchema,
  examples: [{ title: "How much there is of what", args: {} }],
});

const personSchema = z.strictObject({
  name: z.string(),
  mentions: z.number().describe("How often memories name them"),
  firstAt: z.string().describe("First time, ISO 8601 UTC"),
  lastAt: z.string().describe("Last time, ISO 8601 UTC"),
});

export const relationshipList = defineContract({
  name: "relationship.list",
  kind: "query",
  title: "List the people in your memories",
  input: () =>
    z.strictObject({
      limit: z.number().int().min(1).max(1000).default(50).describe("How many at most"),
      name: z.string().optional().describe("Only the one of this name; all where it is left out"),
    }),
  output: () => z.strictObject({ people: z.array(personSchema).describe("The most mentioned first") }),
  examples: [{ title: "Whom your memories speak of", args: {} }],
  provenance: { private: true },
});

/** One relationship of somebody or something, read from its own end. */
export const relationshipSchema = z.strictObject({
  id: z.string().describe("Id of the fact that says so"),
  direction: z.enum(["out", "in"]).describe("`out`: the one asked for is its subject"),
  type: z.string().describe("What relates them, as in `works-at`"),
  other: z.string().describe("Who or what is at the other end"),
  fact: factSchema,
});
export type Relationship = z.infer<typeof relationshipSchema>;

export const relationshipShow = defineContract({
  name: "relationship.show",
  kind: "query",
  title: "Show the relationships of somebody",
  input: () =>
    z.strictObject({ name: z.string().min(1).max(300).describe("Name of a person, project, place or thing") }),
  output: () =>
    z.strictObject({
      name: z.string().describe("As memories spell it"),
      mentions: z.number().describe("How many memories name it"),
      relationships: z.array(relationshipSchema).describe("What facts say, from both ends"),
      together: z
        .array(z.strictObject({ name: z.string(), kind: z.string(), times: z.number() }))
        .describe("What is named together with it in most memories"),
    }),
  examples: [{ title: "Whom Sarah knows", args: { name: "Sarah" } }],
  provenance: { private: true },
});

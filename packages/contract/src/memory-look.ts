// What reads memories. Who and what they speak of: relationships.ts.
import { z } from "zod";
import { defineContract } from "./contract.ts";
import { once } from "./once.ts";
import { datedBySchema, memoryRecordSchema } from "./values/memory.ts";
import { memoryFacts } from "./values/memory-facts.ts";
import { memoryKinds } from "./values/memory-kinds.ts";
import { instantSchema } from "./values/text.ts";

const archivedSchema = once(() =>
  z
    .enum(["only", "too"])
    .optional()
    .describe("Archived memories alone, or with the others; none of them where left out"),
);
const kindsSchema = once(() => z.array(z.enum(memoryKinds)).optional());
const fromSchema = once(() =>
  instantSchema.optional().describe("Told at this time or later, ISO 8601; since ever where left out"),
);
const toSchema = once(() =>
  instantSchema.optional().describe("Told before this time, ISO 8601; until now where it is left out"),
);
const idShown = "019a5b2e-7c41-7d10-9a35-2f6d0c8e4b17";

export const hitSchema = once(() =>
  z.strictObject({
    id: z.string().describe("Id of the memory"),
    score: z.number().describe("The sum of its weighted signals"),
    signals: z
      .record(z.string(), z.number())
      .describe("What speaks for it, each from 0 to 1, relative to the best one"),
    shares: z
      .record(z.string(), z.number())
      .optional()
      .describe("How much of the score each signal that speaks for it makes, where that was asked for"),
    reason: z.string().describe("Why it was found, in a sentence"),
    record: memoryRecordSchema().describe("The memory"),
  }),
);
export type Hit = z.infer<ReturnType<typeof hitSchema>>;

const noteSchema = once(() =>
  z
    .string()
    .optional()
    .describe(
      "What else there would be, where nothing was found; why an embedder was not used for all, and what helps",
    ),
);

export const memorySearch = defineContract({
  name: "memory.search",
  kind: "query",
  title: "Search your memories",
  input: () =>
    z.strictObject({
      q: z.string().max(10_000).describe("Words, names and dates, as one would ask for them"),
      k: z.number().int().min(1).max(1000).default(10).describe("How many at most"),
      kinds: kindsSchema().describe("Only these kinds; all but `artifact` where it is left out"),
      from: fromSchema(),
      to: toSchema(),
      archived: archivedSchema(),
      explain: z.boolean().optional().describe("With what each signal adds to the score"),
    }),
  output: () =>
    z.strictObject({
      hits: z.array(hitSchema()).describe("The best first"),
      note: noteSchema(),
    }),
  examples: [{ title: "What was said of a move", args: { q: "Sarah moving last week", k: 5 } }],
  provenance: memoryFacts("memory."),
});

const citationSchema = once(() =>
  z.strictObject({
    id: z.string().describe("Id of the memory"),
    externalId: z.string().optional().describe("Its id where it came from"),
    at: z.string().describe("When it was told, ISO 8601 UTC"),
    datedBy: datedBySchema(),
    speaker: z.string().optional().describe("Who told it, where that was not the owner"),
    origin: z
      .string()
      .optional()
      .describe("Where its words come from, where they are not the owner's own, as in calendar:work"),
    content: z.string().describe("What it says"),
    quote: z.string().describe("The part of it that answers best, word for word"),
    value: z.string().optional().describe("The words of that part that are asked for: an amount, an age, a place"),
    when: z
      .strictObject({ from: z.string(), to: z.string(), text: z.string(), grain: z.string() })
      .optional()
      .describe("When what it tells of happened, where its words say so: [from, to), and the words"),
    reason: z.string().describe("Why it was found, in a sentence"),
  }),
);
export type Citation = z.infer<ReturnType<typeof citationSchema>>;

export const answerSchema = once(() =>
  z.strictObject({
    text: z.string().describe("The answer"),
    citations: z.array(citationSchema()).describe("The memories that it rests on"),
    model: z.string().nullable().describe("Which model wrote the text; null for a template, which only quotes"),
    sureness: z
      .enum(["sure", "unsure", "nothing"])
      .describe("Whether the first memory answers the question, may answer it, or nothing on record does"),
    chance: z.number().min(0).max(1).describe("How likely the first memory answers it, from 0 to 1"),
    note: noteSchema(),
  }),
);
export type Answer = z.infer<ReturnType<typeof answerSchema>>;

export const memoryAsk = defineContract({
  name: "memory.ask",
  kind: "query",
  title: "Answer from your memories",
  input: () =>
    z.strictObject({
      q: z.string().min(1, "ask something").max(10_000).describe("The question"),
      k: z.number().int().min(1).max(50).default(5).describe("How many memories it may rest on"),
    }),
  output: answerSchema,
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
      kinds: kindsSchema().describe("Only these kinds; all where it is left out"),
      limit: z.number().int().min(1).max(1000).default(1000).describe("How many at most"),
      latest: z.boolean().optional().describe("The latest first; else the earliest"),
      about: z.string().optional().describe("Only those that name this person, place or thing"),
      archived: archivedSchema(),
    }),
  output: () =>
    z.strictObject({
      memories: z.array(memoryRecordSchema()).describe("In order of recording"),
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
      memory: memoryRecordSchema().describe("Its latest revision"),
      linkedFrom: z.array(z.string()).describe("Ids of memories that refer to it"),
    }),
  examples: [{ title: "One memory, whole", args: { id: idShown } }],
  provenance: memoryFacts("memory."),
});

export const memorySpot = defineContract({
  name: "memory.spot",
  kind: "query",
  title: "Find what you told again and again, or is over, and could be archived",
  input: () =>
    z.strictObject({ limit: z.number().int().min(1).max(100).default(20).describe("How many groups at most") }),
  output: () =>
    z.strictObject({
      found: z
        .array(
          z.strictObject({
            why: z
              .enum(["repeated", "superseded"])
              .describe("The same words were told later again, or all facts that rest on it hold no longer"),
            memories: z.array(z.string()).describe("Ids of those that could be archived, the earliest first"),
            text: z.string().describe("How they begin; of what is over, the fact"),
            last: z.string().nullable().describe("When the same was last told, which stays, ISO 8601 UTC"),
          }),
        )
        .describe("None that was proposed before, whatever became of it"),
    }),
  examples: [{ title: "What there is", args: {} }],
  provenance: { private: true },
});

const restsSchema = once(() =>
  z.strictObject({
    id: z.string().describe("Id of the memory"),
    at: z.string().describe("When it was told, ISO 8601 UTC"),
    datedBy: datedBySchema(),
    text: z.string().describe("How it begins, or the sentence of it that says so"),
  }),
);

export const memoryEvidence = defineContract({
  name: "memory.evidence",
  kind: "query",
  title: "See what a procedure or preference was learned from, and how often it held",
  input: () =>
    z.strictObject({
      id: z.string().describe("Id of the procedure or preference, or a beginning or an end of it that fits no other"),
    }),
  output: () =>
    z.strictObject({
      id: z.string().describe("Whole id of the procedure or preference"),
      proposal: z
        .strictObject({
          id: z.string(),
          at: z.string().describe("When it was proposed, ISO 8601 UTC"),
          why: z.string().describe("Why it was proposed"),
          by: z.array(z.string()).describe("Who proposed it, and whose words it rests on"),
        })
        .nullable()
        .describe("The proposal that it comes from; null where there is none, or it was forgotten"),
      decision: z.string().nullable().describe("Id of the decision that the owner corrected by it"),
      sources: z.array(restsSchema()).describe("The memories that it was learned from and that are still there"),
      lost: z.number().int().describe("How many of these are gone"),
      days: z.number().int().describe("On how many days the owner's own memories say that it held"),
      last: z.string().nullable().describe("The last of them, ISO 8601 UTC; null where there is none"),
      against: z.array(restsSchema()).describe("The owner's own memories that say otherwise, the latest first"),
    }),
  examples: [{ title: "What a routine rests on", args: { id: idShown } }],
  provenance: { private: true },
});

export const momentSchema = once(() =>
  z.strictObject({
    at: z.string().describe("When, ISO 8601 UTC"),
    why: z.enum(["told", "happens"]).describe("It was told then, or what it tells of happens then"),
    memory: memoryRecordSchema(),
  }),
);
export type Moment = z.infer<ReturnType<typeof momentSchema>>;

export const memoryTimeline = defineContract({
  name: "memory.timeline",
  kind: "query",
  title: "See your memories along time",
  input: () =>
    z.strictObject({
      from: instantSchema.optional().describe("At this time or later, ISO 8601; since ever where it is left out"),
      to: instantSchema.optional().describe("Before this time, ISO 8601; without end where it is left out"),
      about: z.string().max(300).optional().describe("Only those that name this person, place or thing"),
      kinds: kindsSchema().describe("Only these kinds; `episodic` where it is left out"),
      limit: z.number().int().min(1).max(1000).default(100).describe("How many moments at most"),
      forward: z.boolean().optional().describe("The earliest first; else the latest"),
      after: z
        .string()
        .regex(/^-?\d{1,16} \S{1,100} [01]$/)
        .optional()
        .describe("The `next` of the page before; the first page where it is left out"),
    }),
  output: () =>
    z.strictObject({
      moments: z.array(momentSchema()),
      more: z.boolean().describe("There are more than these"),
      next: z.string().nullable().describe("What to ask for the next page with; null where this is the last"),
    }),
  examples: [{ title: "What concerned Sarah, the latest first", args: { about: "Sarah", limit: 20 } }],
  provenance: memoryFacts("memory."),
});

const counts = once(() => z.record(z.string(), z.number()));

export const memoryStatsSchema = once(() =>
  z.strictObject({
    kinds: counts().describe("How many memories of each kind"),
    sources: z
      .array(z.strictObject({ source: z.string(), memories: z.number() }))
      .describe("The twenty sources with the most memories"),
    months: z
      .array(z.strictObject({ month: z.string(), memories: z.number() }))
      .describe("The last two years, a month each as in 2026-03 (UTC), the latest first"),
    tasks: counts().describe("How many tasks of each status"),
    people: z.number().describe("How many people they name"),
    facts: z.number().describe("How many facts hold"),
    forgotten: z.number().describe("How many were forgotten"),
    retracted: z.number().describe("How many were undone, merged, or accepted as removed"),
    lines: z.number().describe("How many lines there are, earlier revisions included"),
    bytes: z.number().describe("Size of the files"),
    firstAt: z.string().nullable().describe("When the earliest was told, ISO 8601; null where there is none"),
    lastAt: z.string().nullable().describe("When the latest was told, ISO 8601; null where there is none"),
  }),
);
export type MemoryStats = z.infer<ReturnType<typeof memoryStatsSchema>>;

export const memoryStats = defineContract({
  name: "memory.stats",
  kind: "query",
  title: "Count your memories",
  input: () => z.strictObject({}),
  output: memoryStatsSchema,
  examples: [{ title: "How much there is of what", args: {} }],
});

export const memoryMap = defineContract({
  name: "memory.map",
  kind: "query",
  title: "See what is near a memory, a person, a project, a place or a thing",
  input: () =>
    z.strictObject({
      around: z
        .string()
        .min(1)
        .max(300)
        .describe("Id of a memory, or the name of a person, project, place or thing, as memories spell it"),
      limit: z
        .number()
        .int()
        .min(2)
        .max(150)
        .default(60)
        .describe("How many at most, what stands in the middle included"),
    }),
  output: () =>
    z.strictObject({
      nodes: z
        .array(
          z.strictObject({
            id: z.string().describe("Of a memory, its id; of what memories name, as in `name:sarah`"),
            kind: z.string().describe("`memory`, or what is named: person, project, place, thing and the like"),
            label: z.string().describe("The name, or the first words of the memory"),
            memories: z.number().int().describe("Of what is named: in how many memories; of a memory, 1"),
            distance: z.number().int().describe("Steps from the middle, which is 0"),
          }),
        )
        .describe("The middle first, then the nearest"),
      edges: z
        .array(
          z.strictObject({
            from: z.string(),
            to: z.string(),
            why: z
              .enum(["names", "links", "rests", "fact", "contradicts"])
              .describe(
                "A memory names it, links to it, is a fact that rests on it, or contradicts it; `fact`: a fact relates the two names",
              ),
            label: z.string().describe("What a fact says of the two, as `works-at`; else empty"),
          }),
        )
        .max(1000)
        .describe("Between these nodes alone"),
      more: z.boolean().describe("There is more around it than is shown"),
    }),
  examples: [{ title: "What is near Sarah", args: { around: "Sarah" } }],
  provenance: { writers: "anyone", private: true },
});

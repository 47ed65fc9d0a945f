// Whom and what memories speak of, and how they are connected.
import { z } from "zod";
import { defineContract } from "./contract.ts";
import { standingFactSchema } from "./facts.ts";
import { once } from "./once.ts";
import { datedBySchema } from "./values/memory.ts";

export const lastContactSchema = once(() =>
  z.strictObject({
    at: z.string().describe("ISO 8601"),
    how: z
      .enum(["mail", "calendar", "message", "told"])
      .describe("`calendar`: an event that is over; `told`: your own note tells of a meeting or a talk"),
    memory: z.string().describe("Id of the memory that says so"),
  }),
);
export type LastContact = z.infer<ReturnType<typeof lastContactSchema>>;

const personSchema = once(() =>
  z.strictObject({
    name: z.string(),
    mentions: z.number().describe("How often memories name them"),
    firstAt: z.string().describe("First time, ISO 8601 UTC"),
    lastAt: z.string().describe("Last time, ISO 8601 UTC"),
    lastContact: lastContactSchema()
      .nullable()
      .describe("When you last had to do with them; null where no memory says"),
  }),
);

export const relationshipList = defineContract({
  name: "relationship.list",
  kind: "query",
  title: "List the people in your memories",
  input: () =>
    z.strictObject({
      limit: z.number().int().min(1).max(1000).default(50).describe("How many at most"),
      name: z.string().optional().describe("Only the one of this name; all where it is left out"),
    }),
  output: () => z.strictObject({ people: z.array(personSchema()).describe("The most mentioned first") }),
  examples: [{ title: "Whom your memories speak of", args: {} }],
  provenance: { private: true },
});

/** One relationship of somebody or something, read from its own end. */
export const relationshipSchema = once(() =>
  z.strictObject({
    id: z.string().describe("Id of the fact that says so"),
    direction: z.enum(["out", "in"]).describe("`out`: the one asked for is its subject"),
    type: z.string().describe("What relates them, as in `works-at`"),
    other: z.string().describe("Who or what is at the other end"),
    ...standingFactSchema().pick({ fact: true, standing: true, until: true, against: true }).shape,
  }),
);
export type Relationship = z.infer<ReturnType<typeof relationshipSchema>>;

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
      relationships: z.array(relationshipSchema()).describe("What facts say, from both ends"),
      together: z
        .array(z.strictObject({ name: z.string(), kind: z.string(), times: z.number() }))
        .describe("What is named together with it in most memories"),
    }),
  examples: [{ title: "Whom Sarah knows", args: { name: "Sarah" } }],
  provenance: { private: true },
});

export const memoryAbout = defineContract({
  name: "memory.about",
  kind: "query",
  title: "See all that is known of a person, a place or a project",
  input: () =>
    z.strictObject({
      name: z.string().trim().min(1).max(300).describe("A name or an alias, as memories spell it; “I” is the owner"),
      last: z.number().int().min(1).max(100).default(5).describe("How many of the latest memories that name it"),
    }),
  output: () =>
    z.strictObject({
      name: z.string().describe("As memories spell it"),
      kinds: z
        .array(z.strictObject({ kind: z.string(), times: z.number() }))
        .describe("What memories take it for, the most usual first"),
      aliases: z.array(z.string()).describe("Its other names, by facts"),
      mentions: z.number().describe("How many memories name it"),
      firstAt: z.string().nullable().describe("When it was first told of, ISO 8601; null where no memory names it"),
      lastAt: z.string().nullable().describe("When it was last told of, ISO 8601"),
      lastContact: lastContactSchema()
        .nullable()
        .describe("When you last had to do with them; null where no memory says"),
      topics: z
        .array(z.strictObject({ name: z.string(), times: z.number() }))
        .describe("What memories that name it are about, the most usual first"),
      relationships: z.array(relationshipSchema()).describe("What facts say of it, from both ends; what holds first"),
      memories: z
        .array(
          z.strictObject({
            ...{ id: z.string(), at: z.string(), datedBy: datedBySchema() },
            text: z.string().describe("How it begins"),
          }),
        )
        .describe("The latest that name it, the latest first"),
      together: z
        .array(z.strictObject({ name: z.string(), kind: z.string(), times: z.number() }))
        .describe("What is named together with it in most memories"),
    }),
  examples: [{ title: "All that is known of Sarah", args: { name: "Sarah" } }],
  provenance: { private: true },
});

export const relationshipReach = defineContract({
  name: "relationship.reach",
  kind: "query",
  title: "See who and what is connected with somebody, over several steps",
  input: () =>
    z.strictObject({
      name: z.string().trim().min(1).max(300).describe("Where to begin: a name or an alias; “I” is the owner"),
      steps: z.number().int().min(1).max(5).default(2).describe("How many facts a way may have at most"),
      limit: z.number().int().min(1).max(500).default(100).describe("How many are reached at most, the nearest first"),
    }),
  output: () =>
    z.strictObject({
      reached: z
        .array(
          z.strictObject({
            name: z.string().describe("As the fact spells it"),
            steps: z.number().int().describe("How many facts lie between"),
            way: z
              .array(
                z.strictObject({
                  id: z.string().describe("Id of the fact"),
                  subject: z.string(),
                  predicate: z.string(),
                  object: z.string(),
                  standing: standingFactSchema().shape.standing,
                }),
              )
              .describe("The facts of one shortest way, from the beginning on"),
          }),
        )
        .describe("The nearest first"),
      more: z.boolean().describe("There are more than these"),
    }),
  examples: [{ title: "Whom Sarah knows by others", args: { name: "Sarah", steps: 2 } }],
  provenance: { private: true },
});

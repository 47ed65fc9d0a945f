// What stands in the files of this folder, one record a line. Times without a zone are the owner's wall-clock times.
import { z } from "zod";

const day = z.iso.date();
const minute = z.iso.datetime({ local: true, offset: false, precision: -1 });
const words = z.string().trim().min(1);
const known = { id: z.string().regex(/^[nmetck]\d+$/), at: minute };

export const memorySchema = z.discriminatedUnion("kind", [
  z.strictObject({ ...known, kind: z.literal("note"), title: words.optional(), text: words }),
  z.strictObject({
    ...{ ...known, kind: z.literal("mail"), title: words, text: words },
    ...{ from: words, to: words, session: words },
  }),
  z.strictObject({
    ...{ ...known, kind: z.literal("event"), at: z.union([minute, day]), title: words, text: words.optional() },
    end: z.union([minute, day]).describe("The last day where `at` is a day"),
    where: words.optional(),
    with: z.array(words).optional(),
    everyWeeks: z.int().positive().optional(),
    until: day.optional(),
  }),
  z.strictObject({
    ...{ ...known, kind: z.literal("task"), title: words, text: words.optional() },
    state: z.enum(["open", "done", "dropped"]),
    due: day,
    done: day.optional(),
  }),
  z.strictObject({
    ...{ ...known, kind: z.literal("chat"), session: words, text: words },
    by: z.enum(["owner", "assistant"]),
  }),
  z.strictObject({ ...known, kind: z.literal("contact"), name: words, predicate: words, object: words }),
]);
export type LivedMemory = z.infer<typeof memorySchema>;

export const ownerSchema = z.strictObject({
  id: words,
  name: words,
  split: z.enum(["fit", "held", "aside"]),
  timeZone: words,
  languages: z.array(words).min(1),
  voice: words,
});
export type Owner = z.infer<typeof ownerSchema>;

export const questionKinds = [
  ...["who", "when", "where", "how-many", "how-much", "how-old", "how-long", "list", "first-last", "yes-no"],
  ...["definition", "preference", "change", "multi-hop", "span", "lookup"],
] as const;

const ids = z.array(known.id).min(1);

export const questionSchema = z.strictObject({
  id: words,
  owner: words,
  at: minute,
  language: z.enum(["en", "de", "fr", "es", "pt"]),
  kind: z.enum(questionKinds),
  ask: words,
  answers: z.array(ids).describe("One memory of each group is needed, any of the group; none: it has no answer"),
  spans: z.array(words).min(1).optional().describe("The answer as the memories write it"),
  says: words.optional().describe("The answer in words of its own, where no memory writes it"),
  wrong: ids.optional().describe("Memories that look like answers and are none: outdated, of somebody else"),
  needs: z
    .enum(["meaning", "language"])
    .optional()
    .describe("More than the owner's own words: another word for the same, or a memory in another language"),
  ofAssistant: z.literal(true).optional().describe("It asks for what the assistant said"),
});
export type Question = z.infer<typeof questionSchema>;

const wall = { from: minute, to: minute };

export const timeSchema = z.strictObject({
  ...{ id: words, at: minute, timeZone: words, weekStart: z.enum(["monday", "sunday"]) },
  ...{ language: questionSchema.shape.language, ask: words },
  span: z
    .strictObject({
      words: words.describe("The words of the question that name the time"),
      ...wall,
      grain: z.enum(["hour", "day", "week", "month", "year"]),
      accept: z.array(z.strictObject(wall)).optional().describe("Other readings that are right too"),
    })
    .optional()
    .describe("[from, to) on the wall; left out where the question names no time"),
  why: words.optional().describe("What looks like a time and is none"),
});
export type AskedTime = z.infer<typeof timeSchema>;

import { z } from "zod";
import { once } from "../once.ts";
import { dayOrTimeSchema } from "./text.ts";

/** Where a proposal stands. Only the owner answers one. */
export const proposalStatuses = ["open", "accepted", "dismissed"] as const;
export type ProposalStatus = (typeof proposalStatuses)[number];

const word = once(() => z.string().trim().min(1).max(300));
const text = once(() =>
  z
    .string()
    .trim()
    .min(1)
    .max(10_000)
    .refine((words) => words.isWellFormed() && !words.includes("\0"), "the text is not valid Unicode"),
);
const id = once(() => z.string().min(1).max(100));

/** What becomes of a proposal when the owner accepts it. Nothing happens before. */
export const proposedSchema = once(() =>
  z.discriminatedUnion("type", [
    z.strictObject({
      type: z.literal("fact").describe("A fact is stated, confirmed by the owner"),
      subject: word().describe("Whom or what it is about"),
      predicate: z
        .string()
        .regex(/^[a-z][a-z0-9-]{0,99}$/, "a predicate is a word in lower case, as in works-at")
        .describe("What of it: a word in lower case, as in works-at"),
      object: word().describe("What it says"),
      validFrom: z.iso.date().exactOptional().describe("The first day it holds, where it was told"),
    }),
    z.strictObject({
      type: z.literal("routine").describe("A routine is kept as a note"),
      title: word().describe("What is done, in a line"),
      text: text().describe("When, and how"),
    }),
    z.strictObject({
      type: z.literal("preference").describe("A preference is kept as a note"),
      text: text().describe("What the owner likes, wants or does not want"),
    }),
    z.strictObject({
      type: z.literal("task").describe("A task is added"),
      title: word().describe("What is to be done, in a line"),
      due: dayOrTimeSchema
        .exactOptional()
        .describe("When it must be done: a day or a local time, as in 2026-11-27 or 2026-11-27T15:00"),
    }),
    z.strictObject({
      type: z.literal("memory").describe("A text is remembered"),
      text: text().describe("What is remembered"),
    }),
    z.strictObject({
      type: z.literal("reflection").describe("A reflection is kept, and states no fact"),
      period: z
        .string()
        .regex(/^\d{4}-(?:\d\d-\d\d|W\d\d)$/, "a day is 2026-03-02, a week 2026-W10")
        .describe("The day or week that it is about, as in 2026-11-27 or 2026-W48"),
      text: text().describe("What there is to say about it"),
    }),
    z.strictObject({
      type: z.literal("review").describe("The owner looks something over; it changes nothing"),
      period: z
        .string()
        .regex(/^\d{4}-W\d\d$/, "a week is 2026-W10")
        .describe("The week that it is for, as in 2026-W48"),
      text: text().describe("What there is to look over, and how"),
    }),
    z.strictObject({
      type: z.literal("merge").describe("Memories of the same become one, until it is undone"),
      keep: id().describe("Id of the memory that takes the others in"),
      others: z.array(id()).min(1).max(50).describe("Ids of those that say the same"),
    }),
    z.strictObject({
      type: z.literal("retire").describe("A fact no longer counts, or no longer holds from a day on"),
      fact: id().describe("Id of the fact"),
      on: z.iso
        .date()
        .exactOptional()
        .describe("The first day it no longer holds; it never counts where it is left out"),
    }),
    z.strictObject({
      type: z.literal("forsake").describe("Memories whose note is gone are retired"),
      memories: z.array(id()).min(1).max(500).describe("Their ids"),
    }),
    z.strictObject({
      type: z.literal("archive").describe("Memories are left out of lists"),
      memories: z.array(id()).min(1).max(500).describe("Their ids"),
    }),
    z.strictObject({
      type: z.literal("dismiss").describe("Other proposals are dismissed with one answer"),
      proposals: z.array(id()).min(1).max(100).describe("Their ids"),
    }),
  ]),
);
export type Proposed = z.infer<ReturnType<typeof proposedSchema>>;

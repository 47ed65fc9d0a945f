import { z } from "zod";
import { defineContract, undoCommand } from "./contract.ts";
import { once } from "./once.ts";

const time = (what: string) =>
  z
    .string()
    .min(1)
    .max(100)
    .describe(`${what}: a day, a time on the owner's clock, an instant, or plain words as in "friday 3pm"`);
const source = (none: string) =>
  z.string().max(64).optional().describe(`Name of a calendar in the settings; ${none} where it is left out`);

/** One line without control characters: ids and versions stand in requests and files as they are. */
const token = () =>
  z
    .string()
    .min(1)
    .max(1_000)
    .regex(/^[^\p{Cc}\p{Zl}\p{Zp}]+$/u, "it is one line");

/** The servers, the passwords and the files of calendars, as the settings name them. */
const permissions = { hosts: ["settings"], secrets: ["settings"], paths: ["settings"] };

const when = once(() => ({
  start: z.string().describe("An instant, ISO 8601; for whole days the first day, as in 2026-05-08"),
  end: z.string().describe("An instant; for whole days the last day"),
  allDay: z.boolean().describe("Whether it is whole days"),
}));

export const calendarEventSchema = once(() =>
  z.strictObject({
    source: z.string().describe("Name of its calendar"),
    uid: z.string().describe("Names the event in its calendar; all of a series have the same"),
    title: z.string().describe("On one line"),
    ...when(),
    repeats: z.boolean().describe("It is one of a series"),
    place: z.string().optional().describe("Where it is, where it says so"),
    description: z.string().optional().describe("More words, 2,000 characters at most"),
    people: z.array(z.string()).optional().describe("Who takes part"),
    tentative: z.literal(true).optional().describe("It is not settled yet"),
    etag: z.string().optional().describe("The version that a change of the event is made from"),
  }),
);
export type CalendarEvent = z.infer<ReturnType<typeof calendarEventSchema>>;

const failedSources = once(() =>
  z
    .array(
      z.strictObject({
        source: z.string().describe("Name of the calendar"),
        code: z.string().describe("Code of the fault"),
        reason: z.string().describe("A sentence with the next step"),
      }),
    )
    .describe("Calendars that could not be read, and why"),
);
const notedSources = once(() =>
  z
    .array(
      z.strictObject({
        source: z.string().describe("Name of the calendar"),
        note: z.string().describe("What could not be read, and where it stands"),
      }),
    )
    .describe("What in a calendar could not be read"),
);

/**
 * Events of a stretch of time, from all calendars or one. A calendar that fails does not hide the others.
 *
 * Its answer is kept only where the owner had to approve it: the stretch of time moves, so that no two answers of an
 * agent are the same, and each would copy the calendar. A new id reads it again.
 */
export const calendarRead = defineContract({
  name: "calendar.read",
  kind: "outside",
  title: "Look into your calendars",
  input: () =>
    z.strictObject({
      from: time("From when on").optional(),
      to: time("Until when; a day counts whole").optional(),
      source: source("all"),
      limit: z
        .number()
        .int()
        .min(1)
        .max(1_000)
        .default(200)
        .describe("How many events at most; 200 where it is left out"),
    }),
  output: () =>
    z.strictObject({
      from: z.string().describe("Beginning of the stretch of time, ISO 8601"),
      to: z.string().describe("Its end, ISO 8601"),
      timeZone: z.string().describe("IANA name of the owner's time zone, in which days were read"),
      sources: z.array(z.string()).describe("Names of the calendars that were asked"),
      events: z.array(calendarEventSchema()).describe("The earliest first"),
      more: z.boolean().describe("There are more than `limit`"),
      failed: failedSources(),
      notes: notedSources(),
    }),
  examples: [
    { title: "Today", args: {} },
    { title: "The week to come", args: { from: "tomorrow", to: "in a week" } },
  ],
  effects: ["read", "fetch"],
  permissions,
  provenance: {
    ids: { uid: "event" },
    fields: { uid: "record", start: "record", end: "record", allDay: "record", source: "record", etag: "record" },
    writers: "anyone",
    private: true,
  },
  retry: "safe",
  event: "calendar.read",
});

/**
 * Keeps the events of the calendars that the settings name, each as it now stands there. What is kept is what was read: the
 * caller says no word of it.
 */
export const calendarKeep = defineContract({
  name: "calendar.keep",
  kind: "outside",
  title: "Keep what is in your calendars with your memories",
  input: () => z.strictObject({ source: source("all") }),
  output: () =>
    z.strictObject({
      sources: z.array(z.string()).describe("Names of the calendars that were read"),
      added: z.number().int().describe("How many events are new"),
      updated: z.number().int().describe("How many are another than before: moved, called otherwise, cancelled"),
      gone: z.number().int().describe("How many are no longer there, and were taken out of the memories"),
      same: z.number().int().describe("How many are as they were"),
      refused: z.number().int().describe("How many were not taken: you forgot or changed them"),
      failed: failedSources(),
      notes: notedSources(),
    }),
  examples: [{ title: "All calendars", args: {} }],
  effects: ["read", "fetch"],
  permissions,
  undo: undoCommand,
  retry: "safe",
  event: "calendar.kept",
});

/**
 * Makes an event, or changes one. Once, however often it is tried: a new event's UID is the command's id, and a changed
 * one carries it.
 */
export const calendarWrite = defineContract({
  name: "calendar.write",
  kind: "outside",
  title: "Put an event into your calendar, or change one",
  input: () =>
    z
      .strictObject({
        source: source("the only one that can be written"),
        uid: token().optional().describe("Names the event to change; a new one is made where it is left out"),
        title: z.string().trim().min(1).max(500).describe("What it is called"),
        start: time("When it begins"),
        end: time(
          "When it ends; of whole days the last. An hour later, or the same day, where it is left out",
        ).optional(),
        durationMinutes: z
          .number()
          .int()
          .min(1)
          .max(366 * 24 * 60)
          .optional()
          .describe("How long it takes in minutes, instead of an end"),
        allDay: z
          .boolean()
          .optional()
          .describe("Whether it is whole days; where it is left out, it is if `start` names no time of day"),
        place: z.string().max(500).optional().describe("Where it is; empty takes it away, left out it stays"),
        description: z
          .string()
          .max(20_000)
          .optional()
          .describe("More words; empty takes them away, left out they stay"),
        etag: token()
          .optional()
          .describe(
            "The version that was read: if it is another by now, nothing is changed. Not compared where left out",
          ),
      })
      .refine(({ end, durationMinutes }) => end === undefined || durationMinutes === undefined, {
        error: "give an end or a duration, not both",
        path: ["end"],
      })
      .refine(({ etag, uid }) => etag === undefined || uid !== undefined, {
        error: "a version is an event's that there is: give its uid",
        path: ["etag"],
      }),
  output: () =>
    z.strictObject({
      source: z.string().describe("Name of the calendar"),
      uid: z.string().describe("Names the event in it"),
      made: z.boolean().describe("It was made, not changed"),
      etag: z.string().optional().describe("The version that it is now, where the calendar says so"),
      ...when(),
    }),
  examples: [
    { title: "A meeting", args: { title: "Tea", start: "tomorrow 4pm", durationMinutes: 30 } },
    { title: "A whole day", args: { title: "Fair", start: "2026-05-08" } },
  ],
  effects: ["local", "send"],
  permissions,
  control: ["source", "uid"],
  provenance: {
    ...{ types: { uid: "id" }, takes: { uid: "event" }, content: ["title", "place", "description"] },
    ...{ ids: { uid: "event" }, fields: { uid: "record" } },
  },
  retry: "safe",
  pointers: { uid: "pinned" },
  event: "calendar.written",
});

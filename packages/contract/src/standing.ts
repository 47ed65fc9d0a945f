// Standing intents: "when Sarah writes, remind me of the cost sheet", kept as a note and matched without a model.
import { z } from "zod";
import { defineContract, undoCommand } from "./contract.ts";
import { once } from "./once.ts";

const who = () => z.string().describe("A name, an address, or a domain as @example.org");

/** What a standing intent waits for, as its words were read. */
export const conditionSchema = once(() =>
  z.discriminatedUnion("type", [
    z.strictObject({
      type: z.literal("mail").describe("A mail comes"),
      who: who(),
      about: z.string().exactOptional().describe("Words that its subject or text has"),
    }),
    z.strictObject({
      type: z.literal("memory").describe("The owner captures something"),
      about: z.string().describe("Words that it has"),
    }),
    z.strictObject({
      type: z.literal("event").describe("An event of the owner's calendars begins soon"),
      who: z.string().describe("Words that it has, as somebody's name"),
      minutes: z.number().int().describe("How long before"),
    }),
    z.strictObject({
      type: z.literal("task").describe("A task is done"),
      title: z.string().describe("Words of its title"),
    }),
    z.strictObject({
      type: z.literal("time").describe("A time comes, once"),
      at: z.string().describe("On the owner's wall, as in 2026-11-27T15:00"),
    }),
    z.strictObject({
      type: z.literal("times").describe("A time comes, again and again"),
      cron: z.string().describe("Five fields: minute, hour, day, month, weekday"),
    }),
  ]),
);
export type Condition = z.infer<ReturnType<typeof conditionSchema>>;

export const actionSchema = once(() =>
  z.strictObject({
    type: z.enum(["remind", "task"]).describe("The owner is notified, or has a task"),
    text: z.string().describe("Of what"),
  }),
);
export type Action = z.infer<ReturnType<typeof actionSchema>>;

const statuses = ["on", "paused", "over", "waits", "unclear"] as const;

const matchSchema = once(() =>
  z.strictObject({
    at: z.string().describe("When, ISO 8601"),
    why: z.string().describe("What came, in a sentence"),
    subject: z
      .string()
      .nullable()
      .describe("The memory or task that it was, as `memory:<id>`; null where it was neither"),
    told: z
      .enum(["sent", "held", "task", "cut off", "failed", "not yet"])
      .describe("What became of it: held is until the quiet hours are over; cut off may have rung"),
  }),
);
export type Match = z.infer<ReturnType<typeof matchSchema>>;

/** A standing intent as it is shown. */
export const standingSchema = once(() =>
  z.strictObject({
    id: z.string(),
    path: z.string().describe("Its file, relative to the home"),
    text: z.string().describe("Its words"),
    condition: conditionSchema().nullable().describe("How they were read; null where they cannot be"),
    action: actionSchema().nullable(),
    status: z
      .enum(statuses)
      .describe(
        "Over: its only time has come. Waits: not only the owner's commands wrote it. Unclear: nobody can read it",
      ),
    created: z.string().describe("When it was given, ISO 8601"),
    people: z
      .array(z.strictObject({ name: z.string(), address: z.string() }))
      .describe("Whose mail counts: addresses that the owner stated"),
    matches: z.number().int().describe("How often it matched"),
    last: matchSchema().nullable().describe("The last time that it did"),
    note: z.string().nullable().describe("What stands in its way"),
  }),
);
export type Standing = z.infer<ReturnType<typeof standingSchema>>;

const idShown = "019a5b2e-7c41-7d10-9a35-2f6d0c8e4b17";
const id = () => z.string().describe("Id of the standing intent, or a beginning or an end of it that fits no other");
const words = (what: string) => z.string().trim().min(1).max(500).describe(what);

export const standingAdd = defineContract({
  name: "standing.add",
  kind: "own",
  title: "Keep what is to be done when something comes",
  input: () =>
    z.strictObject({
      text: words("In plain words, as in: when Sarah writes, remind me of the cost sheet"),
    }),
  output: standingSchema,
  examples: [
    { title: "By mail", args: { text: "when Sarah writes, remind me of the cost sheet" } },
    { title: "By the clock", args: { text: "every friday at 16:00 remind me to water the plants" } },
    { title: "Ahead of an event", args: { text: "30 minutes before I meet Tom, remind me of his birthday" } },
  ],
  event: "standing.added",
  subjects: { memory: "id" },
});

export const standingList = defineContract({
  name: "standing.list",
  kind: "query",
  title: "List what is to be done when something comes",
  input: () => z.strictObject({}),
  output: () => z.strictObject({ standing: z.array(standingSchema()).describe("The earliest first") }),
  examples: [{ title: "All of them", args: {} }],
  provenance: { private: true },
});

export const standingShow = defineContract({
  name: "standing.show",
  kind: "query",
  title: "Show a standing intent, and when it matched",
  input: () => z.strictObject({ id: id() }),
  output: () => standingSchema().extend({ matched: z.array(matchSchema()).describe("The last 50, the latest first") }),
  examples: [{ title: "By the end of its id", args: { id: "7f3a" } }],
  provenance: { private: true },
});

const pausing = <const Name extends string>(name: Name, event: string, title: string) =>
  defineContract({
    name,
    kind: "admin",
    title,
    input: () => z.strictObject({ id: id() }),
    output: standingSchema,
    examples: [{ title: "By its id", args: { id: idShown } }],
    control: ["id"],
    event,
    subjects: { memory: "id" },
    undo: undoCommand,
  });

export const standingPause = pausing("standing.pause", "standing.paused", "Let a standing intent rest");
export const standingResume = pausing(
  "standing.resume",
  "standing.resumed",
  "Let a standing intent go on, as it now stands",
);

export const standingRemove = defineContract({
  name: "standing.remove",
  kind: "admin",
  title: "Take a standing intent away",
  input: () => z.strictObject({ id: id() }),
  output: () => z.strictObject({ id: z.string(), text: z.string().describe("What it said") }),
  examples: [{ title: "By its id", args: { id: idShown } }],
  control: ["id"],
  event: "standing.removed",
  subjects: { memory: "id" },
  undo: undoCommand,
});

/** Looks at what came since the last time, and tells the owner what matched. The daemon does it; a second look finds nothing twice. */
export const standingLook = defineContract({
  name: "standing.look",
  kind: "outside",
  title: "Look whether what you wait for came",
  input: () => z.strictObject({}),
  output: () =>
    z.strictObject({
      matched: z.number().int().describe("How often something matched"),
      told: z.number().int().describe("How many reminders went out, or are held for the end of the quiet hours"),
      failed: z.array(z.string()).describe("What could not be read or told, and why"),
    }),
  examples: [{ title: "Whatever came", args: {} }],
  effects: ["read"],
  retry: "safe",
  event: "standing.looked",
});

/** As many of each are matched in one step. */
export const heardMax = 10_000;
export const mailsMax = 10_000;

const heard = (what: string) =>
  z
    .array(z.strictObject({ id: z.string().describe("Its id"), at: z.string().describe("When, ISO 8601") }))
    .max(heardMax)
    .describe(what);

/** A step of a look: what was found is matched, and that stands in the log with how far was looked. */
export const standingMatch = defineContract({
  name: "standing.match",
  kind: "own",
  title: "Match what came with what you wait for",
  input: () =>
    z.strictObject({
      until: z.number().int().min(0).describe("Number of the first record that was not looked at"),
      mail: z
        .array(
          z.strictObject({
            account: z.string().describe("Name of the account"),
            uidValidity: z.string().describe("What its numbers belong to"),
            uid: z.number().int().describe("The number through which its mails were looked at"),
            more: z.boolean().describe("There were more than one look takes"),
          }),
        )
        .max(1_000)
        .describe("How far each mailbox was looked at"),
      memories: heard("Memories that the owner captured"),
      tasks: heard("Tasks that were done"),
      mails: z
        .array(
          z.strictObject({
            standing: z.string().describe("Id of the standing intent whose person wrote it"),
            key: z.string().describe("Names the mail"),
          }),
        )
        .max(mailsMax)
        .describe("Mails that came"),
    }),
  output: () => z.strictObject({ matched: z.number().int() }),
  examples: [{ title: "Nothing came", args: { until: 7, mail: [], memories: [], tasks: [], mails: [] } }],
  event: "standing.matched",
  stepOf: ["standing.look"],
});

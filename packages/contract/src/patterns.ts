// Patterns of what the owner did and chose, found by counting.
import { z } from "zod";
import { defineContract } from "./contract.ts";

/** Habits, cycles of energy and recurring choices: counted, with the days and decisions that they rest on. Nothing is learned by it. */
export const patternSpot = defineContract({
  name: "pattern.spot",
  kind: "query",
  title: "Find habits, active hours and recurring choices in what is on record of you",
  input: () =>
    z.strictObject({
      days: z.number().int().min(7).max(366).default(28).describe("How many days back; left out, 28"),
    }),
  output: () =>
    z.strictObject({
      habits: z
        .array(
          z.strictObject({
            of: z
              .enum(["doings", "calendar"])
              .describe("`calendar`: an event that your calendars have again and again"),
            what: z
              .string()
              .describe("What was done again and again; what a file, a site or an event is called is its maker's word"),
            when: z.string().describe("When, in words"),
            at: z.string().describe("When, as routines of the persona have it: `mon-fri 09:00-10:00`"),
            days: z.number().int().describe("On how many days"),
            memories: z.array(z.string()).describe("Ids of the memories that say so, the latest 20"),
          }),
        )
        .describe("The most regular first, 10 of each kind at most"),
      cycles: z
        .array(
          z.strictObject({
            on: z.enum(["working days", "weekends"]),
            energy: z.enum(["high", "low"]).describe("`low`: hardly anything, between hours that are high"),
            hours: z
              .array(z.strictObject({ from: z.number().int(), to: z.number().int() }))
              .describe("Hours on the owner's wall"),
            at: z.string().describe("The same, as routines of the persona have it"),
            days: z.number().int().describe("Days on which anything was on record"),
            memories: z.array(z.string()).describe("Ids of the memories that say so, the latest 20"),
          }),
        )
        .describe("When the owner notes, writes, answers and works most; none where too few days tell"),
      choices: z
        .array(
          z.strictObject({
            option: z.string().describe("Name of an option, as who asked wrote it"),
            chosen: z.number().int(),
            offered: z.number().int(),
            decisions: z.array(z.string()).describe("Ids of those where it was chosen, the latest 20"),
          }),
        )
        .describe("What the owner took nearly every time that it was offered, 10 at most"),
    }),
  examples: [{ title: "The last four weeks", args: {} }],
  provenance: { private: true },
});

// What was done over time, counted: by everybody, and by one principal against what the owner said to it.
import { z } from "zod";
import { defineContract } from "./contract.ts";
import { effects, trustLevels } from "./values/effect.ts";
import { principalSchema } from "./values/principal-schema.ts";
import { instantSchema } from "./values/text.ts";

const count = () => z.number().int().nonnegative();

const levelNow = () => z.enum(trustLevels).describe("How far it may act alone now");
const fellBy = () =>
  z
    .string()
    .nullable()
    .describe(
      "Id of the command that reached for what is the owner's alone, so that trust fell; null where the owner set it",
    );

/** What mh counts of its own log. Others may have caused it, so it vouches for nothing. */
const provenance = { writers: "self", private: true } as const;

export const logActivity = defineContract({
  name: "log.activity",
  kind: "query",
  recovery: true,
  title: "Count what was done, asked and denied, by the hour or the day",
  input: () =>
    z.strictObject({
      since: instantSchema.describe("From the hour of this time on, ISO 8601"),
      until: instantSchema.optional().describe("Before this time, ISO 8601; until now where it is left out"),
      step: z.enum(["hour", "day"]).default("hour").describe("How long a slot is; days are those of the owner's zone"),
      principal: principalSchema.optional().describe("Only what this one did; everybody where it is left out"),
    }),
  output: () =>
    z.strictObject({
      slots: z
        .array(
          z.strictObject({
            at: z.string().describe("Its beginning: an instant, ISO 8601 UTC, or a day as in 2026-03-14"),
            done: count().describe("Commands that did more than read, and were done"),
            asked: count().describe("Approval requests"),
            denied: count().describe("Commands that the gate denied"),
            failed: count().describe("Commands that did more than read, and failed or were cut off"),
          }),
        )
        .max(5000)
        .describe("Those in which anything happened, the earliest first; of more than 5,000 the latest"),
    }),
  examples: [{ title: "Since a day", args: { since: "2026-03-01T00:00:00Z", step: "day" } }],
  provenance,
});

export const trustHistory = defineContract({
  name: "trust.history",
  kind: "query",
  recovery: true,
  title: "Show somebody's trust over time, and how often the owner decided otherwise",
  input: () =>
    z.strictObject({
      principal: principalSchema.describe("Whose, as in `agent:organizer`"),
      days: z.number().int().min(1).max(366).default(90).describe("How many days back, today included"),
    }),
  output: () =>
    z.strictObject({
      principal: z.string(),
      level: levelNow(),
      drift: z.number().min(0).max(1).nullable().describe("That of the last day"),
      changes: z
        .array(
          z.strictObject({
            at: z.string().describe("ISO 8601 UTC"),
            level: z.enum(trustLevels),
            fellBy: fellBy(),
          }),
        )
        .describe("When its level changed, all of them, the earliest first"),
      days: z
        .array(
          z.strictObject({
            day: z.string().describe("In the owner's zone, as in 2026-03-14"),
            level: z.enum(trustLevels).describe("Its level at the end of that day"),
            done: count().describe("Commands of its that did more than read, and were done"),
            failed: count(),
            denied: count().describe("By the gate"),
            asked: count().describe("Approval requests"),
            approved: count(),
            refused: count().describe("Approval requests that the owner denied"),
            expired: count().describe("Approval requests that nobody answered"),
            undone: count().describe("Commands of its that were taken back"),
            agreed: count().describe("Decisions left to the owner, who chose what it rated best"),
            differed: count().describe("Decisions left to the owner, who chose something else"),
            violated: count().describe(
              "Commands of its, or that it led to, which reached for what is the owner's alone",
            ),
            drift: z
              .number()
              .min(0)
              .max(1)
              .nullable()
              .describe(
                "Of what the owner judged in the fourteen days up to then, the share that they refused, took back or chose otherwise; null where they judged nothing",
              ),
          }),
        )
        .describe("Every day, the earliest first"),
    }),
  examples: [{ title: "The last month", args: { principal: "agent:organizer", days: 30 } }],
  provenance,
});

const share = () => z.number().min(0).max(1).nullable();

/** What somebody's work has earned: the owner's judgements since its level was last set, a score, and what they bear. */
export const trustEvidence = defineContract({
  name: "trust.evidence",
  kind: "query",
  recovery: true,
  title: "Show how far each has earned its trust, and what that proposes",
  input: () => z.strictObject({ principal: principalSchema.optional().describe("Only theirs; left out, everyone's") }),
  output: () =>
    z.strictObject({
      all: z.array(
        z.strictObject({
          principal: z.string(),
          level: levelNow(),
          since: z.string().nullable().describe("When its level was last set, ISO 8601 UTC; null where it never was"),
          fellBy: fellBy(),
          days: count().describe("On how many days the owner judged its work since then"),
          done: count().describe("Commands since then that did more than read, and were done"),
          approved: count(),
          refused: count(),
          undone: count().describe("Commands that were taken back"),
          agreed: count().describe("Decisions left to the owner, who chose what it rated best"),
          differed: count(),
          violated: count().describe("In the last ninety days: reached for what is the owner's alone"),
          drift: share().describe("Of the last fourteen days, the share that the owner decided otherwise"),
          score: share().describe(
            "The lower bound of the share that the owner went along with, with 95 % confidence; null where nothing was judged",
          ),
          needed: share().describe("The score from which the next level is proposed; null where there is none"),
          proposed: z
            .enum(trustLevels)
            .nullable()
            .describe("The level that the evidence bears, where that is another one; only the owner sets it"),
          lets: z
            .array(z.strictObject({ effect: z.enum(effects), when: z.string().describe("Empty: always") }))
            .describe("What it could do at the proposed level without asking, beyond what it may now"),
        }),
      ),
    }),
  examples: [{ title: "Everyone's", args: {} }],
  provenance,
});

import { z } from "zod";
import { defineContract } from "./contract.ts";
import { once } from "./once.ts";
import { bearingSchema } from "./persona-query.ts";
import { verdicts } from "./values/effect.ts";

const nameSchema = () => z.string().trim().min(1).max(200);
const unit = () => z.number().min(0).max(1);

/** An option, as the caller gives it. */
export const decisionOptionSchema = once(() =>
  z.strictObject({
    name: nameSchema().describe("What it is called; no two options of a decision have one name"),
    text: z.string().max(5_000).optional().describe("What it means, for the person who may have to choose"),
    skill: z.string().max(100).optional().describe("What it would do: judged for the caller, and not run"),
    args: z.record(z.string(), z.json()).optional().describe("Arguments of that skill; left out, none"),
    score: unit().optional().describe("How good it is by itself, 0 to 1; left out, a half"),
    features: z
      .record(z.string().min(1).max(100), z.number().min(-1).max(1))
      .optional()
      .describe("What speaks for it (up to 1) and against it (down to -1), by name; weighed as the settings say"),
  }),
);

const scorePartSchema = once(() =>
  z.strictObject({
    name: z
      .string()
      .describe(
        "`score`, `feature:NAME`, `preference:ID`, `rule:NAME`, `value:NAME` and `goal:NAME` of your persona (for others than you without the name), `task:ID`, `event:ID` of the calendar, `learned:choice` or `learned:NAME`",
      ),
    value: z.number(),
    evidence: z
      .array(
        z.strictObject({
          id: z.string().describe("A decision that you answered"),
          value: z.number().describe("What the score would lose without it"),
        }),
      )
      .optional()
      .describe("The latest decisions that it was learned from"),
  }),
);

/** A decision as it is told: what it was about, how each score came about, and how it ended. */
export const decisionViewSchema = once(() =>
  z.strictObject({
    id: z.string(),
    at: z.string().describe("ISO 8601"),
    principal: z.string().describe("Who asked"),
    outcome: z.enum(["choose", "escalate", "refuse"]).describe("`escalate`: it was left to the owner"),
    chosen: z.string().nullable().describe("Name of the option, chosen by the engine or by the owner"),
    confidence: z.number(),
    threshold: z.number(),
    rules: z.array(z.string()),
    situation: z.string().nullable().describe("Null once the words were erased"),
    options: z.array(
      z.strictObject({
        name: z.string(),
        text: z.string().optional(),
        skill: z.string().optional(),
        args: z.record(z.string(), z.json()).optional(),
        score: z.number(),
        parts: z.array(scorePartSchema()).describe("What the score is made of"),
        verdict: z.enum(verdicts).nullable().describe("What the policy says of its skill; null where it names none"),
        rules: z.array(z.string()),
        reason: z.string().optional().describe("Why it could not be judged, which denies"),
      }),
    ),
    bearings: z
      .array(bearingSchema())
      .optional()
      .describe("What of who you are bore on it when it was made; for the owner alone"),
    answeredAt: z.string().nullable().describe("When the owner answered, ISO 8601"),
  }),
);
export type DecisionView = z.infer<ReturnType<typeof decisionViewSchema>>;

export const decisionMake = defineContract({
  name: "decision.make",
  kind: "own",
  title: "Decide between options, or leave it to you",
  input: () =>
    z.strictObject({
      situation: z.string().trim().min(1).max(20_000).describe("What is to be decided, and what is known of it"),
      options: z
        .array(decisionOptionSchema())
        .min(1)
        .max(50)
        .refine(
          (options) => new Set(options.map(({ name }) => name)).size === options.length,
          "two options have one name",
        )
        .describe("What can be chosen"),
      threshold: unit()
        .optional()
        .describe("How sure it must be to choose, 0 to 1; nobody but the owner gets below the one in the settings"),
    }),
  output: decisionViewSchema,
  examples: [
    { title: "Two options", args: { situation: "Tea or coffee?", options: [{ name: "tea" }, { name: "coffee" }] } },
  ],
  effects: ["read"],
  event: "decision.made",
  subjects: { decision: "id" },
  undo: null,
});

export const decisionList = defineContract({
  name: "decision.list",
  kind: "query",
  title: "List decisions",
  input: () =>
    z.strictObject({
      open: z.boolean().optional().describe("Only those that wait for the owner; left out, all"),
      limit: z.number().int().min(1).max(1_000).default(50).describe("How many at most; left out, 50"),
    }),
  output: () => z.strictObject({ decisions: z.array(decisionViewSchema()).describe("The latest first") }),
  examples: [{ title: "What waits for you", args: { open: true } }],
  provenance: { private: true },
});

export const decisionHeld = defineContract({
  name: "decision.held",
  kind: "query",
  title: "See in which decisions a preference held, and in which it did not",
  input: () =>
    z.strictObject({ preference: z.string().describe("Id of the preference, or a beginning or an end of it") }),
  output: () =>
    z.strictObject({
      decisions: z
        .array(
          z.strictObject({
            id: z.string().describe("Id of the decision"),
            at: z.string().describe("When the owner answered, ISO 8601"),
            chosen: z.string().describe("The option that the owner took"),
            isHeld: z.boolean().describe("It is one of those that the preference spoke for most"),
          }),
        )
        .describe("Those that it spoke in and the owner answered, the latest first"),
    }),
  examples: [{ title: "By the end of its id", args: { preference: "7f3a" } }],
  provenance: { private: true },
});

const id = () => z.string().describe("Id of the decision, or a beginning or an end of one");

export const decisionExplain = defineContract({
  name: "decision.explain",
  kind: "query",
  title: "Explain a decision",
  input: () => z.strictObject({ id: id() }),
  output: decisionViewSchema,
  examples: [{ title: "By the end of its id", args: { id: "7f3a" } }],
  provenance: { private: true },
});

export const decisionAnswer = defineContract({
  name: "decision.answer",
  kind: "admin",
  title: "Answer what was left to you",
  input: () => z.strictObject({ id: id(), option: nameSchema().describe("Name of the option that you choose") }),
  output: decisionViewSchema,
  examples: [{ title: "Tea", args: { id: "7f3a", option: "tea" } }],
  control: ["id", "option"],
  event: "decision.answered",
  subjects: { decision: "id" },
});

export const decisionCorrect = defineContract({
  name: "decision.correct",
  kind: "admin",
  title: "Say that another option was right",
  input: () =>
    z.strictObject({
      id: id(),
      option: nameSchema().describe(
        "Name of the option that you would have chosen, or the one that was chosen, to confirm it",
      ),
      reason: z.string().trim().min(1).max(2_000).optional().describe("Why; kept as a preference of yours"),
    }),
  output: () =>
    z.strictObject({
      decision: decisionViewSchema(),
      preference: z
        .strictObject({ id: z.string(), path: z.string().describe("Its file, relative to the home") })
        .nullable()
        .describe("What was noted as your preference; null where nothing was"),
    }),
  examples: [{ title: "No, tea", args: { id: "7f3a", option: "tea", reason: "coffee keeps me awake" } }],
  control: ["id", "option", "reason"],
  event: "decision.answered",
  subjects: { decision: "decision.id", memory: "preference.id" },
});

export const decisionForget = defineContract({
  name: "decision.forget",
  kind: "own",
  title: "Forget the words of a decision, and what was learned from it, for good",
  input: () => z.strictObject({ id: id() }),
  output: () => z.strictObject({ id: z.string().describe("Whole id of the decision; its figures stay in the log") }),
  examples: [{ title: "By the end of its id", args: { id: "7f3a" } }],
  pointers: { id: "pinned" },
  effects: ["destroy"],
  control: ["id"],
  event: "decision.forgotten",
  subjects: { decision: "id" },
  undo: null,
});

export const decisionDrift = defineContract({
  name: "decision.drift",
  kind: "query",
  title: "See how far your choices are from what was expected of you",
  input: () =>
    z.strictObject({
      weeks: z.number().int().min(1).max(104).default(12).describe("How many weeks of its history; left out, 12"),
    }),
  output: () =>
    z.strictObject({
      drift: unit()
        .nullable()
        .describe("From 0, all as expected, to 1, all otherwise; null where no answer of yours counts yet"),
      answers: z.number().int().describe("How many answers it rests on, the latest 500 at most"),
      weeks: z
        .array(
          z.strictObject({
            to: z.string().describe("The last day of the week, as in 2026-11-27"),
            drift: unit().nullable().describe("As it stood then"),
            answers: z.number().int().describe("What you answered or corrected in that week"),
            otherwise: z.number().int().describe("How often it was another option than the one expected"),
          }),
        )
        .describe("The earliest first"),
    }),
  examples: [{ title: "Three months", args: {} }],
  provenance: { private: true },
});

/** "No, do X instead": what the owner says of what was decided or done becomes a preference of theirs. It runs and undoes nothing. */
export const decisionTeach = defineContract({
  name: "decision.teach",
  kind: "own",
  title: "Say what you would rather have had, and why",
  input: () =>
    z.strictObject({
      said: z
        .string()
        .trim()
        .min(1)
        .max(2_000)
        .describe("As you say it: no, archive it instead, because I read these on Fridays"),
      about: z
        .string()
        .optional()
        .describe(
          "Id of a decision, or of a command of an agent; left out, the last decision of the day, if there is one",
        ),
    }),
  output: () =>
    z.strictObject({
      about: z
        .strictObject({
          type: z.enum(["decision", "command"]),
          id: z.string(),
          did: z.string().describe("What was chosen, or the skill that was used"),
        })
        .nullable()
        .describe("What it was said of; null where it is said of nothing"),
      answered: z
        .string()
        .nullable()
        .describe("The option of the decision that you meant; null where it had none like it"),
      preference: z
        .strictObject({ id: z.string(), path: z.string(), text: z.string() })
        .describe("What was noted as your preference"),
    }),
  examples: [
    { title: "Of a decision", args: { said: "no, tea instead, because coffee keeps me awake", about: "7f3a" } },
  ],
  control: ["about"],
  event: "decision.taught",
  subjects: { memory: "preference.id" },
});

import { z } from "zod";
import { defineContract } from "./contract.ts";
import { once } from "./once.ts";
import { diffLineSchema } from "./values/diff.ts";
import { energyLevels } from "./values/energy.ts";
import { personaSections } from "./values/persona-sections.ts";

const sectionSchema = z.enum(personaSections);
const pathSchema = z.string().describe("Its file, relative to the home");

const sectionView = once(() =>
  z.strictObject({
    section: sectionSchema,
    path: pathSchema,
    text: z.string().describe("What it says, as Markdown: the last good version"),
    broken: z
      .string()
      .nullable()
      .describe("Why what the file says now is not taken, with the line; null where it is in force"),
  }),
);

export const reasonSchema = () =>
  z.string().trim().min(1).max(2_000).optional().describe("Why it is changed, for its history; it may be left out");

export const personaShow = defineContract({
  name: "persona.show",
  kind: "query",
  title: "Show your persona",
  input: () =>
    z.strictObject({ section: sectionSchema.optional().describe("Only this one; all where it is left out") }),
  output: () => z.strictObject({ sections: z.array(sectionView()).describe("Those that there are") }),
  examples: [{ title: "What you want to reach", args: { section: "goals" } }],
  provenance: { private: true },
});

export const personaUpdate = defineContract({
  name: "persona.update",
  kind: "own",
  title: "Rewrite a part of your persona",
  input: () =>
    z.strictObject({
      section: sectionSchema.describe("Which one"),
      text: z.string().min(1).max(200_000).describe("All that it says from now on, as Markdown"),
      reason: reasonSchema(),
    }),
  output: () => z.strictObject({ section: sectionSchema, path: pathSchema }),
  examples: [{ title: "Say what matters to you", args: { section: "values", text: "Calm before speed." } }],
  event: "persona.updated",
  control: ["section", "text"],
});

export const personaVersions = defineContract({
  name: "persona.versions",
  kind: "query",
  title: "List the versions of your persona, and what each changed",
  input: () =>
    z.strictObject({
      section: sectionSchema.optional().describe("Only of this part; of all where it is left out"),
      limit: z.number().int().min(1).max(200).default(50).describe("How many changes of a part at most, the latest"),
    }),
  output: () =>
    z.strictObject({
      versions: z
        .array(
          z.strictObject({
            section: sectionSchema,
            path: pathSchema,
            number: z.number().int().describe("Its place among the versions of its part: 1 is the one that holds"),
            id: z.string().nullable().describe("The command that wrote it; null where it was written by hand"),
            at: z
              .string()
              .nullable()
              .describe("When, ISO 8601: what was written by hand, when that was noticed; null where nobody noted it"),
            principal: z.string().nullable().describe("Who wrote it; null where that is not known"),
            reason: z.string().nullable().describe("Why, in the author's words; null where none was given or kept"),
            how: z.enum(["written", "undone", "redone", "by hand"]),
            text: z.string().nullable().describe("What it said; null where that is not kept any more"),
            diff: z.array(diffLineSchema).describe("What it changed of the version before"),
          }),
        )
        .describe("The latest first; what was written by hand stands before the version that replaced it"),
    }),
  examples: [
    { title: "All that changed", args: {} },
    { title: "How your values came about", args: { section: "values" } },
  ],
  provenance: { private: true },
});

export const personaRoutines = defineContract({
  name: "persona.routines",
  kind: "query",
  title: "List your routines, with when they are and the energy that they take",
  input: () => z.strictObject({}),
  output: () =>
    z.strictObject({
      routines: z
        .array(
          z.strictObject({
            key: z.string().describe("Its name"),
            line: z.number().int().describe("Its line in `persona/routines.md`"),
            text: z.string(),
            when: z.string().nullable().describe("When it is; null where it says no time"),
            energy: z
              .enum(energyLevels)
              .nullable()
              .describe("How much of it you have then; null where nothing is said"),
          }),
        )
        .describe("As they stand in the file"),
    }),
  examples: [{ title: "What you do again and again", args: {} }],
  provenance: { private: true },
});

export const personaRules = defineContract({
  name: "persona.rules",
  kind: "query",
  title: "List the rules by which you decide, and what holds of each",
  input: () => z.strictObject({}),
  output: () =>
    z.strictObject({
      rules: z
        .array(
          z.strictObject({
            key: z.string().describe("Its name in decisions"),
            line: z.number().int().describe("Its line in `persona/decision-rules.md`"),
            text: z.string(),
            isHard: z.boolean().describe("It forbids: a rule of the policy can say it"),
            weight: z.number().describe("What a soft one counts beside others"),
            when: z.string().nullable().describe("When it counts; null: always"),
            with: z.string().nullable().describe("Who must be named for it to count; null: nobody"),
            policy: z
              .strictObject({ kind: z.enum(["forbid", "ask"]), sentence: z.string(), cedar: z.string() })
              .nullable()
              .describe(
                "Of a hard one: the rule of the policy that it is; null where no such rule can be read out of it",
              ),
            inForce: z.string().nullable().describe("The rule in force that says so; null where none does"),
            why: z.string().nullable().describe("Why no rule of the policy can be read out of a hard one"),
          }),
        )
        .describe("As they stand in the file"),
    }),
  examples: [{ title: "How you decide", args: {} }],
  provenance: { private: true },
});

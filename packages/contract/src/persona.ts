import { z } from "zod";
import { defineContract } from "./contract.ts";
import { once } from "./once.ts";
import { diffLineSchema } from "./values/diff.ts";
import { personaSections } from "./values/persona-sections.ts";

const sectionSchema = z.enum(personaSections);
const pathSchema = z.string().describe("Its file, relative to the home");

const sectionView = once(() =>
  z.strictObject({
    section: sectionSchema,
    path: pathSchema,
    text: z.string().describe("What it says, as Markdown"),
  }),
);

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
    }),
  output: () => z.strictObject({ section: sectionSchema, path: pathSchema }),
  examples: [{ title: "Say what matters to you", args: { section: "values", text: "Calm before speed." } }],
  event: "persona.updated",
  control: ["section", "text"],
});

export const personaVersions = defineContract({
  name: "persona.versions",
  kind: "query",
  title: "List the versions of a part of your persona, and what each changed",
  input: () =>
    z.strictObject({
      section: sectionSchema.describe("Which one"),
      limit: z.number().int().min(1).max(200).default(50).describe("How many changes at most, the latest"),
    }),
  output: () =>
    z.strictObject({
      path: pathSchema,
      versions: z
        .array(
          z.strictObject({
            id: z.string().nullable().describe("The command that wrote it; null where it was written by hand"),
            at: z.string().nullable().describe("When, ISO 8601; null where nobody noted it"),
            principal: z.string().nullable().describe("Who wrote it"),
            how: z.enum(["written", "undone", "redone", "by hand"]),
            text: z.string().nullable().describe("What it said; null where that is not kept any more"),
            diff: z.array(diffLineSchema).describe("What it changed of the version before"),
          }),
        )
        .describe("The latest first: the one that holds"),
    }),
  examples: [{ title: "How your values came about", args: { section: "values" } }],
  provenance: { private: true },
});

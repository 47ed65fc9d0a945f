import { z } from "zod";
import { defineContract } from "./contract.ts";
import { personaSections } from "./values/persona-sections.ts";

const sectionSchema = z.enum(personaSections);
const pathSchema = z.string().describe("Its file, relative to the home");

const sectionView = z.strictObject({
  section: sectionSchema,
  path: pathSchema,
  text: z.string().describe("What it says, as Markdown"),
});

export const personaShow = defineContract({
  name: "persona.show",
  kind: "query",
  title: "Show your persona",
  input: () =>
    z.strictObject({ section: sectionSchema.optional().describe("Only this one; all where it is left out") }),
  output: () => z.strictObject({ sections: z.array(sectionView).describe("Those that there are") }),
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

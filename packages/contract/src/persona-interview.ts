import { z } from "zod";
import { defineContract } from "./contract.ts";
import { interviewQuestions } from "./values/interview.ts";
import { personaSections } from "./values/persona-sections.ts";

const ids = interviewQuestions.map(({ id }) => id) as [string, ...string[]];

export const personaInterview = defineContract({
  name: "persona.interview",
  kind: "query",
  title: "See the questions whose answers begin your persona",
  input: () => z.strictObject({}),
  output: () =>
    z.strictObject({
      questions: z
        .array(
          z.strictObject({
            id: z.enum(ids),
            section: z.enum(personaSections).describe("Where its answer is written"),
            question: z.string(),
            hint: z.string(),
            isAnswered: z.boolean().describe("Something that answers it stands in the persona already"),
          }),
        )
        .describe("In the order in which they are asked"),
    }),
  examples: [{ title: "What is still to be asked", args: {} }],
  provenance: { private: true },
});

export const personaAnswer = defineContract({
  name: "persona.answer",
  kind: "own",
  title: "Answer a question about yourself; it is written into your persona",
  input: () =>
    z.strictObject({
      question: z.enum(ids).describe("Its id"),
      text: z
        .string()
        .trim()
        .min(1)
        .max(5_000)
        .describe("The answer; several things in lines, or with semicolons between them"),
    }),
  output: () =>
    z.strictObject({ section: z.enum(personaSections), path: z.string().describe("Its file, relative to the home") }),
  examples: [{ title: "What matters", args: { question: "values", text: "Calm before speed; Family before work" } }],
  event: "persona.updated",
  control: ["question", "text"],
});

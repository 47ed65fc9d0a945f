// A feature of somebody else's, as it stands in a repository of theirs.
import { defineContract, Fault } from "@mh/contract";
import { defineQuery } from "@mh/core/feature";
import { z } from "zod";

export const quoteRandom = defineContract({
  name: "quote.random",
  kind: "query",
  title: "Give one of the quotes of somebody",
  input: () => z.strictObject({ by: z.string().describe("Who said it") }),
  output: () =>
    z.strictObject({
      text: z.string().describe("The quote"),
      by: z.string().describe("Who said it"),
      year: z.number().int().describe("When"),
    }),
  examples: [{ title: "One of Ada's", args: { by: "Ada" } }],
});

const quotes = [{ text: "The Analytical Engine weaves algebraic patterns.", by: "Ada", year: 1843 }];

export const quoteSkill = defineQuery(quoteRandom, {
  run({ by }) {
    const quote = quotes.find((each) => each.by === by);
    if (!quote) throw new Fault("memory.not-found", `Nothing is known of ${by}.`);
    return quote;
  },
});

// A feature of somebody else's, as it stands in a repository of theirs.
import { Fault } from "@mh/contract";
import { always, defineQuery, readManifest } from "@mh/core/feature";
import { z } from "zod";

const input = z.strictObject({ by: z.string().describe("Who said it") });
const output = z.strictObject({ text: z.string(), by: z.string(), year: z.number().int() });

const quotes = [{ text: "The Analytical Engine weaves algebraic patterns.", by: "Ada", year: 1843 }];

const manifest = readManifest("quote.random", "Give one of the quotes of somebody", input, output);
/** With the schemas' own types. */
export const quoteRandom = { ...manifest, input, output };

export const quoteSkill = defineQuery<z.infer<typeof input>, z.infer<typeof output>>({
  manifest: quoteRandom,
  classify: always("read"),
  run({ by }) {
    const quote = quotes.find((each) => each.by === by);
    if (!quote) throw new Fault("memory.not-found", `Nothing is known of ${by}.`);
    return quote;
  },
});

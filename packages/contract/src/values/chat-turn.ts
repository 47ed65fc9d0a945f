import { z } from "zod";
import { once } from "../once.ts";

/** One call that the model made: what it wanted, word for word, and what came of it. */
export const chatCallSchema = once(() =>
  z.strictObject({
    command: z.string().describe("Its id: `mh why` explains it"),
    skill: z.string(),
    args: z.json().describe("Its arguments, exactly; null where they are longer than is kept here"),
    gave: z.string().describe("What it gave, in a few words; or why it was not done"),
    ms: z.number().nullable().describe("How long it took; null where it did not end yet"),
  }),
);
export type ChatCall = z.infer<ReturnType<typeof chatCallSchema>>;

/** What the model wrote, and then called. */
export const chatStepSchema = once(() =>
  z.strictObject({
    text: z.string().describe("What it wrote before its calls"),
    calls: z.array(chatCallSchema()),
  }),
);
export type ChatStep = z.infer<ReturnType<typeof chatStepSchema>>;

export const sawKinds = ["prompt", "tools", "owner", "answers", "memories", "results"] as const;

/** A part of what the model was shown, by where it comes from. */
export const chatSawSchema = once(() =>
  z.strictObject({
    what: z
      .enum(sawKinds)
      .describe(
        "`prompt`: its instructions; `tools`: what it may call; `owner`: the owner's words in this chat; `answers`: what it said before; `memories`: memories that it read; `results`: what else its calls gave",
      ),
    origins: z.array(z.string()).describe("Whose words they are, as in `owner` or `mail:sarah@example.org`"),
    count: z.number().int().describe("Of how many pieces"),
    tokens: z.number().int().describe("By their length, as a share of what the model counted"),
  }),
);
export type ChatSaw = z.infer<ReturnType<typeof chatSawSchema>>;

/** What a turn came to. */
export const chatSpentSchema = once(() =>
  z.strictObject({
    input: z.number().int().describe("Tokens that models read"),
    output: z.number().int().describe("Tokens that they wrote"),
    minor: z.number().describe("What that cost, in the currency's smallest unit; of a cent, parts too"),
    currency: z.string().nullable().describe("ISO 4217; null where nothing is paid"),
  }),
);
export type ChatSpent = z.infer<ReturnType<typeof chatSpentSchema>>;

/** How an answer came about. */
export const chatMadeSchema = once(() =>
  z.strictObject({
    steps: z.array(chatStepSchema()).describe("What was written and called before the answer, in order"),
    saw: z.array(chatSawSchema()).describe("What the model was shown when it was last asked"),
    contextTokens: z.number().int().nullable().describe("How much it reads at once; null where none was asked"),
    spent: chatSpentSchema(),
    ms: z.number().describe("How long it took"),
  }),
);
export type ChatMade = z.infer<ReturnType<typeof chatMadeSchema>>;

/** A sentence of an answer that rests on memories. */
export const chatCitationSchema = once(() =>
  z.strictObject({
    from: z.number().int().describe("Where the sentence begins in the text, in UTF-16 units"),
    to: z.number().int().describe("Where it ends"),
    markFrom: z
      .number()
      .int()
      .describe("Where its ids stand, which the text gives as its source; where it ends, if it names none"),
    markTo: z.number().int(),
    sources: z.array(z.string()).describe("Ids of the memories"),
    isNamed: z.boolean().describe("The answer names them; false where it has words of theirs and does not say so"),
  }),
);
export type ChatCitation = z.infer<ReturnType<typeof chatCitationSchema>>;

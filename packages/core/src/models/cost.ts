import { minorOf } from "@mh/contract/values/money.ts";
import type { Spent } from "../kernel/rates.ts";
import type { Classification } from "../kernel/skill.ts";
import { utf8 } from "../ports/bytes.ts";
import type { ModelRequest, ModelUsage } from "../ports/model.ts";
import type { Candidate } from "./settings.ts";

/** The fewest and the most bytes that a token stands for, whatever the language. */
const bytesMin = 2;
const bytesMax = 16;

/** What of a request a model has to read, and how much it may write. */
export type Asking = Pick<ModelRequest, "messages" | "tools" | "schema" | "tokensMax">;

/** What one request comes to at most: all of it is read, and as much is written as may be. */
export function atMost(asking: Asking): ModelUsage {
  return { input: Math.ceil(readingSize(asking) / bytesMin), output: asking.tokensMax };
}

/** What is reserved for asking these models, one after the other: each may have read it all before it failed. */
export function reservedFor(chosen: readonly Candidate[], asking: Asking): Pick<Classification, "tokens" | "amount"> {
  const usage = atMost(asking);
  const spent = chosen.map((candidate) => spentOn(candidate, usage));
  const currency = chosen.find(({ price }) => price)?.price?.currency;
  const minor = Math.ceil(spent.reduce((sum, each) => sum + each.minor, 0));
  return {
    tokens: spent.reduce((sum, each) => sum + each.tokens, 0),
    ...(currency !== undefined && { amount: { minor, currency } }),
  };
}

/** What some tokens of a model cost. */
export function spentOn({ price }: Candidate, { input, output }: ModelUsage): Spent {
  const units = price ? (input * price.input + output * price.output) / 1_000_000 : 0;
  return { tokens: input + output, minor: price ? minorOf(units, price.currency) : 0 };
}

/** What a server says that it counted, and never less than what can be seen: an allowance does not rest on its word. */
export function countedAs(said: ModelUsage, asking: Asking, written: string): ModelUsage {
  return {
    input: Math.max(said.input, Math.floor(readingSize(asking) / bytesMax)),
    output: Math.max(said.output, Math.floor(sizeOf(written) / bytesMax)),
  };
}

const readingSize = ({ messages, tools, schema }: Asking): number => sizeOf(JSON.stringify([messages, tools, schema]));

const sizeOf = (text: string): number => utf8.encode(text).length;

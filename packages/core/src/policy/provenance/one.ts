import type { Call } from "@mh/contract/values/provenance.ts";
import type { NamedLeaf } from "./arguments.ts";
import { canonicalOf, sameValue } from "./kinds.ts";
import { fieldWords, type Row } from "./rows.ts";
import { isTelling } from "./telling.ts";
import type { TracedTask } from "./traced.ts";

const articles = "(?:the|a|an|my|our|this|that)";
const several = [
  "twice",
  "pair",
  "pairs",
  "couple",
  "dozen",
  "several",
  "some",
  "few",
  "both",
  "all",
  "each",
  "every",
  "more",
];

/** "Order the ladder": one of what the owner named in the singular, where no number stands in their words. */
export function isOneOfNamed(trace: TracedTask, call: Call, { name, value }: NamedLeaf): boolean {
  const { types, takes } = call.facts;
  if (types[name] !== "amount" || canonicalOf(value, "amount") !== "1") return false;
  // What a row says of it is a sum, or whatever else it is there.
  if (trace.described.some(({ fields }) => fields.some((field) => field.name === name))) return false;
  const { amounts, all, text } = trace.words;
  if (amounts.length > 0 || several.some((word) => all.has(word))) return false;
  const things = Object.keys(takes).flatMap((argument) => [call.args[argument] ?? []].flat());
  const [thing, ...others] = things;
  if (thing === undefined || others.length > 0) return false;
  return trace.described.some((row) => hasId(row, thing) && isSingular(row, text.toLowerCase()));
}

const hasId = ({ fields }: Row, id: unknown): boolean =>
  fields.some(({ role, value }) => role === "record" && sameValue(value, id, "id"));

/** A word of its name stands behind an article, as it is written there. */
function isSingular({ fields }: Row, text: string): boolean {
  const names = fields.filter(
    ({ role, value }) => (role === "record" || role === "label") && typeof value === "string",
  );
  return names
    .flatMap(fieldWords)
    .filter((word) => isTelling(word) && /^\p{L}+$/u.test(word))
    .some((word) => new RegExp(`(?<!\\p{L})${articles} (?:\\p{L}+ ){0,2}${word}(?![\\p{L}\\p{N}])`, "u").test(text));
}

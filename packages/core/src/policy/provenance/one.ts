import type { Call } from "@mh/contract/values/provenance.ts";
import type { NamedLeaf } from "./arguments.ts";
import { heldIn } from "./held.ts";
import { canonicalOf, sameValue, wordsIn } from "./kinds.ts";
import { fieldWords, type Row } from "./rows.ts";
import { stemOf } from "./stems.ts";
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
  const said = text.toLowerCase();
  // "A seat": what is counted may be called as the argument is.
  const counted = wordsIn(name.replaceAll("_", " ")).at(-1) ?? "";
  return rowsOfId(trace, thing).some((row) => isSingular(row, said) || isArticled(stemOf(counted), said));
}

/** What bears the id, and the owner described or searched for: whether it is the one is judged of the id itself. */
const rowsOfId = (trace: TracedTask, id: unknown): Row[] => [
  ...trace.described.filter(({ fields }) =>
    fields.some(({ role, value }) => role === "record" && sameValue(value, id, "id")),
  ),
  ...trace.steps
    .filter(({ isFound }) => isFound)
    .flatMap((traced) => heldIn(traced, id).flatMap(({ row, field }) => (field.role === "record" ? [row] : []))),
];

/** A word of its name stands behind an article, as it is written there. */
function isSingular({ fields }: Row, text: string): boolean {
  const names = fields.filter(
    ({ role, value }) => (role === "record" || role === "label") && typeof value === "string",
  );
  return names
    .flatMap(fieldWords)
    .filter(isTelling)
    .some((word) => isArticled(word, text));
}

const isArticled = (word: string, text: string): boolean =>
  /^\p{L}+$/u.test(word) &&
  new RegExp(`(?<!\\p{L})${articles} (?:\\p{L}+ ){0,2}${word}(?![\\p{L}\\p{N}])`, "u").test(text);

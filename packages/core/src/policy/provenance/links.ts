import { leavesOf, type NamedLeaf } from "./arguments.ts";
import { bounds } from "./bounds.ts";
import { canonicalOf, kindOf, wordsIn, wordsOfName } from "./kinds.ts";
import { isWhole, placesOf } from "./placed-words.ts";
import { isSameRow, type Row } from "./rows.ts";
import type { TracedTask } from "./traced.ts";

/**
 * It stands, letter for letter, in a signed text of a source that the owner named, where third parties cannot write. What
 * a search found is no source: there, the entry must be one that the owner means.
 */
export function isNamedLink(trace: TracedTask, value: unknown): boolean {
  const wanted = canonicalOf(value, "url");
  return trace.steps.some((traced) => {
    const { step } = traced;
    if (step.facts.writers === "anyone" || Object.keys(step.args).length === 0) return false;
    const rows = traced.links().get(wanted) ?? [];
    if (rows.length === 0) return false;
    const { all, left } = leavesOf(step, Object.keys(step.args), { leaves: 100, chars: bounds.valueChars });
    const args = all.filter((leaf) => typeof leaf.value === "string");
    if (left || args.length === 0 || !args.every((leaf) => isNamed(trace, leaf))) return false;
    return rows.some((row) => args.every((leaf) => isOfSource(trace, row, leaf)));
  });
}

/** The owner calls it what it is to the question ("#news", "the 'news' channel"), or it is an address, a quotation, a name. */
function isNamed(trace: TracedTask, leaf: NamedLeaf): boolean {
  const { words } = trace;
  const text = String(leaf.value);
  const kind = kindOf(text, undefined);
  if (!words.has(text, kind)) return false;
  if (kind === "email" || kind === "url" || isSource(trace, leaf) || words.mentions.isQuoted(text)) return true;
  // Somebody's name has a capital in the middle of a sentence, too.
  const isProper = /^\p{Lu}\p{Ll}+$/u.test(text);
  return isProper && surroundings(words.text, text).some(({ before }) => /[\p{L}\p{N},] $/u.test(before));
}

/** What says nothing of what was asked for lies in it. What does, a search may have found because it does. */
function isOfSource(trace: TracedTask, row: Row, leaf: NamedLeaf): boolean {
  if (isSource(trace, leaf) || isSilent(row, leaf)) return true;
  return trace.words.mentions.isQuoted(String(leaf.value)) && isMeant(trace, row);
}

function isSource({ words }: TracedTask, { name, value }: NamedLeaf): boolean {
  const nouns = wordsOfName(name);
  const text = String(value);
  return surroundings(words.text, text).some(({ before, after }) => {
    if (/^[#@]\p{L}/u.test(text) || /[#@]$/.test(before)) return true;
    const [last] = wordsIn(before).slice(-1);
    const [next] = wordsIn(after);
    return nouns.some((noun) => noun === last || noun === next);
  });
}

/** What stands before and after a value where a text holds it whole: no more than a word. */
function surroundings(text: string, value: string) {
  return placesOf(text, value)
    .filter((at) => isWhole(text, at, at + value.length))
    .map((at) => {
      const end = at + value.length;
      return { before: text.slice(Math.max(0, at - 40), at), after: text.slice(end, end + 40) };
    });
}

/** A row that says nothing of what was asked for lies in it; one that does may have been found by saying it. */
function isSilent({ fields }: Row, { value }: NamedLeaf): boolean {
  const asked = ` ${wordsIn(String(value)).join(" ")} `;
  return fields.every(
    ({ role, value: said }) => role === "party" || !` ${wordsIn(String(said)).join(" ")} `.includes(asked),
  );
}

const isMeant = ({ described }: TracedTask, row: Row): boolean => described.some((each) => isSameRow(each, row));

import type { Call } from "@mh/contract/values/provenance.ts";
import { leavesOf, type NamedLeaf } from "./arguments.ts";
import { bounds } from "./bounds.ts";
import { carriedIn } from "./carried.ts";
import { heldIn } from "./held.ts";
import { kindOf, wordsIn } from "./kinds.ts";
import { quotationsIn } from "./quotations.ts";
import { leaves, plainLists } from "./rows.ts";
import type { TracedStep, TracedTask } from "./traced.ts";

const joining = new Set(["a", "an", "the", "at", "in", "on", "of", "for", "with", "and", "to"]);
const nameWordsMax = 6;
const answerWordsMax = 15;

/**
 * An entry that nobody but the owner sees, on a day that they named: its words are theirs, but for one name out of a list
 * that their own question found, and what they asked of that name, whole. Only where what is kept is not taken for the
 * owner's own words afterwards.
 */
export function isOwnEntry(trace: TracedTask, call: Call): boolean {
  if (!isForNobodyElse(call)) return false;
  const { all, left } = leavesOf(call, Object.keys(call.args), { leaves: 50, chars: bounds.valueChars });
  if (left || !all.some((leaf) => isDate(leaf) && trace.words.days.include(String(leaf.value)))) return false;
  const names = new Set<string>();
  const open = all.filter((leaf) => !isOwners(trace, call, leaf));
  const others = open.filter(({ value }) => {
    const name = listedName(trace, String(value));
    if (name !== undefined) names.add(name);
    return name === undefined;
  });
  if (names.size > 1) return false;
  return others.every((leaf) => [...names].some((name) => isAnswerAbout(trace, name, leaf)));
}

/** It has no recipient, and what it keeps, it keeps with where it came from, or as anybody's. */
function isForNobodyElse({ effect, facts, args }: Call): boolean {
  if (facts.origins === undefined && facts.writers === "self") return false;
  if (facts.control.some((name) => ![args[name] ?? []].flat().every((each) => String(each).trim() === "")))
    return false;
  if (effect === "write" || effect === "local") return true;
  return effect === "send" && facts.control.every((name) => facts.types[name] === "email");
}

const isDate = ({ value }: NamedLeaf): boolean => kindOf(value, undefined) === "date";

function isOwners(trace: TracedTask, call: Call, leaf: NamedLeaf): boolean {
  const { value, name } = leaf;
  if (value === false || (name in call.facts.defaults && call.facts.defaults[name] === value)) return true;
  if (typeof value === "boolean") return false;
  if (isDate(leaf)) return trace.words.days.include(String(value));
  const kind = kindOf(value, undefined);
  if (trace.words.has(value, kind)) return true;
  return kind === "name" && isPlain(String(value)) && wordsIn(String(value)).every((word) => isWordOf(trace, word));
}

const isWordOf = (trace: TracedTask, word: string): boolean => trace.words.all.has(word) || joining.has(word);

/** One line, and nothing in it that leads anywhere. */
const isPlain = (text: string): boolean => !/[\p{Cc}\p{Zl}\p{Zp}]/u.test(text) && [...carriedIn(text)].length === 0;

/** The one name in a title of the owner's words that a list has: "Haircut at {salon}", or simply in between. */
function listedName(trace: TracedTask, title: string): string | undefined {
  if (!isPlain(title)) return undefined;
  const candidates = [...filledIn(trace.words.text, title), ...foreignParts(trace, title)];
  return candidates.find(
    (name) => wordsIn(name).length <= nameWordsMax && trace.steps.some((step) => lists(step, name)),
  );
}

/** What a title puts in the place of the braces of something that the owner quoted. */
function filledIn(text: string, title: string): string[] {
  return quotationsIn(text).flatMap(({ start, end }) => {
    const [before, after, ...more] = text.slice(start, end).split(/\{[^{}]{1,50}\}/u);
    if (before === undefined || after === undefined || more.length > 0) return [];
    if (!title.startsWith(before) || !title.endsWith(after)) return [];
    return [title.slice(before.length, title.length - after.length)].filter((name) => name.trim() !== "");
  });
}

/** What stands between the first and the last word that is not the owner's, and with a word of theirs on either side. */
function foreignParts(trace: TracedTask, title: string): string[] {
  const words = title.split(" ");
  const isForeign = (word: string) => !wordsIn(word).every((each) => isWordOf(trace, each));
  const from = words.findIndex(isForeign);
  const to = words.findLastIndex(isForeign) + 1;
  if (from === -1) return [];
  const bare = (n: number, m: number) =>
    words
      .slice(Math.max(0, n), m)
      .join(" ")
      .replace(/[.,;:!?]$/u, "");
  return [bare(from, to), bare(from - 1, to), bare(from, to + 1), bare(from - 1, to + 1)];
}

/** A name of a list that a question of the owner's found: an entry of a plain list, or what it is called. */
function lists(traced: TracedStep, name: string): boolean {
  if (!traced.isFound || !traced.text.includes(name)) return false;
  if (plainLists(traced.step.output).some((list) => list.length > 1 && list.includes(name))) return true;
  return heldIn(traced, name).some(({ field }) => field.value === name);
}

/** The whole of what was answered under a name that was asked, where the owner asks for what that skill says. */
function isAnswerAbout(trace: TracedTask, name: string, { value }: NamedLeaf): boolean {
  const answer = String(value);
  if (!isPlain(answer) || wordsIn(answer).length > answerWordsMax) return false;
  return trace.steps.some(({ step, text }) => {
    if (!text.includes(answer) || trace.words.describedBy(step.facts.verbs.flatMap(wordsIn)).length === 0) return false;
    const asked = leaves(step.args, "", { leaves: 100, chars: bounds.valueChars });
    if (!asked.some((each) => each.value === name)) return false;
    const { output } = step;
    if (output === answer) return true;
    return typeof output === "object" && output !== null && (output as Record<string, unknown>)[name] === answer;
  });
}

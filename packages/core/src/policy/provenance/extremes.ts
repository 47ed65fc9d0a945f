import type { Call } from "@mh/contract/values/provenance.ts";
import type { NamedLeaf } from "./arguments.ts";
import { bounds } from "./bounds.ts";
import { kindOf, sameValue, wordsIn } from "./kinds.ts";
import type { OwnerWords } from "./owner-words.ts";
import { withoutNames } from "./quotations.ts";
import { idKindOf, ownKindOf, type Row, rowsOf } from "./rows.ts";
import type { TracedStep, TracedTask } from "./traced.ts";
import { negations, RequestWords } from "./verbs.ts";

type Extreme = "first" | "last";

const extremes: Readonly<Record<string, Extreme>> = {
  ...{ oldest: "first", earliest: "first" },
  ...{ newest: "last", latest: "last", youngest: "last", "most recent": "last" },
};
const superlative = /(?<![\p{L}-])(?:the|my|our) (oldest|earliest|newest|latest|youngest|most recent) (\p{L}+)/giu;
/** Nothing that says which of them: the sentence ends there, or goes on with something else. */
const goesOn = /^(?:[.,;!?]|$| (?:and|then|please|now|for me)(?!\p{L}))/iu;
const narrows =
  /(?<!\p{L})(?:in|within|inside|of|from|by|among|about|with|before|after|since|until|where|which|that|second|third)(?!\p{L})/iu;

/**
 * "Delete the oldest backup": the one with the first date in a list of the owner's own that nobody searched or cut. Dates
 * alone: what else is largest, third parties may make so.
 */
export function isExtreme(trace: TracedTask, call: Call, { name, value }: NamedLeaf): boolean {
  const takes = call.facts.takes[name];
  if (takes === undefined || call.effect === "spend" || call.effect === "admin") return false;
  const which = extremeOf(trace.words, takes, call);
  if (which === undefined) return false;
  const whole = trace.steps.filter(
    ({ step }) => ownKindOf(step.facts) === takes && Object.keys(step.args).length === 0,
  );
  // What was listed twice may have changed in between.
  return whole.length > 0 && whole.every((list) => sameValue(extremeIn(list, takes, which) ?? "", value, "id"));
}

/** Which end of the things of a kind the owner speaks of, where they say nothing else of which. */
function extremeOf({ text, by }: OwnerWords, kind: string, { effect, facts }: Call): Extreme | undefined {
  const plain = withoutNames(text);
  for (const { 0: phrase, 1: which = "", 2: noun = "", index } of plain.matchAll(superlative)) {
    const before =
      plain
        .slice(0, index)
        .split(/[.;!?]\s/u)
        .at(-1) ?? "";
    if (noun.toLowerCase() !== wordsIn(kind).at(-1)) continue;
    if (!goesOn.test(plain.slice(index + phrase.length)) || narrows.test(before)) continue;
    if (
      effect !== "read" &&
      effect !== "fetch" &&
      !isAskedFor(before, (word) => new RequestWords(word, by).askFor(facts.verbs))
    )
      continue;
    return extremes[which.toLowerCase()];
  }
  return undefined;
}

/**
 * The owner asks for it of this very thing: "Delete the draft and show the oldest backup" deletes something else, "Should I
 * delete the oldest backup?" nothing.
 */
function isAskedFor(before: string, isVerb: (word: string) => boolean): boolean {
  const words = wordsIn(before);
  const [ahead = "", last = "", verb = ""] = ["", "", "", ...words].slice(-3);
  if (!isVerb(verb) || words.some((word) => negations.has(word) || nobody.has(word))) return false;
  return last === "" || leadsOn.has(last) || (last === "you" && asking.has(ahead));
}

const leadsOn = new Set(["and", "then", "please", "also", "now", "first", "finally", "just"]);
const asking = new Set(["can", "could", "would", "will"]);
const nobody = new Set(["nobody", "nothing", "none", "no", "neither", "nor"]);

const known = new WeakMap<TracedStep, Map<string, unknown>>();

/** The id of the one entry of a whole list that stands at an end of it by its only date: looked for once. */
function extremeIn(list: TracedStep, kind: string, which: Extreme): unknown {
  const ends = known.get(list) ?? new Map<string, unknown>();
  known.set(list, ends);
  const key = `${which} ${kind}`;
  if (!ends.has(key)) ends.set(key, lookFor(list, kind, which));
  return ends.get(key);
}

function lookFor(list: TracedStep, kind: string, which: Extreme): unknown {
  const { step } = list;
  if (mayGoOn(step.output)) return undefined;
  const dated: { date: string; id: unknown }[] = [];
  for (const row of rowsOf(
    step,
    { leaves: bounds.leaves, chars: bounds.answerChars },
    { isFound: true, isSelf: none },
  )) {
    const dates = row.fields.filter((field) => field.role === "record" && kindOf(field.value, undefined) === "date");
    const [date] = dates;
    const id = idIn(row, kind);
    // What stands beside the list.
    if (id === undefined && dates.length === 0) continue;
    if (!row.isOwn || !date || dates.length > 1 || id === undefined) return undefined;
    dated.push({ date: String(date.value).replace(" ", "T"), id });
  }
  const sorted = dated.sort((a, b) => (a.date < b.date ? -1 : 1));
  const [one, next] = which === "first" ? sorted : sorted.reverse();
  return one && next && one.date.length === next.date.length && one.date !== next.date ? one.id : undefined;
}

const none = () => false;

function idIn({ step, fields }: Row, kind: string): unknown {
  const ids = fields.filter(
    ({ name, role, value }) =>
      role === "record" && idKindOf(step.facts, name) === kind && kindOf(value, undefined) !== "date",
  );
  return ids[0]?.value;
}

/** What stands beside a list may say that there is more of it: true, a cursor, a number that is not its length. */
function mayGoOn(output: unknown): boolean {
  if (Array.isArray(output)) return false;
  if (typeof output !== "object" || output === null) return true;
  const all = Object.values(output);
  const lists = all.filter(Array.isArray);
  const [list] = lists;
  if (!list || lists.length > 1) return true;
  return !all.every((each) => each === list || each === false || each === null || each === list.length);
}

import type { Call } from "@mh/contract/values/provenance.ts";
import { leavesOf, type NamedLeaf } from "./arguments.ts";
import { Days } from "./days.ts";
import { kindOf, sameValue, type ValueKind, wordsIn } from "./kinds.ts";
import { months } from "./months.ts";
import type { NamedRow } from "./named-rows.ts";
import { type Field, isSameRow, ownKindOf, type Row } from "./rows.ts";
import type { TracedTask } from "./traced.ts";

/**
 * "With the same people as 'Parser' of 3 May": who takes part in one entry that the owner called by its name, and by its
 * day, may take part in another of its kind. Its list was not searched by anything else, and no other entry has the name.
 */
export function isTakingPart(trace: TracedTask, call: Call, { name, value }: NamedLeaf): boolean {
  const entries = ownKindOf(call.facts);
  const kind = kindOf(value, call.facts.types[name]);
  if (entries === undefined || (kind !== "email" && kind !== "name")) return false;
  if (call.effect === "spend" || call.effect === "destroy" || !people.test(trace.words.mentions.text)) return false;
  // Who asks who takes part in something asks for nothing new.
  if (!trace.words.askFor(["create"]) && !trace.words.askFor(["invite"])) return false;
  const named = trace.named.filter(({ row: { step } }) => ownKindOf(step.facts) === entries);
  return named.some((each) => isMeant(trace, each, named, entries) && isAmong(value, each.row, kind));
}

const persons =
  "people|persons?|everybody|everyone|those|attendees|participants|guests|members|invitees|team|group|crew|round|ones|reviewers|collaborators|who";
const people = new RegExp(String.raw`(?<!\p{L})(?:${persons})(?!\p{L})`, "u");
const relation = new RegExp(
  String.raw`(?<!\p{L})(?:${persons})(?: (?:that|who))?(?: (?:are|is|were|was|take|takes|took|invited|listed))?(?: part)? (?:as|of|from|in|at|to|for)(?: (?:in|at|for|of|with))?((?: \p{L}+){0,3})[ "'“„‘«]+$`,
  "u",
);
const articles = new Set(["the", "my", "our", "that", "this", "last"]);

/** A word for who takes part stands before the name, and nothing between them but what kind of entry it is. */
function isRelated(before: string, kind: string): boolean {
  const [, between = ""] = relation.exec(before) ?? [undefined, "¶"];
  return between
    .split(" ")
    .filter((word) => word !== "" && !articles.has(word))
    .every((word) => wordsIn(kind).includes(word));
}

function isMeant(trace: TracedTask, { row, place }: NamedRow, named: readonly NamedRow[], kind: string): boolean {
  const { text } = trace.words.mentions;
  const namesakes = named.filter(({ place: other }) => other.start < place.end && place.start < other.end);
  return (
    row.isFound &&
    namesakes.every((other) => isSameRow(row, other.row)) &&
    isRelated(text.slice(0, place.start), kind) &&
    isOfDay(trace, row, text.slice(place.end)) &&
    isAskedByName(trace, row, text.slice(place.start, place.end))
  );
}

const ofDay = new RegExp(
  String.raw`^["'”’»]? (?:of|on|from) (?:the )?((?:\d|${months.join("|")}|mon|tue|wed|thu|fri|sat|sun|today|tomorrow|yesterday|last|next|this)[^;:!?]{0,40})`,
  "u",
);

/** Where the owner says of which day it is, that is its day. */
function isOfDay({ words }: TracedTask, { fields }: Row, after: string): boolean {
  const [, day] = ofDay.exec(after) ?? [];
  if (day === undefined) return true;
  if (!/\d|^(?:today|tomorrow|yesterday)/.test(day)) return false;
  const days = /\d/.test(day) ? new Days(day) : words.days;
  return fields.some(({ role, value }) => role === "record" && days.include(String(value)));
}

/** All that its list was asked by is its name and its day: a narrower question hides other entries. */
function isAskedByName(trace: TracedTask, row: Row, name: string): boolean {
  const traced = trace.steps.find(({ step }) => step.id === row.step.id);
  if (!traced) return false;
  const { all, left } = leavesOf(traced.step, Object.keys(traced.step.args), { leaves: 100, chars: 10_000 });
  const words = new Set(wordsIn(name));
  return (
    !left &&
    all.every(({ value }) => {
      if (kindOf(value, undefined) === "date") return trace.words.has(value, "date");
      // A sign is a word to some searches: "'Parser'?" finds what somebody called just that.
      const isPlain = typeof value === "string" && /^[\p{L}\p{N} .,_-]*$/u.test(value);
      return isPlain && wordsIn(value).every((word) => words.has(word));
    })
  );
}

/** A party of the entry's, or one of those that it lists. */
function isAmong(value: Field["value"], { fields }: Row, kind: ValueKind): boolean {
  return fields.some(({ role, isListed, value: other }) => {
    const isPerson = role === "party" || (role === "label" && isListed);
    return isPerson && sameValue(other, value, kind);
  });
}

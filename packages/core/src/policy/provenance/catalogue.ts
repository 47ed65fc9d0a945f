import type { Call } from "@mh/contract/values/provenance.ts";
import { hasContent, type NamedLeaf } from "./arguments.ts";
import { bounds } from "./bounds.ts";
import { heldIn } from "./held.ts";
import { wordsIn } from "./kinds.ts";
import { fieldWords, idKindOf, isSameRow, type Row, rowsOf } from "./rows.ts";
import { stemOf } from "./stems.ts";
import { isTelling } from "./telling.ts";
import type { TracedStep, TracedTask } from "./traced.ts";

/**
 * "Put a desk lamp into my cart": what a search for the owner's words found in a catalogue that is open to all, for what
 * can be undone and carries no text. To buy it is another thing.
 */
export function isFoundInCatalogue(trace: TracedTask, call: Call, { name, value }: NamedLeaf): boolean {
  const takes = call.facts.takes[name];
  if (takes === undefined || call.effect !== "write" || hasContent(call)) return false;
  if (call.facts.verbs.length === 0 || !trace.words.askFor(call.facts.verbs)) return false;
  return trace.steps.some((traced) => finds(trace, traced, takes, value));
}

function finds(trace: TracedTask, traced: TracedStep, kind: string, id: NamedLeaf["value"]): boolean {
  const { facts, args } = traced.step;
  if (!traced.isFound || facts.private || facts.writers !== "anyone") return false;
  const asked = Object.values(args).filter((each) => typeof each === "string");
  const wanted = asked.flatMap(wordsIn).filter(isTelling).map(stemOf);
  if (wanted.length === 0) return false;
  return heldIn(traced, id).some(({ row, field }) => {
    if (field.role !== "record" || idKindOf(facts, field.name) !== kind) return false;
    const names = row.fields.filter(({ role }) => role !== "text");
    const called = new Set(names.flatMap(fieldWords).map(stemOf));
    return wanted.every((stem) => called.has(stem)) && !isOutdone(trace, traced, row);
  });
}

interface Entry {
  row: Row;
  name: string;
  /** How many of the owner's words speak of it. */
  spoken: number;
}

const known = new WeakMap<TracedStep, readonly Entry[]>();

/** The owner's words say more of another entry of the answer, or another has its very name: somebody named it after it. */
function isOutdone({ words }: TracedTask, traced: TracedStep, row: Row): boolean {
  let entries = known.get(traced);
  if (!entries) {
    const allowance = { leaves: bounds.leaves, chars: bounds.answerChars };
    const rows = [...rowsOf(traced.step, allowance, { isFound: true, isSelf: () => false })];
    entries = rows.map((each) => ({
      ...{ row: each, name: nameOf(each) },
      spoken: words.describedBy(each.fields.filter(({ role }) => role !== "text").flatMap(fieldWords)).length,
    }));
    known.set(traced, entries);
  }
  const own = entries.find((each) => isSameRow(each.row, row));
  if (!own) return true;
  return entries.some(
    (each) => !isSameRow(each.row, row) && (each.spoken > own.spoken || (own.name !== "" && each.name === own.name)),
  );
}

const nameOf = ({ fields }: Row): string => {
  const names = fields.filter(({ role, isListed }) => role === "label" && !isListed);
  return names.flatMap(fieldWords).join(" ");
};

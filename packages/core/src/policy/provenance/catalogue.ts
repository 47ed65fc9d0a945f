import type { Call } from "@mh/contract/values/provenance.ts";
import { hasContent, type NamedLeaf } from "./arguments.ts";
import { bounds } from "./bounds.ts";
import { sameValue, wordsIn } from "./kinds.ts";
import { fieldWords, idKindOf, rowsOf } from "./rows.ts";
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
  return trace.steps.some((traced) => finds(traced, takes, value));
}

function finds({ step, isFound, text }: TracedStep, kind: string, id: NamedLeaf["value"]): boolean {
  const { facts, args } = step;
  if (!isFound || facts.private || facts.writers !== "anyone" || !text.includes(String(id))) return false;
  const asked = Object.values(args).filter((each) => typeof each === "string");
  const wanted = asked.flatMap(wordsIn).filter(isTelling).map(stemOf);
  if (wanted.length === 0) return false;
  const reading = { isFound, isSelf: () => false };
  for (const { fields } of rowsOf(step, { leaves: bounds.leaves, chars: bounds.answerChars }, reading)) {
    const isIt = fields.some(
      ({ name, role, value }) => role === "record" && idKindOf(facts, name) === kind && sameValue(value, id, "id"),
    );
    const called = new Set(
      fields
        .filter(({ role }) => role !== "text")
        .flatMap(fieldWords)
        .map(stemOf),
    );
    if (isIt && wanted.every((stem) => called.has(stem))) return true;
  }
  return false;
}

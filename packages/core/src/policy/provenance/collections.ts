import type { Call } from "@mh/contract/values/provenance.ts";
import { hasContent, type NamedLeaf } from "./arguments.ts";
import { heldIn } from "./held.ts";
import { kindOf, wordsIn, wordsOfName } from "./kinds.ts";
import { idKindOf, ownKindOf } from "./rows.ts";
import type { TracedStep, TracedTask } from "./traced.ts";

const addressed = ["email", "iban", "url", "secret", "amount", "date"];

/**
 * One of several things of the owner's own, where she named the skill's verb and the things as several: "star any of my
 * repositories". Only of what she alone writes, as a name or an id, and for what can be undone and carries no text.
 */
export function isOfNamedCollection(trace: TracedTask, call: Call, { name, value }: NamedLeaf): boolean {
  const { effect, facts } = call;
  const isMild = effect === "write" || effect === "local" || effect === "send" || effect === "notify";
  if (!isMild || hasContent(call) || addressed.includes(kindOf(value, facts.types[name]))) return false;
  const { requests } = trace.words;
  const verbs = facts.verbs.flatMap(wordsIn).filter((word) => requests.say(word));
  if (verbs.length === 0) return false;
  const isNamed = (noun: readonly string[]): boolean =>
    noun.length > 0 &&
    verbs.some((verb) => !noun.some((word) => word === verb || `${word}s` === verb || word === `${verb}s`)) &&
    noun.every((word, n) => requests.speakOf(word, n === noun.length - 1 ? "several" : "any"));
  return trace.steps.some((traced) => holds(traced, { name, value, takes: facts.takes[name] }, isNamed));
}

/** Whether the owner's own answer holds a value under a name: that of its field, or of its kind. */
function holds(
  traced: TracedStep,
  { value, takes }: Pick<NamedLeaf, "name" | "value"> & { takes: string | undefined },
  isNamed: (noun: readonly string[]) => boolean,
): boolean {
  const { step, isFound } = traced;
  const { writers, fields } = step.facts;
  if (writers !== "self" || !isFound) return false;
  const kind = ownKindOf(step.facts);
  const isNamedKind = kind !== undefined && isNamed(wordsIn(kind));
  const isMeant = (field: string): boolean => isNamedKind || isNamed(nounOf(field));
  if (!Object.keys(fields).some(isMeant)) return false;
  return heldIn(traced, value).some(({ row, field }) => {
    if (!row.isOwn || !isMeant(field.name)) return false;
    return (
      field.role === "label" || (takes !== undefined && takes === kind && idKindOf(step.facts, field.name) === kind)
    );
  });
}

const nounOf = (field: string): string[] => wordsOfName(field.split(".").at(-1) ?? "");

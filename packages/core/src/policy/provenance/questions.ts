import type { Call } from "@mh/contract/values/provenance.ts";
import { leavesOf, type NamedLeaf } from "./arguments.ts";
import { bounds } from "./bounds.ts";
import { judgeControl } from "./judge-call.ts";
import { kindOf, wordsIn } from "./kinds.ts";
import type { TracedTask } from "./traced.ts";

// A number that is named so says how much is answered, and chooses nothing.
const howMuch = /^(?:limit|count|page|n|top|size|page_?size|per_?page|max|max_?results|max_?count)$/i;

/** Whether all that a question asks by was the owner's: to another's query, a trusted source says what that one wants. */
export function isVouchedQuery(trace: TracedTask, call: Call): boolean {
  return askedBy(call, (leaf) => judgeControl(trace, call, leaf).vouched);
}

/** The same, or a search for words of the owner's, as one or as several: what it finds, the owner may have described. */
export function isOwnersQuestion(trace: TracedTask, call: Call): boolean {
  return askedBy(call, (leaf) => {
    if (judgeControl(trace, call, leaf).vouched) return true;
    const isSearch = kindOf(leaf.value, call.facts.types[leaf.name]) === "name" && !(leaf.name in call.facts.takes);
    const words = wordsIn(String(leaf.value));
    return isSearch && words.length > 0 && words.every((word) => /\p{L}/u.test(word) && trace.words.holdWord(word));
  });
}

function askedBy(call: Call, isOwners: (leaf: NamedLeaf) => boolean): boolean {
  const { control, types, takes } = call.facts;
  const allowance = { leaves: bounds.controls, chars: bounds.answerChars };
  const { all, left } = leavesOf(call, Object.keys(call.args), allowance);
  if (left) return false;
  return all.every((leaf) => {
    const isDeclared = control.includes(leaf.name) || leaf.name in types || leaf.name in takes;
    const isBare = typeof leaf.value === "boolean" || (typeof leaf.value === "number" && howMuch.test(leaf.name));
    return (isBare && !isDeclared) || isOwners(leaf);
  });
}

import { wordsIn } from "./kinds.ts";
import { withoutNames } from "./quotations.ts";
import { formsOf, negations } from "./verbs.ts";

const permitting = new Set(["let", "lets", "letting", "allow", "allows", "allowed", "enable", "permit", "permitted"]);
const being = new Set(["can", "may", "could", "able"]);
/** What somebody else may not, and what the owner may: neither is allowed to anyone. */
const oneself = new Set(["i", "we", "me", "us", "you", "myself", "ourselves"]);
const nobody = new Set(["nobody", "none", "noone", "neither"]);
const rights = new Set(["access", "right", "rights", "permission", "permissions", "role", "privileges"]);
// "Let somebody from the office and her brother read it": so many words are between.
const apart = 9;

/** What an owner allows somebody to do: "let her read it", "as an editor", "write access". */
export class Allowances {
  readonly #sentences: readonly (readonly string[])[];

  constructor(text: string) {
    this.#sentences = withoutNames(text)
      .split(/[.;!?]\s/u)
      .map(wordsIn);
  }

  /** Whether one of these words is said of what somebody may do, or only said; never what is said not to be. */
  of(words: readonly string[], { isDeclared }: { isDeclared: boolean }): "given" | "said" | undefined {
    const forms = new Set(words.flatMap((word) => formsOf(word.toLowerCase())));
    let isSaid = false;
    for (const sentence of this.#sentences) {
      for (const [at, word] of sentence.entries()) {
        if (!forms.has(word) || sentence.slice(Math.max(0, at - 3), at).some((before) => negations.has(before)))
          continue;
        if (isGivenAt(sentence, at)) return "given";
        isSaid ||= isDeclared;
      }
    }
    return isSaid ? "said" : undefined;
  }
}

function isGivenAt(words: readonly string[], at: number): boolean {
  const before = (n: number): string => words[at - n] ?? "";
  const [first, second] = [before(1), before(2)];
  if (isNobodys(words.slice(0, at))) return false;
  if (words.slice(Math.max(0, at - apart), at).some((word) => permitting.has(word))) return true;
  if (being.has(first) || (first === "to" && being.has(second)) || (being.has(second) && first === "also")) return true;
  if (rights.has(words[at + 1] ?? "") || (first === "to" && rights.has(second))) return true;
  const noun = first === "a" || first === "an" || first === "the" ? second : first;
  return noun === "as" || noun === "make" || before(3) === "make";
}

/** "I could edit", "nobody but me may edit", "no one can edit". */
function isNobodys(words: readonly string[]): boolean {
  const may = words.findLastIndex((word) => being.has(word));
  const isOwn = may !== -1 && may >= words.length - 2 && oneself.has(words[may - 1] ?? "");
  return isOwn || words.some((word, n) => nobody.has(word) || (word === "no" && words[n + 1] === "one"));
}

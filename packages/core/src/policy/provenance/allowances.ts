import { wordsIn } from "./kinds.ts";
import { withoutNames } from "./quotations.ts";
import { formsOf, negations } from "./verbs.ts";

const permitting = new Set(["let", "lets", "letting", "allow", "allows", "allowed", "enable", "permit", "permitted"]);
const being = new Set(["can", "may", "could", "able"]);
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
  if (words.slice(Math.max(0, at - apart), at).some((word) => permitting.has(word))) return true;
  if (being.has(first) || (first === "to" && being.has(second)) || (being.has(second) && first === "also")) return true;
  if (rights.has(words[at + 1] ?? "") || (first === "to" && rights.has(second))) return true;
  const noun = first === "a" || first === "an" || first === "the" ? second : first;
  return noun === "as" || noun === "make" || before(3) === "make";
}

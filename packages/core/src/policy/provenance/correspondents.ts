import { canonicalOf, kindOf, wordsIn } from "./kinds.ts";
import type { OwnerWords } from "./owner-words.ts";
import { isSelf, type Row } from "./rows.ts";

/**
 * Whom the owner has written to, by the names in their addresses. Who only wrote to her is not among them: everybody
 * may write, and call themselves what they like.
 */
export class Correspondents {
  readonly #byName = new Map<string, Set<string>>();
  /** Those that a question of the owner's found. */
  readonly #found = new Set<string>();

  /** `isOwnAddress`: as the settings have it. */
  add({ fields, step, isOwn, isFound }: Row, isOwnAddress: (value: unknown) => boolean): void {
    const { author } = step.facts;
    const isBySelf = ({ name, role, value }: Row["fields"][number]) =>
      name === author && role === "party" && (isOwnAddress(value) || isSelf(value));
    if (!isOwn || !fields.some(isBySelf)) return;
    for (const { name, role, value } of fields) {
      if (name === author || (role !== "party" && role !== "label")) continue;
      if (kindOf(value, undefined) !== "email" || isOwnAddress(value)) continue;
      const address = canonicalOf(value, "email");
      if (isFound) this.#found.add(address);
      for (const word of namesIn(address)) {
        const known = this.#byName.get(word) ?? new Set();
        this.#byName.set(word, known.add(address));
      }
    }
  }

  /** Whether an address is that of the one correspondent whom the owner calls by name: "Write to Mark". */
  isNamed(value: unknown, { text, all }: OwnerWords): boolean {
    const address = canonicalOf(value, "email");
    const names = namesIn(address);
    return (
      this.#found.has(address) &&
      names.some((name) => {
        if (!all.has(name) || isMonthIn(text, name) || this.#byName.get(name)?.size !== 1) return false;
        return saidAs(text, name).some((said) => said.every((each) => names.includes(each)));
      })
    );
  }
}

/** Names have two letters at least, in "mark.bell@…". */
const namesIn = (address: string): string[] =>
  wordsIn(address.slice(0, address.lastIndexOf("@"))).filter((word) => /^\p{L}{2,}$/u.test(word));

/** The names that a text says in one breath with one: "Mark", "Mark Bell". People write them with capitals. */
function saidAs(text: string, name: string): string[][] {
  const runs = [
    ...text.matchAll(/(?<![\p{L}\p{N}@._/-])\p{Lu}\p{Ll}+(?: \p{Lu}\p{Ll}+)*(?![\p{L}\p{N}@_/-]|\.\p{L})/gu),
  ].filter(({ 0: run, index }) => !mayBeVerb(text, run, index));
  return runs
    .map(([run]) => wordsIn(run))
    .flatMap((words) => {
      // A sentence begins with a capital, too: "Write to Mark", "Ask Mark".
      const at = words.indexOf(name);
      return at === -1 ? [] : [at === 1 && words.length === 2 && startsSentence(text, words) ? [name] : words];
    });
}

/** "Mark all as read", "Bill the client": one word that begins a sentence has its capital for that. "Mark's" is a name. */
const mayBeVerb = (text: string, run: string, at: number): boolean =>
  !run.includes(" ") &&
  /(?:^|[.!?;:*•-]\s|[\n\r]\s?\s?)$/u.test(text.slice(Math.max(0, at - 3), at)) &&
  !/^['’]s(?!\p{L})/u.test(text.slice(at + run.length));

const months = new Set(["april", "may", "june", "august"]);

/** "10 May", "May 2031", "in June": a month, and nobody of that name. */
function isMonthIn(text: string, name: string): boolean {
  if (!months.has(name)) return false;
  const dated = new RegExp(
    String.raw`(?:\d\.?|(?<!\p{L})(?:\p{L}+th|of|in|on|since|until|till|by|during|early|late|last|next|this)) ${name}(?!\p{L})|(?<!\p{L})${name},? \d`,
    "iu",
  );
  return dated.test(text);
}

function startsSentence(text: string, [first = "", second = ""]: readonly string[]): boolean {
  return new RegExp(`(?:^|[.!?;:] )${first} ${second}(?!\\p{L})`, "iu").test(text);
}

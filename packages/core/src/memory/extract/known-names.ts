import type { Names } from "./names.ts";
import type { Token } from "./tokens.ts";

/** People the owner knows, by lower-case name, and how many words the longest name has. */
export type KnownNames = { names: ReadonlyMap<string, string>; firstWords: ReadonlySet<string>; wordsMax: number };

const read = new WeakMap<readonly string[], KnownNames>();

/** Read once for each list: an import hands in the same one for every text. */
export function readKnown(known: readonly string[]): KnownNames {
  const before = read.get(known);
  if (before !== undefined) return before;
  const names = new Map(known.filter((name) => name.trim() !== "").map((name) => [name.toLowerCase(), name]));
  const words = [...names.keys()].map((name) => name.split(" "));
  const made = {
    names,
    firstWords: new Set(words.map(([first = ""]) => first)),
    wordsMax: words.reduce((max, { length }) => Math.max(max, length), 0),
  };
  read.set(known, made);
  return made;
}

/** The longest known name that begins at this token. A name that is also a word ("Will") counts with a capital only. */
export function knownAt(known: KnownNames, tokens: readonly Token[], at: number, names: Names) {
  const first = tokens[at];
  if (first === undefined || !known.firstWords.has(first.lower)) return undefined;
  for (let length = Math.min(known.wordsMax, tokens.length - at); length > 0; length--) {
    const words = tokens.slice(at, at + length);
    const name = known.names.get(words.map(({ lower }) => lower).join(" "));
    if (name === undefined || words.slice(1).some(({ gap }) => gap !== " ")) continue;
    if (length === 1 && !first.isCapital && names.isWord(first.lower)) continue;
    return { name, length };
  }
  return undefined;
}

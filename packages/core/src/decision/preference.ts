import { stopWords } from "../memory/search/stop-words.ts";

/** What the owner likes, wants or does not want, in their own words. */
export interface Preference {
  /** Of the memory that holds it; `rule:`, `value:` or `goal:` with its name where the persona says it; `task:` with its id. */
  id: string;
  text: string;
  /** What it counts beside others; 1 where nothing is said. */
  weight?: number;
}

interface Nameable {
  name: string;
  skill?: string | undefined;
}

/**
 * How a preference speaks of an option: it does where one of its sentences holds every word of the option's name, or the
 * name of its skill; against it where that sentence also says no, or names it only after "rather than". Wholly (1 or -1)
 * where it has a word in common with the situation too, half where it is general, and not at all (0) where it does not
 * name the option. Words only: no model is asked.
 */
export function speaksOf(preference: Preference, situation: string, { name, skill }: Nameable): number {
  const named = wordsOf(name);
  const isNamed = (text: string): boolean => {
    const said = wordsOf(text);
    const isWhole = named.length > 0 && named.every((word) => said.some((each) => isSame(each, word)));
    return isWhole || (skill !== undefined && text.toLowerCase().includes(skill));
  };
  const sentence = preference.text.split(/(?<=[.!?;])\s|\n/).find(isNamed);
  if (sentence === undefined) return 0;
  const rest = wordsOf(preference.text).filter((word) => !named.some((each) => isSame(each, word)));
  const isAbout = wordsOf(situation).some((word) => rest.some((each) => isSame(each, word)));
  const [wanted = ""] = sentence.split(comparison, 1);
  const isAgainst = !isNamed(wanted) || negation.test(wanted);
  return (isAgainst ? -1 : 1) * (isAbout ? 1 : 0.5);
}

/** Whether a text is a plain name: one sentence that denies and compares nothing. */
export const isPlainName = (text: string): boolean =>
  !/[.!?;\n]/.test(text) && !negation.test(text) && !comparison.test(text);

const comparison = /\b(?:rather than|instead of)\b/i;
const negation = /\b(?:no|not|never|none|avoid|without|don['’]?t|doesn['’]?t|dislikes?|hates?|stop|refuse)\b/i;

export function wordsOf(text: string): string[] {
  const words = text.toLowerCase().match(/[\p{L}\p{N}]+/gu) ?? [];
  return words.filter((word) => !stopWords.has(word) && !negation.test(word));
}

/** "reply" and "replies", "call" and "calls": the same but for an ending. */
function isSame(a: string, b: string): boolean {
  if (a === b) return true;
  const shared = Math.min(a.length, b.length, Math.max(4, Math.max(a.length, b.length) - 3));
  return shared >= 4 && a.slice(0, shared) === b.slice(0, shared);
}

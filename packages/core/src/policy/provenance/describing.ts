import { wordsIn } from "./kinds.ts";
import type { WordsOf } from "./owner-words.ts";
import { quotationsWithin } from "./quotations.ts";
import { outside } from "./spans.ts";
import { stemOf } from "./stems.ts";
import { isTelling } from "./telling.ts";

/**
 * By which of its words an owner speaks of something, whatever their endings. The words of a quotation, of the name of a
 * file or of an address belong together: they speak of what has all of them, and of nothing else.
 */
export class Describing {
  readonly #single = new Set<string>();
  /** Those that belong together, by the first of them. */
  readonly #groups = new Map<string, ReadonlySet<string>[]>();

  constructor(text: string, by: WordsOf) {
    const { single, joined } = by === "program" ? { single: [text], joined: [] } : parted(text);
    for (const each of new Set(joined)) {
      const name = wordsIn(each.replace(ending, ""));
      // Every word of a single token belongs to it, as short as it may be.
      const stems = new Set((/\s/.test(each) ? name.filter(isTelling) : name).map(stemOf));
      const [first = ""] = stems;
      if (stems.size > 1) this.#groups.set(first, [...(this.#groups.get(first) ?? []), stems]);
      else for (const stem of stemsIn(each)) this.#single.add(stem);
    }
    for (const stem of single.flatMap(stemsIn)) this.#single.add(stem);
  }

  /** The stems of the words by which something that is called by these is spoken of. */
  of(name: readonly string[]): string[] {
    const stems = new Set(name.filter(isTelling).map(stemOf));
    const found = new Set([...stems].filter((stem) => this.#single.has(stem)));
    if (this.#groups.size === 0) return [...found];
    const all = new Set(name.map(stemOf));
    for (const group of [...all].flatMap((stem) => this.#groups.get(stem) ?? []))
      if (isWithin(group, all)) for (const stem of group) if (stems.has(stem)) found.add(stem);
    return [...found];
  }
}

/** Of the name of a file, which may be left out. */
const ending = /(?<=[\p{L}\p{N}])\.(?=\p{N}{0,4}\p{L})[\p{L}\p{N}]{1,5}$/u;

const stemsIn = (text: string): string[] => wordsIn(text).filter(isTelling).map(stemOf);

function isWithin(some: ReadonlySet<string>, all: ReadonlySet<string>): boolean {
  if (some.size > all.size) return false;
  for (const each of some) if (!all.has(each)) return false;
  return true;
}

/** What stands by itself in a text, and what is joined: by quotation marks, or within one word. */
function parted(text: string): { single: string[]; joined: string[] } {
  const quotations = quotationsWithin(text);
  const joined = quotations.map(({ start, end }) => text.slice(start, end));
  const single: string[] = [];
  for (const token of outside(text, quotations).join(" ").split(/\s+/u)) {
    const bare = token.replace(/^[^\p{L}\p{N}]+|[^\p{L}\p{N}]+$/gu, "");
    (/[\p{L}\p{N}][._/@\\-]+[\p{L}\p{N}]/u.test(bare) ? joined : single).push(bare);
  }
  return { single, joined };
}

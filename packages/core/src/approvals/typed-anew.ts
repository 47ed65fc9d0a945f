import { canonical } from "../model/canonical.ts";
import { carriedIn } from "../policy/provenance/carried.ts";

type Arguments = Readonly<Record<string, unknown>>;

/**
 * What an owner put into the arguments of a request, in place of what stood there. Nothing that stood anywhere in them is
 * among it, though its field was changed: of a text with one word more, that word alone is the owner's.
 */
export function typedAnew(before: Arguments, after: Arguments): string[] {
  const given = textsIn(before);
  const words = new Set(given.flatMap((text) => wordsOf(text).map(folded)));
  const carried = new Set(carriedBy(given.join("\n")));
  const isNew = (text: string) => carriedBy(text).every((value) => !carried.has(value));
  return Object.entries(after)
    .filter(([name, value]) => canonical({ value: before[name] ?? null }) !== canonical({ value: value ?? null }))
    .flatMap(([, value]) => textsIn(value).flatMap((text) => runsOfNew(text, words)))
    .filter(isNew);
}

function textsIn(value: unknown): string[] {
  if (value === null || value === undefined || value === "") return [];
  return typeof value === "object" ? Object.values(value).flatMap(textsIn) : [String(value)];
}

/** The text as it is where all of it is new; else its words that are, those that stand together as one. */
function runsOfNew(text: string, known: ReadonlySet<string>): string[] {
  const words = wordsOf(text);
  if (words.every((word) => !known.has(folded(word)))) return [text];
  const runs: string[][] = [[]];
  for (const word of words) {
    if (known.has(folded(word))) runs.push([]);
    else runs.at(-1)?.push(word);
  }
  return runs.filter((run) => run.length > 0).map((run) => run.join(" "));
}

const wordsOf = (text: string): string[] => text.split(/[\s,;|<>()[\]{}"'`“”„«»]+/u).filter(Boolean);

/** The same for a word in other capitals, before another sign, and for a moment in another zone. */
function folded(word: string): string {
  const at = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}/.test(word) ? new Date(word).getTime() : Number.NaN;
  if (!Number.isNaN(at)) return String(Math.floor(at / 1000));
  const plain = word.normalize("NFKC").toLowerCase();
  return plain.replace(/^[^\p{L}\p{N}]{1,64}|[^\p{L}\p{N}]{1,64}$/gu, "") || plain;
}

/** Addresses, accounts and codes, and of links where they lead: a link with another end leads there still. */
const carriedBy = (text: string): string[] =>
  [...carriedIn(text)].map((value) =>
    value
      .toLowerCase()
      .replace(/^https?:\/\//, "")
      .replace(/[/?#].*$/s, ""),
  );

import type { Hit } from "@mh/contract/memory-look.ts";
import type { Passage } from "./passages.ts";
import { units, type Value } from "./values.ts";
import type { Wanted } from "./wants.ts";

const kinds = ["person", "place"] as const;
type Named = (typeof kinds)[number];
/** By name: what the memories that were found know it for. */
export type KnownNames = ReadonlyMap<string, Named>;

/** Who and what place some memory is known to be about; another may name it and not be known for it. People go by their first name, too. */
export function knownNames(hits: readonly Hit[]): KnownNames {
  const votes = new Map<string, Record<Named, number>>();
  const vote = (name: string, kind: Named) => {
    const counted = votes.get(name) ?? { person: 0, place: 0 };
    counted[kind]++;
    votes.set(name, counted);
  };
  for (const { record } of hits) {
    const subject = record.fact && personal.has(record.fact.predicate) ? [record.fact.subject] : [];
    for (const name of [...(record.speaker ? [record.speaker] : []), ...subject]) voteFor(name, "person");
    for (const { kind, name } of record.entities) if (kind === "person" || kind === "place") voteFor(name, kind);
  }
  function voteFor(name: string, kind: Named) {
    vote(name, kind);
    const [first = ""] = name.split(" ");
    if (kind === "person" && first !== name) vote(first, kind);
  }
  return new Map([...votes].map(([name, { person, place }]) => [name, place > person ? "place" : "person"]));
}

const personal = new Set(["birthday", "phone", "email", "address"]);
const strength = 0.85;

/** The names in a passage that are known from elsewhere, and what has a capital within a sentence, where not every noun has. */
export function knownIn(
  { text, words }: Passage,
  known: KnownNames,
  wanted: ReadonlySet<Wanted>,
  isCapitalTelling: boolean,
): Value[] {
  const asked = kinds.filter((kind) => wanted.has(kind));
  if (asked.length === 0) return [];
  return words.flatMap(({ word, index }) => {
    const said = text.slice(index, index + word.length);
    if (!/^\p{Lu}\p{Ll}/u.test(said)) return [];
    const kind = known.get(said);
    if (kind !== undefined) return wanted.has(kind) ? [{ kind, index, text: said, strength }] : [];
    const isInside = isCapitalTelling && inside.test(text.slice(Math.max(0, index - 3), index)) && !dated.test(said);
    return isInside ? asked.map((kind) => ({ kind, index, text: said, strength: capitalStrength })) : [];
  });
}

const capitalStrength = 0.7;
const inside = /[\p{Ll}\p{N},;&+=(–-] ?$/u;
const dated = new RegExp(`^(?:${units.week}|${units.month})$`, "iu");

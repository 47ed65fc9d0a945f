import { isPlainName, kindOf, wordsIn } from "./kinds.ts";
import { nameWordsMax } from "./mentions.ts";
import { type NamedRow, NamedRows } from "./named-rows.ts";
import type { OwnerWords } from "./owner-words.ts";
import { type Field, fieldWords, isSameRow, isSelf, ownKindOf, type Row } from "./rows.ts";
import type { Span } from "./spans.ts";

interface Described {
  row: Row;
  /** What of the owner's words it is described by. */
  by: ReadonlySet<string>;
  /** Where the owner's words hold a name of it whole. */
  named: readonly Span[];
  /** Those of them that stand in quotation marks, and are no text of it. */
  names: readonly Span[];
}

/**
 * The rows of one skill's answers that the owner's words describe. Each is looked at once, when it is taken in, and kept
 * only where something is said of it.
 */
export class DescribedRows {
  readonly #words: OwnerWords;
  readonly #spread = new Map<string, number>();
  readonly #bounds = new Map<string, number>();
  #rows: Described[] = [];
  readonly #named = new NamedRows();
  #ofParty: Row[] = [];
  #count = 0;
  #best: readonly Row[] | undefined;
  #meant: readonly Row[] | undefined;

  constructor(words: OwnerWords) {
    this.#words = words;
  }

  add(row: Row): void {
    this.#count += 1;
    const described = descriptionOf(row, this.#words);
    // Whatever was added, what describes every row may do so no more.
    this.#best = undefined;
    this.#meant = undefined;
    this.#bounds.clear();
    const { by, named } = described;
    if (by.size === 0 && named.length === 0) return;
    this.#rows.push(described);
    this.#named.add(row, described.names);
    for (const word of by) this.#spread.set(word, (this.#spread.get(word) ?? 0) + 1);
    if (isOfWholeParty(row, this.#words)) this.#ofParty.push(row);
  }

  /** The rows that the owner's words hold a name of whole. */
  get named(): NamedRow[] {
    return this.#named.all;
  }

  /**
   * The rows that the owner's words mean: each that they name whole, and each of a party of whom they mean all; else the
   * one that they describe best. A question of the owner's found it; the same entry read twice is one.
   */
  get meant(): readonly Row[] {
    this.#meant ??= this.#meantOf();
    return this.#meant;
  }

  #meantOf(): Row[] {
    const names = namesIn(this.#rows);
    if (names.length > 0 || this.#ofParty.length > 0)
      return [...names.flatMap(({ rows }) => oneOf(rows) ?? []), ...this.#ofParty];
    return [oneOf(this.best) ?? []].flat();
  }

  /** The smallest that a field says in those that are described best; none, where one of them says nothing. */
  bound(name: string): number {
    const known = this.#bounds.get(name);
    if (known !== undefined) return known;
    const amounts = this.best.map(({ fields }) =>
      Number(fields.find((field) => field.name === name && field.role === "record")?.value ?? Number.NaN),
    );
    const isKnown = this.best.some(({ isFound }) => isFound) && !amounts.some(Number.isNaN);
    const bound = isKnown ? amounts.reduce((least, each) => Math.min(least, each), Number.POSITIVE_INFINITY) : -1;
    this.#bounds.set(name, bound);
    return bound;
  }

  /**
   * Those that are described best: one, where the words describe one; several, where they cannot tell them apart; none,
   * where they describe none. A row is described by what its author could not write against the owner: what the system
   * assigned, whom it authenticated, names where third parties cannot choose them, and text of the owner's own.
   */
  get best(): readonly Row[] {
    this.#best ??= this.#bestOf();
    return this.#best;
  }

  #bestOf(): Row[] {
    // What describes every row tells none from the others.
    const weight = (word: string) => {
      const spread = this.#spread.get(word) ?? 1;
      return this.#count > 1 && spread === this.#count ? 0 : 1 / spread;
    };
    const weights = new Map([...this.#spread.keys()].map((word) => [word, weight(word)]));
    const scores = this.#rows.map(({ by }) => {
      let score = 0;
      for (const word of by) score += weights.get(word) ?? 0;
      return score;
    });
    const best = scores.reduce((most, score) => Math.max(most, score), 0);
    return best === 0 ? [] : this.#rows.flatMap(({ row }, n) => ((scores[n] ?? 0) > best - 1e-9 ? [row] : []));
  }
}

interface Named extends Span {
  rows: Row[];
}

/** Each place that names something whole, with all that it may be the name of: the longest name at a place is the one. */
function namesIn(all: readonly Described[]): Named[] {
  const places = new Map<string, Named>();
  for (const { row, named } of all) {
    for (const { start, end } of named) {
      const key = `${start}-${end}`;
      const known = places.get(key) ?? { start, end, rows: [] };
      known.rows.push(row);
      places.set(key, known);
    }
  }
  // From the front, the longest first: what ends within an earlier one is a part of it.
  const names = [...places.values()].sort((a, b) => a.start - b.start || b.end - a.end);
  let last = -1;
  return names.filter(({ end }) => {
    const isPart = end <= last;
    last = Math.max(last, end);
    return !isPart;
  });
}

/** The one row of several that are all the same, where a question of the owner's found it. */
function oneOf(rows: readonly Row[]): Row | undefined {
  const found = rows.find(({ isFound }) => isFound);
  return found && rows.every((other) => isSameRow(found, other)) ? found : undefined;
}

/** By whom its author is, whom the system authenticated. */
function isOfWholeParty({ fields, step }: Row, words: OwnerWords): boolean {
  return fields.some(({ name, role, value }) => {
    if (role !== "party" || name !== step.facts.author || typeof value !== "string") return false;
    return words.meansAllFrom(value, ownKindOf(step.facts));
  });
}

/** Whether some of an owner's words speak of a row: by its name, where all of them do. */
export function isSpokenOf(row: Row, words: OwnerWords, all: OwnerWords): boolean {
  const { by, named } = descriptionOf(row, words);
  return named.length > 0 || (by.size > 0 && descriptionOf(row, all).named.length === 0);
}

function descriptionOf(row: Row, words: OwnerWords): Described {
  const by = new Set<string>();
  const named: Span[] = [];
  const names: Span[] = [];
  const labels: string[] = [];
  for (const field of row.fields) {
    if (!canDescribe(field, row) || isFeigned(field, row, words)) continue;
    const { role, value, isListed } = field;
    if (role !== "party" && !isListed && typeof value === "string") {
      named.push(...words.mentions.of(value));
      // Runs of the owner's words are easily made a name: what lends others is quoted.
      if (role !== "text") names.push(...words.mentions.quoted(value));
      if (role === "label") labels.push(value);
    }
    const said = isOfWhole(field) ? saidAs(value, words) : undefined;
    if (said !== undefined) by.add(said);
    else for (const stem of namedBy(field, row, words)) by.add(stem);
  }
  // "The desk lamp" may be a lamp whose room is the desk.
  if (labels.length > 1 && named.length === 0) named.push(...words.mentions.of(labels.join(" ")));
  return { row, by, named, names };
}

/** A name by others that repeats the owner's sentence, or that looks like one in another script, names nothing. */
function isFeigned({ role, value }: Field, { isOwn }: Row, { mentions }: OwnerWords): boolean {
  if (role !== "label" || isOwn || typeof value !== "string") return false;
  return mentions.isCopied(value) || wordsIn(value).some((word) => latin.test(word) && alike.test(word));
}
const latin = /\p{sc=Latn}/u;
const alike = /[\p{sc=Cyrl}\p{sc=Grek}\p{sc=Armn}\p{sc=Cher}]/u;

const isOfWhole = ({ role }: Field): boolean => role === "party" || role === "record";

/** By which of its words the owner speaks of a name: of what the system assigned, where no third party had it so assigned. */
function namedBy(field: Field, { isOwn, step }: Row, words: OwnerWords): string[] {
  const { role, value } = field;
  if (role === "party") return [];
  const isAssigned = role === "record";
  if (isAssigned && (typeof value !== "string" || !(isOwn || step.facts.writers !== "anyone"))) return [];
  const all = fieldWords(field);
  if (role !== "text" && all.length > nameWordsMax) return [];
  // A time has words of no letters.
  const spoken = isAssigned ? all.filter((word) => /\p{L}/u.test(word)) : all;
  return words.describedBy(spoken);
}

/** What of the owner's words a value is: itself, or the day on which a time lies. */
function saidAs(value: Field["value"], words: OwnerWords): string | undefined {
  const text = String(value).toLowerCase();
  if (isSaid(value, words)) return text;
  return kindOf(value, undefined) === "date" && words.days.include(text)
    ? text.slice(0, "2026-07-03".length)
    : undefined;
}

/** What describes nothing by its words does not by the whole, either: "report" is a report's. */
function isSaid(value: Field["value"], words: OwnerWords): boolean {
  if (typeof value === "boolean" || isSelf(value)) return false;
  const kind = kindOf(value, undefined);
  if (!words.has(value, kind)) return false;
  // In words, a number says how many: "two ideas" are not entry 2.
  if (kind === "amount" && Number(value) < 100 && !words.all.has(String(value).replace(/[.,].*$/, ""))) return false;
  return (
    kind !== "name" || !isPlainName(String(value)) || wordsIn(String(value)).some((each) => words.describing.has(each))
  );
}

function canDescribe(field: Field, { isOwn, isOwnText, step }: Row): boolean {
  const { role } = field;
  if (role === "record" || role === "party") return true;
  // Where others write, too, a short one is a subject, and a long one may hold what they added.
  if (role === "text" && isOwn && !isOwnText) return fieldWords(field).length <= nameWordsMax;
  return isOwn || (role === "label" && step.facts.writers !== "anyone");
}

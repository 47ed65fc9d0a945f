import { canonicalOf, kindOf } from "./kinds.ts";
import { isWhole, placesOf } from "./placed-words.ts";
import { stemOf } from "./stems.ts";
import { isEntryWord } from "./telling.ts";

// What stands before whom: "all mails from", "every message by"; or "all of", and the mails after whom.
const allFrom = /(?<!\p{L})(?:all|every|each|everything)((?: \p{L}+){0,4}) (?:from|by) ["'“‘<]?@?$/u;
const allOf = /(?<!\p{L})(?:all|each)(?: of)? ["'“‘<]?@?$/u;
const articles = new Set(["of", "the", "my", "our", "single", "one"]);
const letters = new Set(["mail", "email", "message", "letter"].map(stemOf));
/** Words by which not all are meant after all, wherever they stand. */
const exceptions =
  /(?<!\p{L})(?:except|excepting|but|unless|only|just|apart|besides|without|keep|leave|save|other|others|rest|not|never|cannot|\p{L}+n['’]t)(?!\p{L})/u;
/** Words by which some of them are meant, before it is said of whom. */
const conditions =
  /(?<!\p{L})(?:in|within|inside|on|under|among|about|for|during|since|before|after|until|if|when|where|with|of)(?!\p{L})/u;
const last = /^(?: (?:please|now|too|for me|at once))*$/u;

/** Parties of whom a text means every entry: "Archive all mails from bob@b.example". */
export class WholeParties {
  readonly #text: string;
  readonly #isAny: boolean;
  readonly #known = new Map<string, boolean>();

  constructor(text: string) {
    this.#text = text.normalize("NFC").replaceAll(/\s+/g, " ").trim().toLowerCase();
    this.#isAny = /(?<!\p{L})(?:all|every|each|everything)(?!\p{L})/u.test(this.#text) && !exceptions.test(this.#text);
  }

  /** Whether all entries of a kind are meant that a party wrote. */
  has(party: string, kind: string | undefined): boolean {
    if (!this.#isAny) return false;
    const key = `${kind ?? ""} ${party}`;
    const known = this.#known.get(key) ?? this.#look(canonicalOf(party, kindOf(party, undefined)).toLowerCase(), kind);
    this.#known.set(key, known);
    return known;
  }

  #look(party: string, kind: string | undefined): boolean {
    if (party === "") return false;
    return placesOf(this.#text, party).some((at) => {
      const end = at + party.length;
      return isWhole(this.#text, at, end) && this.#isAllAt(at, end, kind);
    });
  }

  #isAllAt(start: number, end: number, kind: string | undefined): boolean {
    const before = this.#text.slice(Math.max(0, start - 200), start);
    const after = this.#text.slice(end).replace(/^(?!['’]s )["'”’>]/u, "");
    const from = allFrom.exec(before);
    if (from) return isOfKind(from[1], kind) && isPlain(before.slice(0, from.index), after);
    const of = allOf.exec(before);
    const [owned, noun] = /^['’]s (\p{L}+)/u.exec(after) ?? [];
    if (!of || owned === undefined) return false;
    return isOfKind(noun, kind) && isPlain(before.slice(0, of.index), after.slice(owned.length));
  }
}

/** "Mails" are mails, and none of another kind; nothing else is said of which. */
function isOfKind(said: string | undefined, kind: string | undefined): boolean {
  const nouns = (said ?? "").split(" ").filter((word) => word !== "" && !articles.has(word));
  const [noun, ...others] = nouns.map(stemOf);
  if (others.length > 0) return false;
  if (noun === undefined) return true;
  if (kind === undefined) return isEntryWord(noun);
  const wanted = stemOf(kind.toLowerCase());
  return noun === wanted || (letters.has(noun) && letters.has(wanted));
}

/** Nothing around it says which of them: its clause ends there, and begins with no condition. */
function isPlain(before: string, after: string): boolean {
  const [clause = ""] = after.split(/[.;!?](?:\s|$)|,? (?:and|then) |, /u, 1);
  const own = before.split(/[.;!?]\s|(?<!\p{L})(?:and|then) /u).at(-1) ?? "";
  return last.test(clause.replace(/[.;!?]$/u, "")) && !conditions.test(own);
}

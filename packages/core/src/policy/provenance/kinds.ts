import { accountsIn } from "./accounts.ts";
import { bounds } from "./bounds.ts";

/** What a value is. What a skill declares beyond these is a name. */
export type ValueKind = "email" | "iban" | "url" | "path" | "amount" | "date" | "id" | "secret" | "name";

/** How values of a kind are told apart: as exactly as the world does, and no more so. */
interface Kind {
  /** Whether a text is one; a kind without a form of its own is what it is declared. */
  isOne?(text: string): boolean;
  /** One spelling for all that mean the same. */
  canonical(text: string): string;
  /** Values that stand in a text, as they are written there. */
  found?(text: string): string[];
}

const kinds: Readonly<Record<ValueKind, Kind>> = {
  // The part before the @ is what its server makes of it; no server tells capitals apart. Plus-addresses are others.
  email: { isOne: isEmail, canonical: canonicalEmail, found: emailsIn },
  iban: {
    isOne: (text) => /^[A-Z]{2}\d{2}(?: ?[A-Z0-9]){10,30}$/u.test(text),
    canonical: (text) => text.replaceAll(" ", "").toUpperCase(),
    found: (text) => accountsIn(text).map(({ start, end }) => text.slice(start, end)),
  },
  url: { isOne: (text) => /^(?:https?:\/\/|www\.)\S+$/iu.test(text), canonical: canonicalUrl, found: urlsIn },
  // A file system knows bytes: no folding, and one form of Unicode only. A slash at the end says nothing.
  path: { canonical: (text) => (/[^/]/u.test(text) ? text.replace(/\/{1,64}$/u, "") : text) },
  amount: { isOne: (text) => /^-?\d{1,300}(?:[.,]\d{1,300})?$/u.test(text), canonical: canonicalAmount },
  date: {
    isOne: (text) => /^\d{4}-\d{2}-\d{2}(?:[T ]\d{2}:\d{2}(?::\d{2})?)?$/u.test(text),
    canonical: (text) => text.replace(" ", "T"),
    found: (text) => matches(text, /(?<!\d)\d{4}-\d{2}-\d{2}(?:[T ]\d{2}:\d{2}(?::\d{2})?)?(?!\d)/g),
  },
  id: { canonical: (text) => text.replace(/^#/, "") },
  secret: { canonical: (text) => text },
  name: { canonical: canonicalName },
};

const declarable: Readonly<Record<string, ValueKind>> = {
  ...{ email: "email", iban: "iban", account: "iban", url: "url", link: "url", path: "path", file: "path" },
  ...{ amount: "amount", money: "amount", date: "date", datetime: "date", time: "date", id: "id" },
  ...{ secret: "secret", password: "secret" },
};

const formed = ["email", "iban", "url", "date", "amount"] as const;

/**
 * The kind of an argument's value: as it was declared, where the value has that form at all. A recipient that is
 * declared an account and given as "Spotify" is a name.
 */
export function kindOf(value: unknown, declared: string | undefined): ValueKind {
  const text = String(value).trim();
  const named = declared === undefined ? undefined : (declarable[declared] ?? "name");
  if (text.length > bounds.valueChars) return named === "url" ? "url" : "name";
  if (named === undefined) return formed.find((kind) => kinds[kind].isOne?.(text)) ?? "name";
  const { isOne } = kinds[named];
  return named === "url" || !isOne || isOne(text) ? named : "name";
}

/** Two spellings of one value are the same here. Composed and decomposed letters are one spelling, but of a path. */
export function canonicalOf(value: unknown, kind: ValueKind): string {
  const text = String(value);
  if (kind === "path" || kind === "secret") return kinds[kind].canonical(text);
  if (kind === "amount" && typeof value === "number") return text;
  return kinds[kind].canonical(text.normalize("NFC").trim().replaceAll(/\s+/g, " "));
}

/** One spelling of a value, as what it looks like. */
export const spelling = (value: unknown): string => canonicalOf(value, kindOf(value, undefined));

/** Whether two values are one, as what they are. */
export const sameValue = (a: unknown, b: unknown, kind = kindOf(a, undefined)): boolean =>
  canonicalOf(a, kind) === canonicalOf(b, kind);

/** The values of a kind that a text holds, canonical. */
export const found = (text: string, kind: "email" | "iban" | "url" | "date"): string[] =>
  (kinds[kind].found?.(text) ?? []).map((each) => canonicalOf(each, kind));

/** Words, in lower case: runs of letters and digits. */
export const wordsIn = (text: string): string[] =>
  text
    .normalize("NFC")
    .toLowerCase()
    .match(/[\p{L}\p{N}]+/gu) ?? [];

/** The last name of a path, a link or an "owner/name". */
export const lastOf = (text: string): string =>
  text
    .replace(/\/{1,64}$/u, "")
    .split("/")
    .at(-1) ?? "";

/** Words of a name as programs write it: `editor_mail`, `editorMail`. */
export const wordsOfName = (name: string): string[] => wordsIn(name.replaceAll(/(\p{Ll})(\p{Lu})/gu, "$1 $2"));

const matches = (text: string, pattern: RegExp): string[] => [...text.matchAll(pattern)].map(([match]) => match);

/** Words as people write them, each with a capital or without, or in capitals: which of those says nothing. */
export function isPlainName(text: string): boolean {
  return text
    .split(/[ '’]/u)
    .every((word) => /^(?:\p{Lu}?[\p{Ll}\p{M}]*|\p{Lu}+|[\p{Lo}\p{M}]+)[,.:;!?]?$/u.test(word));
}

function isEmail(text: string): boolean {
  const at = text.indexOf("@");
  const domain = text.slice(at + 1);
  const dot = domain.indexOf(".", 1);
  return at > 0 && !/[\s@]/u.test(domain) && !/\s/u.test(text) && dot !== -1 && dot < domain.length - 1;
}

function canonicalEmail(text: string): string {
  const at = text.lastIndexOf("@");
  return at === -1 ? text : `${text.slice(0, at).toLowerCase()}@${hostOf(text.slice(at + 1))}`;
}

/** "sarah" and "@sarah" are Sarah; "README.md", "iPhone-2" and "aB3" are those alone. */
function canonicalName(text: string): string {
  const name = text.replace(/^[#@](?=\p{L})/u, "");
  return isPlainName(name) ? name.toLowerCase() : name;
}

/** Names of hosts are folded, and written as DNS knows them. */
function hostOf(host: string): string {
  const folded = host.toLowerCase();
  if (/^[\x21-\x7e]*$/.test(folded)) return folded;
  return URL.canParse(`http://${folded}`) ? new URL(`http://${folded}`).host : folded;
}

/** Scheme and a last slash say nothing of where it leads; all else does, to the letter. */
function canonicalUrl(text: string): string {
  const bare = withoutEnd(text, ".,;:!?)]").replace(/^https?:\/\//iu, "");
  const end = bare.search(/[/?#]/u);
  const authority = end === -1 ? bare : bare.slice(0, end);
  const rest = end === -1 ? "" : bare.slice(end);
  const at = authority.lastIndexOf("@");
  return authority.slice(0, at + 1) + hostOf(authority.slice(at + 1)) + (rest === "/" ? "" : rest);
}

function withoutEnd(text: string, marks: string): string {
  let end = text.length;
  while (end > 0 && marks.includes(text.charAt(end - 1))) end -= 1;
  return text.slice(0, end);
}

/** "1,5" is one and a half; "1,500" and "1.500" may be either, and are neither: no number, and only what is written so. */
function canonicalAmount(text: string): string {
  if (/,\d{3,}$/u.test(text)) return text;
  return /^-?[1-9]\d{0,2}\.\d{3}$/u.test(text) ? `?${text}` : String(Number(text.replace(",", ".")));
}

/** Around each @: a pattern that looked for it from every letter on would look 64 times at each. */
function emailsIn(text: string): string[] {
  const all: string[] = [];
  for (let at = text.indexOf("@"), last = 0; at !== -1; last = at + 1, at = text.indexOf("@", at + 1)) {
    const [local] = /[\p{L}\p{N}][\p{L}\p{N}._%+-]{0,63}$/u.exec(text.slice(Math.max(last, at - 64), at)) ?? [];
    const [domain] = /^[\p{L}\p{N}-]{1,63}(?:\.[\p{L}\p{N}-]{1,63}){1,5}/u.exec(text.slice(at + 1, at + 400)) ?? [];
    if (local !== undefined && domain !== undefined) all.push(`${local}@${domain}`);
  }
  return all;
}

const urlPattern =
  /(?:[a-z][a-z0-9+.-]{1,20}:\/\/|www\.)[^\s<>"'`|\\^{}]{1,2000}|(?<![\p{L}\p{N}@._-]|(?<!\/)\/)(?:[\p{L}\p{N}-]{1,63}\.){1,5}[\p{L}]{2,24}(?:\/[^\s<>"'`|\\^{}]{0,2000})?(?![\p{L}\p{N}@])/giu;

// People forget the blank after a full stop: "www.example.org.They" names www.example.org.
function urlsIn(text: string): string[] {
  return matches(text, urlPattern).map((match) => match.replace(/(\.[a-z]{2,24})\.\p{Lu}\p{Ll}{1,64}$/u, "$1"));
}

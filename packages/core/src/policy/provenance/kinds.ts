/** What a value is: how it is compared, and how it is found in a text. What a skill declares beyond these is a name. */
export type ValueKind = "email" | "iban" | "url" | "path" | "amount" | "date" | "id" | "secret" | "name";

const patterns: Readonly<Partial<Record<ValueKind, RegExp>>> = {
  email: /[\p{L}\p{N}][\p{L}\p{N}._%+-]{0,63}@[\p{L}\p{N}-]{1,63}(?:\.[\p{L}\p{N}-]{1,63}){1,5}/gu,
  iban: /(?<![\p{L}\p{N}])[A-Z]{2}\d{2}(?: ?[A-Z0-9]){10,30}(?![\p{L}\p{N}])/gu,
  url: /(?:[a-z][a-z0-9+.-]{1,20}:\/\/|www\.)[^\s<>"'`|\\^{}]{1,2000}|(?<![\p{L}\p{N}@._-]|(?<!\/)\/)(?:[a-z0-9-]{1,63}\.){1,5}[a-z]{2,24}(?:\/[^\s<>"'`|\\^{}]{0,2000})?(?![\p{L}\p{N}@])/giu,
  date: /(?<!\d)\d{4}-\d{2}-\d{2}(?:[T ]\d{2}:\d{2}(?::\d{2})?)?(?!\d)/g,
};

const shapes: readonly (readonly [ValueKind, RegExp])[] = [
  ["email", /^[^\s@]+@[^\s@]+\.[^\s@]+$/u],
  ["iban", /^[A-Z]{2}\d{2}(?: ?[A-Z0-9]){10,30}$/u],
  ["url", /^(?:https?:\/\/\S+|www\.\S+)$/iu],
  ["date", /^\d{4}-\d{2}-\d{2}(?:[T ]\d{2}:\d{2}(?::\d{2})?)?$/u],
  ["amount", /^-?\d+(?:[.,]\d+)?$/u],
];

const declarable: Readonly<Record<string, ValueKind>> = {
  ...{ email: "email", iban: "iban", account: "iban", url: "url", link: "url", path: "path", file: "path" },
  ...{ amount: "amount", money: "amount", date: "date", datetime: "date", time: "date", id: "id" },
  ...{ secret: "secret", password: "secret" },
};

/**
 * The kind of an argument's value: as it was declared, where the value has that shape at all. A recipient that is
 * declared an account and given as "Spotify" is a name.
 */
export function kindOf(value: unknown, declared: string | undefined): ValueKind {
  const text = String(value).trim();
  const named = declared === undefined ? undefined : (declarable[declared] ?? "name");
  if (named === undefined) return shapes.find(([, shape]) => shape.test(text))?.[0] ?? "name";
  const shape = shapes.find(([kind]) => kind === named)?.[1];
  if (named === "url" || shape === undefined) return named;
  return shape.test(text) ? named : "name";
}

/** Two spellings of one value are the same here. */
export function canonicalOf(value: unknown, kind: ValueKind): string {
  const text = String(value).normalize("NFKC").trim();
  if (kind === "iban") return text.replaceAll(" ", "").toUpperCase();
  if (kind === "url") return canonicalUrl(text);
  if (kind === "amount") return String(Number(text.replace(",", ".")));
  if (kind === "secret" || kind === "path") return text;
  if (kind === "id") return text.replace(/^#/, "").toLowerCase();
  return text.replaceAll(/\s+/g, " ").toLowerCase();
}

/** Scheme and a last slash say nothing of where it leads; all else does. */
function canonicalUrl(text: string): string {
  const bare = text.replace(/[.,;:!?)\]]+$/u, "").replace(/^https?:\/\//iu, "");
  const [, host = "", rest = ""] = /^([^/?#]*)(.*)$/u.exec(bare) ?? [];
  return host.toLowerCase() + (rest === "/" ? "" : rest);
}

/** The values of a kind that a text holds, canonical. */
export function found(text: string, kind: "email" | "iban" | "url" | "date"): string[] {
  const pattern = patterns[kind] as RegExp;
  const matches = [...text.normalize("NFKC").matchAll(pattern)].map(([match]) => match);
  // People forget the blank after a full stop: "www.example.org.They" names www.example.org.
  const parted =
    kind === "url" ? matches.map((match) => match.replace(/(\.[a-z]{2,24})\.\p{Lu}\p{Ll}+$/u, "$1")) : matches;
  return parted.map((match) => canonicalOf(match, kind));
}

/** Words, in lower case: runs of letters and digits. */
export const wordsIn = (text: string): string[] =>
  text
    .normalize("NFKC")
    .toLowerCase()
    .match(/[\p{L}\p{N}]+/gu) ?? [];

import { found } from "./kinds.ts";

/**
 * What a text could carry to somebody: addresses, links, accounts, and codes (cards, passports, keys): letters and digits
 * mixed, or many digits. Dates are none. Letters that only look different are read as what they look like.
 */
export function* carriedIn(text: string): Generator<string> {
  const plain = text.normalize("NFKC");
  for (const kind of ["email", "url", "iban"] as const) yield* found(plain, kind);
  const rest = plain.replaceAll(/\d{4}-\d{2}-\d{2}(?:[T ]\d{2}:\d{2}(?::\d{2})?)?/g, " ");
  for (const [code] of rest.matchAll(mixed)) yield code;
  for (const [digits] of rest.matchAll(long)) yield digits.replaceAll(/[ -]/g, "");
}

// A run of more than 64 letters and digits is no code that anybody types; it is looked at in full all the same.
const mixed = /(?<![\p{L}\p{N}])(?=[\p{L}\p{N}]*\d)(?=[\p{L}\p{N}]*\p{L})[\p{L}\p{N}]{6,}(?![\p{L}\p{N}])/gu;
const long = /(?<![\d.,])\d(?:[ -]?\d){8,30}(?![\d])/g;

import { found } from "./kinds.ts";

/**
 * What a text could carry to somebody: addresses, links, accounts, and codes (cards, passports, keys): letters and digits
 * mixed, or many digits. Dates are none. Letters that only look different are read as what they look like.
 */
export function* carriedIn(text: string): Generator<string> {
  // A dot is a dot in whatever script.
  const plain = text.normalize("NFKC").replaceAll(/[\u3002\uff0e\uff61]/g, ".");
  for (const kind of ["email", "url", "iban"] as const)
    for (const each of found(plain, kind)) if (kind !== "url" || !fileName.test(each)) yield each;
  for (const [host] of plain.matchAll(numbered)) yield host;
  const rest = plain.replaceAll(/\d{4}-\d{2}-\d{2}(?:[T ]\d{2}:\d{2}(?::\d{2})?)?/g, " ");
  for (const [code] of rest.matchAll(mixed)) yield code;
  for (const [digits] of rest.matchAll(long)) yield digits.replaceAll(/[ -]/g, "");
  for (const [phone] of rest.matchAll(phones)) {
    const digits = phone.replaceAll(/\D/g, "");
    if (digits.length >= 7) yield digits;
  }
}

// No domain ends so, and nothing stands behind it: it names a file.
const fileName =
  /^[^/?#:@]+\.(?:docx?|xlsx?|pptx?|pdf|txt|csv|tsv|json|html?|png|jpe?g|gif|svg|odt|ods|odp|mp3|mp4|wav|ics|eml|log|ya?ml|toml|rtf|epub)$/iu;
const numbered =
  /(?<![\p{L}\p{N}.])(?:\d{1,3}\.){3}\d{1,3}(?![\p{L}\p{N}]|\.\d)(?::\d{1,5})?(?:[/?#][^\s<>"'`]{0,2000})?/gu;
const phones = /(?<![\p{L}\p{N}])(?:\+|00(?=\d)|\()\d(?:[ ()./-]{0,3}\d){5,20}(?!\d)/gu;
// A run of more than 64 letters and digits is no code that anybody types; it is looked at in full all the same.
const mixed = /(?<![\p{L}\p{N}])(?=[\p{L}\p{N}]*\d)(?=[\p{L}\p{N}]*\p{L})[\p{L}\p{N}]{6,}(?![\p{L}\p{N}])/gu;
const long = /(?<![\d.,])\d(?:[ -]?\d){8,30}(?![\d])/g;

import { outside, type Span } from "./spans.ts";

const written = /(?<![\p{L}\p{N}])[A-Z]{2}\d{2}(?: ?[A-Z0-9]){10,30}(?![\p{L}\p{N}])/gu;

/**
 * Accounts in a text (IBAN, ISO 13616), in one run or in groups of four. What follows in groups of its own is no part of
 * one: "… 3000 20 euros" is an account and a sum. Which it is, the check digits say; where they say nothing, the form.
 */
export const accountsIn = (text: string): Span[] =>
  [...text.matchAll(written)].map(({ 0: all, index }) => ({ start: index, end: index + ownPart(all).length }));

/** The accounts taken out of a text, each with a mark in its place. */
export const withoutAccounts = (text: string): string => outside(text, accountsIn(text)).join(" ¶ ");

function ownPart(all: string): string {
  const groups = all.split(" ");
  const beginnings = groups.map((_group, n) => groups.slice(0, groups.length - n).join(" "));
  const known = beginnings.find(isValid);
  if (known !== undefined) return known;
  const [first = ""] = groups;
  if (first.length >= 14) return first;
  // Groups of four, but for the last.
  const last = groups.findIndex((group) => group.length !== 4);
  return last === -1 ? all : groups.slice(0, last + 1).join(" ");
}

/** Whether the check digits fit: ISO 7064, modulo 97. */
function isValid(text: string): boolean {
  const bare = text.replaceAll(" ", "");
  if (bare.length < 15 || bare.length > 34) return false;
  const digits = (bare.slice(4) + bare.slice(0, 4)).replaceAll(/[A-Z]/g, (letter) => String(letter.charCodeAt(0) - 55));
  let rest = 0;
  for (const digit of digits) rest = (rest * 10 + Number(digit)) % 97;
  return rest === 1;
}

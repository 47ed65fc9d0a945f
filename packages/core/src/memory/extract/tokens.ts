import { ofAllScripts } from "./scripts.ts";
import { honorifics } from "./word-lists.ts";

/** One word of a text as entity and tag rules see it. */
export type Token = {
  text: string;
  lower: string;
  /** What stands between the word before and this one. */
  gap: string;
  startsSentence: boolean;
  isCapital: boolean;
  /** "ML", "LGBT+", "GPT-4". */
  isAcronym: boolean;
  /** "GitHub", "iPhone", "PostgreSQL". */
  isMixed: boolean;
};

/** The words of a text, apart from code, addresses, links and mentions, which have rules of their own. */
export function tokensOf(text: string): Token[] {
  const plain = text.replace(notProse(text), (hidden) => ` ${"\u0001".repeat(Math.max(0, hidden.length - 2))} `);
  const tokens: Token[] = [];
  let end = 0;
  for (const match of plain.matchAll(word(plain))) {
    const gap = plain.slice(end, match.index);
    const spoken = match[0].replace(possessive, "");
    end = match.index + spoken.length;
    tokens.push(tokenOf(spoken, gap, tokens.at(-1)));
  }
  return tokens;
}

function tokenOf(text: string, gap: string, before: Token | undefined): Token {
  // "Dr. Seuss" and "E. B. White" are one name, not two sentences.
  const isShortened =
    gap === ". " && before !== undefined && (before.text.length === 1 || honorifics.has(before.lower));
  const startsSentence = before === undefined || (gap !== " " && sentenceEnd.test(gap) && !isShortened);
  if (small.test(text)) return { text, lower: text, gap, startsSentence, ...plainCase };
  const isAcronym = acronym(text).test(text) && !shouted.has(text);
  return {
    text,
    lower: text.toLowerCase(),
    gap,
    startsSentence,
    isCapital: capital(text).test(text),
    isAcronym,
    isMixed: !isAcronym && mixed(text).test(text),
  };
}

/** Most words are such. */
const small = /^[a-z0-9'&.+-]+$/;
const plainCase = { isCapital: false, isAcronym: false, isMixed: false };

const notProse = ofAllScripts(
  /```[\s\S]{0,20000}?```|`[^`\n]{1,500}`|\bhttps?:\/\/\S+|\bwww\.\S+|\[\[[^[\]\n]{1,400}\]\]|[\w.+-]{1,64}@[\w.-]+|[@#][\p{L}\w/-]+/gu,
);
const word = ofAllScripts(/[\p{L}\p{N}][\p{L}\p{M}\p{N}]*(?:[-'’&.][\p{L}\p{N}][\p{L}\p{M}\p{N}]*)*\+?/gu);
const possessive = /['’]s$/i;
const capital = ofAllScripts(/^\p{Lu}/u);
const acronym = ofAllScripts(/^(?=.*\p{Lu}.*\p{Lu})[\p{Lu}\p{N}&.-]{2,8}s?\+?$/u);
const mixed = ofAllScripts(/^\p{Ll}{1,3}\p{Lu}|^\p{Lu}\p{Ll}+\p{Lu}\p{Ll}*/u);
const sentenceEnd = /[.!?:;…\n"“”«•>(]|^\s*[-*]\s|--|—/u;
const shouted = new Set(
  "OK LOL OMG ASAP FYI BTW TBH IMO IMHO TODO DIY AM PM A.M P.M TV RIP XOXO NO YES SO TBD WTF FAQ PS".split(" "),
);

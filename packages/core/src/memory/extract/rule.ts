import type { Said, Stretch } from "./stretches.ts";

/** A pattern of a time in a text, and what it means. */
export interface Rule {
  pattern: RegExp;
  read(match: RegExpMatchArray, said: Said): Stretch | undefined;
}

/** Letters of Latin script: V8 takes up to a millisecond to compile each `\p{L}`. */
const letter = "[A-Za-z0-9\\u00c0-\\u024f]";

/** Matches whole words, in small or capital letters. */
export function rule(source: string, read: Rule["read"]): Rule {
  return { pattern: new RegExp(`(?<!${letter})(?:${source})(?!${letter})`, "gi"), read };
}

import type { MemoryRecord } from "@mh/contract/values/memory.ts";
import { fold } from "../search/word-likeness.ts";

/** A sentence or line of a memory, where it stands, and its words. */
export interface Passage {
  text: string;
  index: number;
  words: readonly SaidWord[];
}
export interface SaidWord {
  /** In lower case. */
  word: string;
  folded: string;
  index: number;
  /** Written in capitals alone, as a company or an office is. */
  isCapitals: boolean;
}

const charactersMax = 8_000;
const passagesMax = 60;

/** The sentences and lines of a text. */
export function passagesOf(text: string): Passage[] {
  return [...text.slice(0, charactersMax).matchAll(sentence)]
    .slice(0, passagesMax)
    .map((match) => ({ text: match[0], index: match.index, words: saidWords(match[0]) }));
}

// A full stop after a day, a single letter or a title ends no sentence; one after a year does.
const sentence =
  /(?:[^\n.!?…;]|[.;](?!\s|$)|(?<=(?<!\d)\d{1,2}|(?<![\p{L}])\p{L}|Dr|Mr|Mrs|Ms|Nr|St|Sra|Prof|Std)\.|;)+(?:[.!?…]+["”“»)]*|(?=\n)|$)/gu;

export function saidWords(text: string): SaidWord[] {
  return [...text.matchAll(/[\p{L}\p{N}\p{M}]+|\p{Extended_Pictographic}/gu)].map((match) => ({
    word: match[0].toLowerCase(),
    folded: fold(match[0]),
    index: match.index,
    isCapitals: inCapitals(match[0]),
  }));
}

/** Two capitals or more, and nothing else. */
export const inCapitals = (word: string): boolean => /^\p{Lu}{2,}$/u.test(word);

/** The first line of several, where it is short; empty where there is none. */
export function titleOf(content: string): string {
  const [first = "", ...rest] = content.split("\n");
  return rest.length > 0 && first.length <= 120 ? first : "";
}

/** Who and what a whole memory is about, beside the words of one of its sentences: its title, its speaker, its subject. */
export function headOf({ content, speaker, fact }: MemoryRecord): SaidWord[] {
  return saidWords([titleOf(content), speaker ?? "", fact?.subject ?? ""].join(" "));
}

/** Whether a text asks or wonders, and tells nothing. */
export function isOnlyAsking(text: string): boolean {
  const sentences = text.match(/[^.!?…？！。؟\n]+[.!?…？！。؟]*/gu) ?? [];
  const said = sentences.filter((each) => /[\p{L}\p{N}]/u.test(each));
  return said.length > 0 && said.every((each) => /[?？؟]\s*$/u.test(each));
}

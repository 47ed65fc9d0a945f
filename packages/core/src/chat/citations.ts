import type { ChatCitation } from "@mh/contract/values/chat-turn.ts";

/** A memory that was read for an answer. */
export interface Read {
  id: string;
  content: string;
}

interface Mark {
  from: number;
  to: number;
  source: string;
}

/** As many words in a row that stand in a memory as well are no accident. */
const wordsInRow = 5;
const idEndChars = 8;

/**
 * The sentences of an answer that rest on memories: those that name one by its id, whole or the end of it, and those that have
 * words of one without saying so. An id that names nothing which was read marks nothing.
 */
export function citationsOf(answer: string, read: readonly Read[]): ChatCitation[] {
  const marks = marksIn(answer, read);
  const phrases = new Map(read.map(({ id, content }) => [id, phrasesOf(content)]));
  return sentencesOf(answer, marks).flatMap(({ from, to, marks: own }): ChatCitation[] => {
    const [first, last] = [own[0], own.at(-1)];
    if (first && last) {
      const sources = [...new Set(own.map(({ source }) => source))];
      return [{ from, to, markFrom: first.from, markTo: last.to, sources, isNamed: true }];
    }
    const said = phrasesOf(answer.slice(from, to));
    const sources = read.map(({ id }) => id).filter((id) => [...said].some((phrase) => phrases.get(id)?.has(phrase)));
    return sources.length === 0 ? [] : [{ from, to, markFrom: to, markTo: to, sources, isNamed: false }];
  });
}

/** Where an answer names memories; brackets that hold nothing but ids belong to them. */
function marksIn(answer: string, read: readonly Read[]): Mark[] {
  const byEnd = new Map(read.map(({ id }) => [id.slice(-idEndChars), id]));
  const marks: Mark[] = [];
  for (const { 0: text, index } of answer.matchAll(/[0-9a-f-]{8,36}/gi)) {
    const source = byEnd.get(text.slice(-idEndChars).toLowerCase());
    if (source) marks.push({ ...widened(answer, index, index + text.length), source });
  }
  return marks;
}

/** Takes in brackets, commas and spaces around an id, back to the word before it. */
function widened(answer: string, from: number, to: number): { from: number; to: number } {
  const bracket = /[[(][^\][()\n]{0,12}$/.exec(answer.slice(Math.max(0, from - 24), from))?.[0] ?? "";
  const isBracketed = bracket !== "";
  let start = from - bracket.length;
  while (start > 0 && " \t".includes(answer.charAt(start - 1))) start -= 1;
  const after = isBracketed ? (/^[ \t]*[\])]/.exec(answer.slice(to, to + 8))?.[0] ?? "") : "";
  // An open bracket with more than ids in it stays as it is written.
  return after === "" && isBracketed ? { from, to } : { from: start, to: to + after.length };
}

const segments = (text: string, granularity: "sentence" | "word") =>
  new Intl.Segmenter("en", { granularity }).segment(text);

/** Sentences, each with the marks that it ends with: one that follows the full stop belongs to the sentence before it. */
function sentencesOf(answer: string, marks: readonly Mark[]): { from: number; to: number; marks: Mark[] }[] {
  const sentences: { from: number; to: number; marks: Mark[] }[] = [];
  // With marks blanked out, nothing of an id ends or begins a sentence.
  const blank = marks.reduce(
    (text, { from, to }) => text.slice(0, from) + " ".repeat(to - from) + text.slice(to),
    answer,
  );
  for (const { segment, index } of segments(blank, "sentence")) {
    const from = index + (segment.length - segment.trimStart().length);
    const own = marks.filter((mark) => mark.from >= index && mark.from < index + segment.length);
    const words = index + segment.trimEnd().length;
    const to = Math.max(words, ...own.map((mark) => mark.to));
    const last = sentences.at(-1);
    // Nothing but a mark: it is of what was said before it.
    if (segment.trim() === "" && last && own.length > 0) {
      last.marks.push(...own);
      last.to = to;
    } else if (to > from) sentences.push({ from, to, marks: own });
  }
  return sentences;
}

/** Every few words in a row of a text. */
function phrasesOf(text: string): Set<string> {
  const all = [...segments(text.toLowerCase(), "word")];
  const words = all.filter(({ isWordLike }) => isWordLike).map(({ segment }) => segment);
  const count = Math.max(0, words.length - wordsInRow + 1);
  return new Set(Array.from({ length: count }, (_, at) => words.slice(at, at + wordsInRow).join(" ")));
}

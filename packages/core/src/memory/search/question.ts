import type { EventTime } from "@mh/contract/values/memory.ts";
import type { Database } from "../../ports/database.ts";
import { memoryTokenizer } from "../schema.ts";
import { wordsOf } from "./search-text.ts";
import { roleWords, stopWords } from "./stop-words.ts";
import { otherForms } from "./verb-forms.ts";

export type Span = { from: number; to: number };

/** What a question asks for. `terms` are rarest first; `pairs` are terms that stand side by side in it. */
export type Question = {
  terms: string[];
  pairs: [string, string][];
  /** Names of speakers, lower case. Their turns are told by a signal of their own, not by words. */
  names: string[];
  /** The question without its stop words and those names. */
  subject: string;
  spans: Span[];
  asksWhen: boolean;
};

const charactersMax = 4_000;
const wordsMax = 64;
const termsMax = 24;
const pruneFrom = 2_000;
const commonShare = 0.05;

/** Reads a question against the store: its words, the people it names, the times it speaks of. Any text is welcome. */
export function readQuestion(db: Database, text: string, spans: readonly EventTime[]): Question {
  const asked = text.slice(0, charactersMax);
  const all = [...new Set(wordsOf(asked).map((word) => word.toLowerCase()))].slice(0, wordsMax);
  const telling = all.filter((word) => !stopWords.has(word));
  const words = telling.length > 0 ? telling : all;
  const names = words.filter((word) => isSpeaker(db, word));
  const subject = words.filter((word) => !names.includes(word));
  const asking = subject.length > 0 ? subject : words;
  const terms = pruned(db, [...new Set(asking.flatMap((word) => [word, ...otherForms(word)]))]);
  return {
    terms,
    pairs: words.slice(1).flatMap((word, i) => pairOf(words[i], word, terms)),
    names,
    subject: subject.join(" "),
    spans: spans.map(({ from, to }) => ({ from: Date.parse(from), to: Date.parse(to) })),
    asksWhen: /^\W*(?:when|since when|what (?:date|day|month|year|time)|how long ago)\b/i.test(asked),
  };
}

function pairOf(left: string | undefined, right: string, terms: string[]): [string, string][] {
  return left !== undefined && terms.includes(left) && terms.includes(right) ? [[left, right]] : [];
}

/** Whether some speaker is called so, by the whole name or its first word. */
function isSpeaker(db: Database, word: string): boolean {
  if (roleWords.has(word)) return false;
  const between = "SELECT 1 FROM memories WHERE speaker >= ? COLLATE NOCASE AND speaker <= ? COLLATE NOCASE LIMIT 1";
  const read = db.prepare(between);
  return read.get(word, word) !== undefined || read.get(`${word} `, `${word} \u{10ffff}`) !== undefined;
}

/** Keeps the words that some memory has, rarest first; in a large store without the common ones, if others are left. */
function pruned(db: Database, words: readonly string[]): string[] {
  const { total } = db.prepare("SELECT coalesce(max(rowid), 0) AS total FROM memories").get() as { total: number };
  const counted = frequencies(db, words)
    .filter(({ documents }) => documents > 0)
    .sort((a, b) => a.documents - b.documents);
  const rare = counted.filter(({ documents }) => documents <= total * commonShare);
  const kept = total < pruneFrom ? counted : rare.length > 0 ? rare : counted.slice(0, 1);
  return kept.slice(0, termsMax).map(({ word }) => word);
}

/** In how many memories each word occurs. The index itself reduces the word to its stem, so the two cannot differ. */
function frequencies(db: Database, words: readonly string[]): { word: string; documents: number }[] {
  db.exec(
    `CREATE VIRTUAL TABLE IF NOT EXISTS temp.question_text USING fts5 (word, tokenize = '${memoryTokenizer}');
     CREATE VIRTUAL TABLE IF NOT EXISTS temp.question_terms USING fts5vocab (temp, question_text, 'instance');
     DELETE FROM temp.question_text;`,
  );
  const insert = db.prepare("INSERT INTO temp.question_text (rowid, word) VALUES (?, ?)");
  for (const [i, word] of words.entries()) insert.run(i + 1, word);
  const rows = db
    .prepare(
      `SELECT q.doc AS number, min(coalesce((SELECT doc FROM memory_terms WHERE term = q.term), 0)) AS documents
       FROM temp.question_terms q GROUP BY q.doc`,
    )
    .all() as { number: number; documents: number }[];
  return rows.flatMap(({ number, documents }) => {
    const word = words[number - 1];
    return word === undefined ? [] : [{ word, documents }];
  });
}

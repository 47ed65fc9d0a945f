import type { MemoryRecord } from "@mh/contract/values/memory.ts";
import type { Database } from "../ports/database.ts";
import { spacedText } from "./search/search-text.ts";

/** So many sentences are looked for; a text of more says something of its own. */
const sentencesMax = 40;
/** Of a long sentence so many words are enough to find where it may stand. */
const wordsMax = 40;
const placesMax = 50;

/**
 * The memory that a text repeats: each of its sentences stands as a sentence of its own in what is on record, in whatever case,
 * spacing and punctuation. What agents wrote is no record of anything; of theirs only what is proposed already counts.
 */
export function recalled(db: Database, text: string): MemoryRecord | undefined {
  const sentences = plainSentences(text);
  if (sentences.length === 0 || sentences.length > sentencesMax) return undefined;
  let first: MemoryRecord | undefined;
  for (const sentence of sentences) {
    const found = whereItStands(db, sentence);
    if (!found) return undefined;
    first ??= found;
  }
  return first;
}

function whereItStands(db: Database, sentence: string): MemoryRecord | undefined {
  const words = sentence.split(" ").slice(0, wordsMax).join(" ");
  const sql = `SELECT m.record FROM memory_text JOIN memories m ON m.rowid = memory_text.rowid
    WHERE memory_text MATCH ? AND (m.kind <> 'artifact' OR m.record ->> '$.proposal.does.type' = 'memory')
    ORDER BY memory_text.rowid LIMIT ${placesMax}`;
  const rows = db.prepare(sql).iterate(`"${words}"`) as Iterable<{ record: string }>;
  for (const row of rows) {
    const record = JSON.parse(row.record) as MemoryRecord;
    if (plainSentences(record.content).includes(sentence)) return record;
  }
  return undefined;
}

const sentenceEnd = /(?<=[.!?…。！？])\s+|(?<=[。！？])|\n+/;

/** Its sentences as words alone, in one case. */
const plainSentences = (text: string): string[] =>
  text
    .normalize("NFKC")
    .split(sentenceEnd)
    .map((sentence) =>
      (
        spacedText(sentence)
          .toLowerCase()
          .match(/[\p{L}\p{N}\p{M}]+/gu) ?? []
      ).join(" "),
    )
    .filter((sentence) => sentence !== "");

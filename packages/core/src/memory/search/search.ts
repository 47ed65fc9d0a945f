import type { Hit } from "@mh/contract/memory-look.ts";
import type { EventTime, MemoryRecord } from "@mh/contract/values/memory.ts";
import type { MemoryKind } from "@mh/contract/values/memory-kinds.ts";
import type { Database } from "../../ports/database.ts";
import { gather } from "./candidates.ts";
import type { Filter } from "./matching.ts";
import type { Meaning } from "./meaning.ts";
import { readQuestion } from "./question.ts";
import { reasonFor } from "./reason.ts";
import { signalsOf } from "./signals.ts";
import { type Signals, signalNames, weights } from "./weights.ts";

export type SearchQuery = {
  text: string;
  /** How many hits at most, 1 to 1000. */
  k: number;
  kinds?: readonly MemoryKind[];
  /** Told at or after `from` and before `to`, in milliseconds since the epoch. */
  from?: number;
  to?: number;
  /** What "last week" in the question counts from; without it, the newest memory's time. */
  at?: Date;
  timeZone: string;
  /** Where an embedder made a vector of the question. */
  meaning?: Meaning | undefined;
  extractDates(text: string, at: Date): EventTime[];
};

/**
 * Finds memories by words, neighbours, speaker, time and, with an embedder, meaning, best first, the same question giving the same answer.
 * Two stages (notes on retrieval, DESIGN §5): some hundred candidates by pruned BM25, then a weighted sum of signals.
 * Any text is a question; one without a known word or date finds nothing.
 */
export function search(db: Database, query: SearchQuery): Hit[] {
  const question = readQuestion(db, query.text, query.extractDates(query.text, query.at ?? newest(db)));
  const candidates = gather(db, question, filterOf(query), query);
  const signals = signalsOf(question, candidates);
  const ranked = candidates
    .map((candidate, i) => ({ candidate, signals: signals[i] as Signals }))
    .map((found) => ({ ...found, score: scoreOf(found.signals) }))
    .filter(({ score }) => score > 0)
    .sort((a, b) => b.score - a.score || b.candidate.atMs - a.candidate.atMs || a.candidate.row - b.candidate.row)
    .slice(0, query.k);
  const read = db.prepare("SELECT record FROM memories WHERE rowid = ?");
  return ranked.map(({ candidate, signals, score }) => ({
    id: candidate.id,
    score,
    signals,
    reason: reasonFor(question, candidate, signals),
    record: JSON.parse((read.get(candidate.row) as { record: string }).record) as MemoryRecord,
  }));
}

function scoreOf(signals: Signals): number {
  return signalNames.reduce((total, name) => total + weights[name] * signals[name], 0);
}

/** What was lived, stated, learnt and preferred; what assistants wrote only when asked for. */
const evidence: readonly MemoryKind[] = ["episodic", "semantic", "procedural", "preference"];

function filterOf({ kinds = evidence, from, to }: SearchQuery): Filter {
  return {
    sql: "m.kind IN (SELECT value FROM json_each(?)) AND m.at_ms >= ? AND m.at_ms < ?",
    params: [JSON.stringify(kinds), from ?? Number.MIN_SAFE_INTEGER, to ?? Number.MAX_SAFE_INTEGER],
  };
}

function newest(db: Database): Date {
  const { at } = db.prepare("SELECT coalesce(max(at_ms), 0) AS at FROM memories").get() as { at: number };
  return new Date(at);
}

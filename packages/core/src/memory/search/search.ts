import type { Hit } from "@mh/contract/memory-look.ts";
import type { EventTime, MemoryRecord } from "@mh/contract/values/memory.ts";
import type { MemoryKind } from "@mh/contract/values/memory-kinds.ts";
import type { Database } from "../../ports/database.ts";
import { type Candidate, gather } from "./candidates.ts";
import { within } from "./fields.ts";
import type { Filter } from "./matching.ts";
import type { Meaning } from "./meaning.ts";
import { type Question, readQuestion } from "./question.ts";
import { reasonFor } from "./reason.ts";
import { type Signals, signalNames, signalsOf } from "./signals.ts";
import { shareOf } from "./weights.ts";
import type { WordVectors } from "./word-vectors.ts";

export type SearchQuery = {
  text: string;
  /** How many hits at most, 1 to 1000. */
  k: number;
  kinds?: readonly MemoryKind[];
  /** Archived memories alone, or with the others; none of them where it is left out. */
  archived?: "only" | "too" | undefined;
  /** Told at or after `from` and before `to`, in milliseconds since the epoch. */
  from?: number;
  to?: number;
  /** What "last week" in the question counts from; without it, the newest memory's time. */
  at?: Date;
  timeZone: string;
  /** Vectors of words, where the host has them. */
  vectors?: WordVectors | undefined;
  /** Where an embedder made a vector of the question. */
  meaning?: Meaning | undefined;
  extractDates(text: string, at: Date): EventTime[];
  /** What the store has for words of the question, by word in lower case, where that has been looked up. */
  standing?: ReadonlyMap<string, readonly string[]> | undefined;
  /** With each signal's share in the score. */
  explain?: boolean;
};

/**
 * Finds memories by words, neighbours, speaker, time and, with an embedder, meaning, best first, the same question giving the same answer.
 * Two stages (notes on retrieval, DESIGN §5): some hundred candidates by pruned BM25, then a weighted sum of signals.
 * Any text is a question; one without a known word or date finds nothing.
 */
export function search(db: Database, query: SearchQuery): Hit[] {
  const { question, candidates } = candidatesOf(db, query);
  const signals = signalsOf(question, candidates, query.vectors);
  const ranked = candidates
    .map((candidate, i) => ({ candidate, signals: signals[i] as Signals }))
    .map((found) => ({ ...found, score: scoreOf(found.signals, question) }))
    .filter(({ score }) => score > 0)
    .sort((a, b) => b.score - a.score || b.candidate.atMs - a.candidate.atMs || a.candidate.row - b.candidate.row)
    .slice(0, query.k);
  const read = db.prepare("SELECT record FROM memories WHERE rowid = ?");
  return ranked.map(({ candidate, signals, score }) => ({
    id: candidate.id,
    score,
    signals,
    ...(query.explain && { shares: sharesOf(signals, question) }),
    reason: reasonFor(question, candidate, signals),
    record: JSON.parse((read.get(candidate.row) as { record: string }).record) as MemoryRecord,
  }));
}

/** The first stage: the question as it is understood, and what may answer it. */
export function candidatesOf(db: Database, query: SearchQuery): { question: Question; candidates: Candidate[] } {
  const at = query.at ?? newest(db);
  const { text, filter } = within(db, query.text, filterOf(query));
  const question = readQuestion(db, text, query.extractDates(text, at), at, query);
  return { question, candidates: gather(db, question, filter, query) };
}

function scoreOf(signals: Signals, question: Question): number {
  return signalNames.reduce((total, name) => total + shareOf(name, signals, question), 0);
}

/** What each signal adds to the score, the most first; those that add nothing are left out. */
function sharesOf(signals: Signals, question: Question): Record<string, number> {
  const shares = signalNames.map((name) => [name, shareOf(name, signals, question)] as const);
  return Object.fromEntries(shares.filter(([, share]) => share > 0).sort(([, a], [, b]) => b - a));
}

/** What was lived, stated, learnt and preferred; what assistants wrote only when asked for. */
export const evidenceKinds: readonly MemoryKind[] = ["episodic", "semantic", "procedural", "preference"];

function filterOf({ kinds = evidenceKinds, archived, from, to }: SearchQuery): Filter {
  return {
    sql: "m.kind IN (SELECT value FROM json_each(?)) AND m.at_ms >= ? AND m.at_ms < ? AND m.archived IN (?, ?)",
    params: [
      JSON.stringify(kinds),
      from ?? Number.MIN_SAFE_INTEGER,
      to ?? Number.MAX_SAFE_INTEGER,
      archived === "only" ? 1 : 0,
      archived === undefined ? 0 : 1,
    ],
  };
}

function newest(db: Database): Date {
  const { at } = db.prepare("SELECT coalesce(max(at_ms), 0) AS at FROM memories").get() as { at: number };
  return new Date(at);
}

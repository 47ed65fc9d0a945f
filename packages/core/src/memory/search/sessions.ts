import type { Database } from "../../ports/database.ts";
import { type Term, type Terms, termsWith } from "./terms.ts";
import type { WordVectors } from "./word-vectors.ts";

/** A memory next to another in its session. */
export type Turn = { row: number; words: number; asks: boolean; text: readonly Term[] };

/** How far around a memory its session is read. */
export const reach = 5;
const textMax = 2_000;

type Place = { row: number; session: string | null; content: string };
type Side = "before" | "after";

/** Reads what stands around memories in their sessions, nearest first. Each place and each text is read once, however many ask. */
export class Sessions {
  readonly #matches: ReadonlyMap<number, number>;
  readonly #terms: Terms;
  readonly #read;
  readonly #texts = new Map<number, readonly Term[]>();
  readonly #turns = new Map<number, Turn>();
  /** The row beside each row; null at the end of a session. */
  readonly #beside = { before: new Map<number, number | null>(), after: new Map<number, number | null>() };

  constructor(db: Database, matches: ReadonlyMap<number, number>, vectors: WordVectors | undefined) {
    const columns = `SELECT rowid AS row, substr(content, 1, ${textMax}) AS content FROM memories`;
    this.#matches = matches;
    this.#terms = termsWith(vectors);
    this.#read = {
      before: db.prepare(`${columns} WHERE session = ? AND rowid < ? ORDER BY rowid DESC LIMIT ${reach}`),
      after: db.prepare(`${columns} WHERE session = ? AND rowid > ? ORDER BY rowid LIMIT ${reach}`),
    };
  }

  textOf({ row, content }: Place): readonly Term[] {
    const made = this.#texts.get(row) ?? this.#terms.of(content.slice(0, textMax));
    this.#texts.set(row, made);
    return made;
  }

  turns(place: Place, side: Side, most = reach): Turn[] {
    const { row, session } = place;
    if (session === null) return [];
    if (!this.#turns.has(row)) this.#turns.set(row, this.#turnOf(place));
    const turns: Turn[] = [];
    for (let at: number | null | undefined = row; turns.length < most; ) {
      const beside: number | null = this.#beside[side].get(at) ?? this.#readOn(session, at, side);
      const turn = beside === null ? undefined : this.#turns.get(beside);
      if (beside === null || !turn) break;
      turns.push(turn);
      at = beside;
    }
    return turns;
  }

  /** Reads on from a row, and notes what stands beside what, both ways. Gives the row beside it. */
  #readOn(session: string, row: number, side: Side): number | null {
    if (this.#beside[side].get(row) === null) return null;
    const rows = this.#read[side].all(session, row) as { row: number; content: string }[];
    const back = side === "before" ? "after" : "before";
    let at = row;
    for (const { row: next, content } of rows) {
      this.#beside[side].set(at, next);
      this.#beside[back].set(next, at);
      if (!this.#turns.has(next)) this.#turns.set(next, this.#turnOf({ row: next, session, content }));
      at = next;
    }
    if (rows.length < reach) this.#beside[side].set(at, null);
    return rows[0]?.row ?? null;
  }

  #turnOf(place: Place): Turn {
    const { row, content } = place;
    return { row, asks: content.includes("?"), words: this.#matches.get(row) ?? 0, text: this.textOf(place) };
  }
}

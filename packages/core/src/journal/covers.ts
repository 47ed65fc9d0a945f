import type { JournalRecord } from "@mh/contract/values/record.ts";
import type { Crypto } from "../ports/crypto.ts";
import { type Segment, type SegmentName, segmentPath } from "./segments.ts";

/** What a checkpoint says of a segment whose records were covered: a sum over these lines. */
export interface CoverNote {
  segment: string;
  sum: string;
}

export const coverNote = (segment: SegmentName, sum: string): CoverNote => ({ segment: segmentPath(segment), sum });

export const noCover = "";

/** The sum over the covered lines of a segment so far and the next one of them. */
export const coverSum = (crypto: Crypto, sum: string, line: string): string => crypto.sha256Hex(`${sum}\n${line}`);

/**
 * The covered lines of a log, as they pass by. Without the key nobody sees what they hold; but a checkpoint that follows them,
 * chained and signed like any other, says which they were.
 */
export class Covers {
  readonly #crypto: Crypto;
  readonly #open = new Map<string, { sum: string; seq: number; path: string; line: number }>();

  constructor(crypto: Crypto) {
    this.#crypto = crypto;
  }

  take(text: string, at: { segment: Segment; number: number; seq: number }): void {
    const name = segmentPath(at.segment);
    const found = this.#open.get(name) ?? { sum: noCover, seq: at.seq, path: at.segment.path, line: at.number };
    this.#open.set(name, { ...found, sum: coverSum(this.#crypto, found.sum, text) });
  }

  /** A checkpoint that names a segment as it is settles it. */
  settle({ body }: JournalRecord): void {
    const note = body?.covered as CoverNote | undefined;
    if (note !== undefined && this.#open.get(note.segment)?.sum === note.sum) this.#open.delete(note.segment);
  }

  /** What a checkpoint would have to say of each segment that none speaks of. */
  notes(): CoverNote[] {
    return [...this.#open].map(([segment, { sum }]) => ({ segment, sum }));
  }

  /** The first covered record that no checkpoint vouches for. */
  unsettled(): { seq: number; path: string; line: number } | undefined {
    const [first] = this.#open.values();
    return first && { seq: first.seq, path: first.path, line: first.line };
  }
}

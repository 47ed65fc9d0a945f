import { Fault } from "@mh/contract/values/fault.ts";
import type { Entry, JournalRecord } from "@mh/contract/values/record.ts";
import { utf8 } from "../ports/bytes.ts";
import type { Clock } from "../ports/clock.ts";
import type { Crypto } from "../ports/crypto.ts";
import type { AppendFile, Files } from "../ports/files.ts";
import type { LineCodec } from "../ports/line-codec.ts";
import { type ChainHead, seal, sealStamped } from "./chain.ts";
import { hidden, placed } from "./sealed-record.ts";
import { listSegments, type SegmentName, segmentPath } from "./segments.ts";

/** Where a part of the log ends and the next one begins. */
export const segmentBytesMax = 64 * 2 ** 20;

export interface JournalDeps {
  files: Files;
  clock: Clock;
  crypto: Crypto;
  /** Of an encrypted home: seals what each record says. */
  sealer?: LineCodec | undefined;
  /** Names this opening of the home in every record. */
  boot: string;
  /** Signs each record as this home's own. */
  macKey?: Uint8Array;
  segmentBytesMax?: number;
}

/** Where a journal stood, so that a write that failed can be taken back. */
export interface JournalMark {
  head: ChainHead;
  file: AppendFile;
  size: number;
}

/** An entry as it is stored, and when it was written. */
export interface Stamped {
  entry: Entry;
  stamp: Pick<JournalRecord, "ts" | "hlc" | "boot">;
}

/** The append-only, hash-chained log. Writes reach the operating system at once and the disk at `sync`. */
export class Journal implements Disposable {
  #deps: JournalDeps;
  #head: ChainHead;
  #file: AppendFile;
  #segment: SegmentName;
  /** The day of the clock on which it was last begun or opened; where the clock was ahead, its name says a later one. */
  #day: string;

  private constructor(deps: JournalDeps, head: ChainHead, segment: SegmentName) {
    this.#deps = deps;
    this.#head = head;
    this.#segment = segment;
    this.#day = dayOf(deps.clock.now());
    this.#file = deps.files.open(segmentPath(segment));
  }

  /** Continues after `head`, which the caller has verified (`open-home` does). */
  static open(deps: JournalDeps, head: ChainHead): Journal {
    const last = listSegments(deps.files).at(-1);
    const today = { day: dayOf(deps.clock.now()), part: 0 };
    return new Journal(deps, head, last ? (last.archived ? after(last, today.day) : last) : today);
  }

  get head(): ChainHead {
    return this.#head;
  }

  /** Path and end of the segment being written: with the head, the position a projection has caught up to. */
  get position(): { path: string; offset: number } {
    return { path: segmentPath(this.#segment), offset: this.#file.size };
  }

  /** Whether the log on disk is still the one that this goes on with. */
  get isOwn(): boolean {
    return this.#file.isOwn;
  }

  /**
   * One write for all entries, in order. Throws `disk.full` or `disk.failed` with nothing written. `now` is when they were
   * folded: what is folded from the journal again is then the same to the millisecond.
   */
  append(entries: readonly Entry[], now = this.#deps.clock.now()): JournalRecord[] {
    const lines: string[] = [];
    const records: JournalRecord[] = [];
    let head = this.#head;
    for (const entry of entries) {
      const stored = hidden(this.#deps.sealer, entry);
      const sealed = seal(this.#deps.crypto, head, stored, { now, boot: this.#deps.boot, macKey: this.#deps.macKey });
      lines.push(`${sealed.line}\n`);
      records.push(placed(entry, sealed.record));
      head = sealed.head;
    }
    this.#file.append(utf8.encode(lines.join("")));
    this.#head = head;
    return records;
  }

  /** Takes over what another branch of this log holds: each says what it said, as of when it did, in a new place. */
  carry(entries: readonly Stamped[]): void {
    const lines: string[] = [];
    let head = this.#head;
    for (const { entry, stamp } of entries) {
      const sealed = sealStamped(this.#deps.crypto, head, entry, stamp, this.#deps.macKey);
      lines.push(`${sealed.line}\n`);
      head = sealed.head;
    }
    this.#file.append(utf8.encode(lines.join("")));
    this.#head = head;
  }

  sync(): Promise<void> {
    return this.#file.sync();
  }

  /** Starts a new segment where the day changed or the file is full. Call only with everything synced. */
  rotate(): void {
    const today = dayOf(this.#deps.clock.now());
    const isFull = this.#file.size >= (this.#deps.segmentBytesMax ?? segmentBytesMax);
    if (today === this.#day && today <= this.#segment.day && !isFull) return;
    const next = after(this.#segment, today);
    const file = this.#deps.files.open(segmentPath(next));
    this.#file[Symbol.dispose]();
    this.#file = file;
    this.#segment = next;
    this.#day = today;
  }

  mark(): JournalMark {
    return { head: this.#head, file: this.#file, size: this.#file.size };
  }

  /** Takes back everything appended since the mark. */
  rollback(mark: JournalMark): void {
    if (mark.file !== this.#file)
      throw new Fault("journal.damaged", "A journal cannot be rolled back over a rotation.");
    this.#file.truncate(mark.size);
    this.#head = mark.head;
  }

  [Symbol.dispose](): void {
    this.#file[Symbol.dispose]();
  }
}

/** The name that follows, never sorting before what is there: a clock set back goes on in the same day. */
function after(segment: SegmentName, today: string): SegmentName {
  return today > segment.day ? { day: today, part: 0 } : { day: segment.day, part: segment.part + 1 };
}

const dayOf = (ms: number): string => new Date(ms).toISOString().slice(0, 10);

import type { JournalRecord } from "@mh/contract/values/record.ts";
import type { Files } from "../ports/files.ts";
import type { ChainHead } from "./chain.ts";
import type { Checkpoint } from "./checkpoint.ts";
import { KeptLog, type Repair, repairIn } from "./repaired.ts";
import { type JournalReaderDeps, readRecords } from "./walk.ts";

export interface RepairFound {
  /** Number of the record that says so; those before it are as they were written. */
  seq: number;
  at: string;
  /** Where the log lies as it was. */
  kept: string;
  branches: number;
  /** Records of them that were taken over. */
  carried: number;
  /** Numbers of which a record is lost. */
  lost: number;
  /** What was kept, and what was taken over from it, was compared; of an encrypted home that takes the key. */
  isCompared: boolean;
}

/** A signed note that was kept elsewhere. */
export type Witness = { name: string; note: string; checkpoint: Checkpoint & { fault?: string } };

/** The repairs of a log, as its records pass by. */
export class Repairs {
  readonly found: RepairFound[] = [];
  readonly #deps: JournalReaderDeps;
  readonly #keptIn: Files | undefined;
  readonly #all: { repair: Repair & { size: number }; kept: KeptLog | undefined }[] = [];
  /** How many of the records that follow were taken over by the last one. */
  #toCome = 0;

  constructor(deps: JournalReaderDeps, { keptIn }: { keptIn?: Files | undefined }) {
    this.#deps = deps;
    this.#keptIn = keptIn;
  }

  /** Names those before a number, which nobody checks this time. */
  before(size: number): void {
    if (size === 0) return;
    // Checkpoints are never sealed.
    for (const { record } of readRecords({ ...this.#deps, sealer: undefined }, 0, (line) =>
      line.includes('"repaired"'),
    )) {
      if (record.seq >= size) return;
      const repair = repairIn(record);
      if (repair) this.#note(record, repair, undefined);
    }
  }

  /** Why a record does not hold as one of a repair; undefined where it does, or is none. */
  take(record: JournalRecord, head: ChainHead): string | undefined {
    const kept = this.#all.at(-1)?.kept;
    if (this.#toCome > 0) {
      this.#toCome -= 1;
      return kept?.has(record) === false ? "the repair before it did not find it in what it kept" : undefined;
    }
    const repair = repairIn(record);
    if (!repair) return record.body?.repaired === undefined ? undefined : "what it says of a repair cannot be read";
    this.#toCome = repair.carried;
    const next = this.#keptIn && new KeptLog(this.#deps, this.#keptIn, repair, head);
    this.#note(record, repair, next);
    const fault = next?.fault();
    return fault && `of the repair there: ${fault}`;
  }

  /**
   * Whether a checkpoint that does not fit the log as it is was of the one before a repair: the repair names it, or kept what
   * it signs, or says that records which it signs are lost.
   */
  explain({ note, checkpoint }: Witness): boolean {
    return this.#all.some(({ repair, kept }) => {
      if (checkpoint.size <= repair.size || checkpoint.size > sizeBefore(repair)) return false;
      if (note === repair.witness || repair.lost.some(({ from }) => from < checkpoint.size)) return true;
      return kept?.fits(checkpoint) ?? false;
    });
  }

  #note(record: JournalRecord, repair: Repair & { size: number }, kept: KeptLog | undefined): void {
    const lost = repair.lost.reduce((sum, { from, to }) => sum + to - from, 0);
    const { kept: folder, branches, carried } = repair;
    const counts = { branches: branches.length, carried, lost, isCompared: kept !== undefined };
    this.found.push({ seq: record.seq, at: record.ts, kept: folder, ...counts });
    this.#all.push({ repair, kept });
  }
}

/** How many records the log had that was repaired. */
const sizeBefore = ({ size, branches, lost }: Repair & { size: number }): number =>
  Math.max(size, ...branches.map(({ from, records }) => from + records), ...lost.map(({ to }) => to));

import { Fault } from "@mh/contract/values/fault.ts";
import { home, messageOf } from "./home.svelte.ts";
import { MergedRows } from "./merged-rows.ts";
import { followNamed } from "./named.ts";

interface Source<Row> {
  /** The kind in `subjects` of events, as in `task` of `task:<id>`. */
  subject: string;
  idOf: (row: Row) => string;
  /** The order of the list, where it has one of its own. */
  compare?: (a: Row, b: Row) => number;
  list: () => Promise<readonly Row[]>;
  /** One row as it is now; undefined where the list has it no more. */
  show: (id: string) => Promise<Row | undefined>;
  /** Events after which any row may be another, though they name none. */
  reloadsOn?: RegExp;
}

/** Rows of a list that is read whole, kept true by events: the row that one names is read again, and nothing else. */
export class Rows<Row> {
  rows = $state.raw<readonly Row[] | undefined>();
  fault = $state.raw<string | undefined>();
  readonly #source: Source<Row>;
  readonly #merged: MergedRows<Row, null>;
  #isAsked = false;

  constructor(source: Source<Row>) {
    this.#source = source;
    this.#merged = new MergedRows(source.idOf, source.compare);
  }

  /** Begins to load and to listen, at the first call. */
  open(): this {
    if (this.#isAsked) return this;
    this.#isAsked = true;
    const { subject, reloadsOn } = this.#source;
    followNamed({ subject, reloadsOn, read: (id) => this.refresh(id), readAll: () => this.load() });
    home.onReset(() => void this.load());
    void home.live.then(() => this.load());
    return this;
  }

  load(): Promise<void> {
    const { compare, list } = this.#source;
    return this.#reading(list, (turn, rows) =>
      this.#merged.landFirst(turn, { rows: compare ? rows.toSorted(compare) : rows, next: null }),
    );
  }

  /** Reads one row again. */
  refresh(id: string): Promise<void> {
    const land = (turn: number, row: Row | undefined) =>
      this.#merged.landSingle(turn, id, row === undefined ? [] : [row]);
    return this.#reading(() => this.#source.show(id), land);
  }

  async #reading<T>(read: () => Promise<T>, land: (turn: number, answer: T) => void): Promise<void> {
    const turn = this.#merged.begin();
    try {
      land(turn, await read());
      this.rows = this.#merged.rows;
      this.fault = undefined;
    } catch (error) {
      this.#merged.giveUp(turn);
      this.fault = messageOf(error);
    }
  }
}

/** A row that is not there any more is no fault of the list. */
export async function unlessGone<T>(reading: Promise<T>): Promise<T | undefined> {
  try {
    return await reading;
  } catch (error) {
    if (error instanceof Fault && /\.(not-found|forgotten)$/.test(error.code)) return undefined;
    throw error;
  }
}

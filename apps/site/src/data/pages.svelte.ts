import { home, messageOf } from "./home.svelte.ts";
import { MergedRows, type Page } from "./merged-rows.ts";

interface Source<Row, Next> {
  /** A page, after the one that gave `next`; the first without it. */
  read: (next: Next | undefined) => Promise<Page<Row, Next>>;
  /** Of rows that tell of one thing, the same. */
  idOf: (row: Row) => string;
  compare: (a: Row, b: Row) => number;
  /** What came after the first row, where rows never change; `next` where that is more than a page. */
  readNew?: (first: Row) => Promise<Page<Row, Next>>;
}

/**
 * A list that is read page by page. What is new comes to its head, and no page is read again; where much came, and the
 * reader looks at older rows, it stands still until the reader comes back to the top.
 */
export class Pages<Row, Next> {
  rows = $state.raw<readonly Row[] | undefined>();
  next = $state.raw<Next | null>(null);
  fault = $state<string | undefined>();
  readonly #source: Source<Row, Next>;
  #merged: MergedRows<Row, Next>;
  #isReadingMore = false;
  #isAtTop = true;
  #hasGap = false;

  constructor(source: Source<Row, Next>) {
    this.#source = source;
    this.#merged = this.#empty();
  }

  /** Begins anew, as for other filters: what is under way is dropped. */
  async restart(): Promise<void> {
    this.#merged = this.#empty();
    await this.first();
  }

  async first(): Promise<void> {
    this.#hasGap = false;
    await home.live;
    await this.#reading(
      () => this.#source.read(undefined),
      (merged, turn, page) => merged.landFirst(turn, page),
    );
  }

  async more(): Promise<void> {
    const { next } = this;
    if (next === null || this.#isReadingMore) return;
    this.#isReadingMore = true;
    await this.#reading(
      () => this.#source.read(next),
      (merged, turn, page) => merged.landMore(turn, page, next),
    );
    this.#isReadingMore = false;
  }

  /** Puts what is new before what is there, and what changed in its place. */
  async newer(): Promise<void> {
    if (!this.rows || this.#hasGap) return;
    const [first] = this.rows;
    const { read, readNew } = this.#source;
    if (first !== undefined && readNew)
      await this.#reading(
        () => readNew(first),
        (merged, turn, { rows, next }) => {
          this.#hasGap = next !== null;
          if (next === null) merged.landNew(turn, rows);
          else merged.giveUp(turn);
        },
      );
    else
      await this.#reading(
        () => read(undefined),
        (merged, turn, page) => {
          this.#hasGap = !merged.landHead(turn, page);
        },
      );
    if (this.#hasGap && this.#isAtTop) await this.first();
  }

  /** Whether the reader sees the head of the list. */
  atTop(isAtTop: boolean): void {
    this.#isAtTop = isAtTop;
    if (isAtTop && this.#hasGap) void this.first();
  }

  /** Reads the rows of one thing again, by a reading that several lists may share. */
  async single(id: string, read: () => Promise<readonly Row[]>): Promise<void> {
    await this.#reading(read, (merged, turn, rows) => merged.landSingle(turn, id, rows));
  }

  async #reading<T>(
    read: () => Promise<T>,
    land: (merged: MergedRows<Row, Next>, turn: number, answer: T) => void,
  ): Promise<void> {
    const merged = this.#merged;
    const turn = merged.begin();
    try {
      land(merged, turn, await read());
      if (merged !== this.#merged) return;
      this.rows = merged.rows;
      this.next = merged.next;
      this.fault = undefined;
    } catch (error) {
      merged.giveUp(turn);
      if (merged === this.#merged) this.fault = messageOf(error);
    }
  }

  #empty = (): MergedRows<Row, Next> => new MergedRows(this.#source.idOf, this.#source.compare);
}

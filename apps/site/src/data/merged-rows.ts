/** A page as it was answered. */
export interface Page<Row, Next> {
  rows: readonly Row[];
  /** What to ask for the page after; null where this is the last. */
  next: Next | null;
}

/** When a reading began, in the order of what this list began and heard. */
export type Turn = number;

interface Known<Row> {
  turn: Turn;
  rows: readonly Row[];
}

/**
 * Rows of a list that is read in pages and by single things, in whatever order the answers come. Of each thing the answer
 * counts that was begun last: so once every thing that an event named was read after that event, the list is true.
 * With `compare` it is sorted, and what stands beyond the pages that were read is not shown before they are.
 */
export class MergedRows<Row, Next> {
  rows: readonly Row[] | undefined;
  next: Next | null = null;
  readonly #idOf: (row: Row) => string;
  readonly #compare: ((a: Row, b: Row) => number) | undefined;
  /** What single readings found, as long as a page that was begun before may still come. */
  readonly #single = new Map<string, Known<Row>>();
  #turn = 0;
  /** When the pages that are shown were begun: an older page replaces none of them. */
  #pagesTurn = 0;
  readonly #underWay = new Set<Turn>();
  /** The last row of the pages that were read; undefined where there are no more. */
  #horizon: Row | undefined;

  constructor(idOf: (row: Row) => string, compare?: (a: Row, b: Row) => number) {
    this.#idOf = idOf;
    this.#compare = compare;
  }

  /** To be called before anything is asked for; what is answered lands with it, or is given up. */
  begin(): Turn {
    this.#turn += 1;
    this.#underWay.add(this.#turn);
    return this.#turn;
  }

  giveUp(turn: Turn): void {
    this.#underWay.delete(turn);
    this.#forgetSingle();
  }

  /** The first page takes the place of all that was begun before it. */
  landFirst(turn: Turn, page: Page<Row, Next>): void {
    if (turn > this.#pagesTurn) {
      this.#pagesTurn = turn;
      this.next = page.next;
      this.#horizon = page.next === null ? undefined : page.rows.at(-1);
      this.rows = this.#overlaid(page.rows, turn);
    }
    this.giveUp(turn);
  }

  /** The page after those that are shown. One that continued other pages is dropped. */
  landMore(turn: Turn, page: Page<Row, Next>, continued: Next): void {
    if (this.rows && turn > this.#pagesTurn && Object.is(continued, this.next)) {
      this.next = page.next;
      this.#horizon = page.next === null ? undefined : (page.rows.at(-1) ?? this.#horizon);
      const shown = new Set(this.rows.map(this.#idOf));
      const added = page.rows.filter((row) => !shown.has(this.#idOf(row)));
      this.rows = this.#overlaid([...this.rows, ...added], turn);
    }
    this.giveUp(turn);
  }

  /** The first page again, before those that are shown. False where there is a gap between: then it is dropped. */
  landHead(turn: Turn, page: Page<Row, Next>): boolean {
    const { rows } = this;
    const last = page.rows.at(-1);
    if (!rows || turn <= this.#pagesTurn || page.next === null || !last) {
      this.landFirst(turn, page);
      return true;
    }
    const ids = new Set(page.rows.map(this.#idOf));
    const meets = rows.findIndex((row) => ids.has(this.#idOf(row)));
    if (meets === -1 && rows.length > 0) {
      this.giveUp(turn);
      return false;
    }
    // Where rows went away, the first page reaches further than what was read before.
    if (this.#horizon !== undefined && this.#compare && this.#compare(last, this.#horizon) > 0) {
      this.#horizon = last;
      this.next = page.next;
    }
    const further = rows.filter((row) => !ids.has(this.#idOf(row)) && (!this.#compare || this.#compare(row, last) > 0));
    this.rows = this.#overlaid([...page.rows, ...further], turn);
    this.giveUp(turn);
    return true;
  }

  /** Rows that came since, where rows never change. */
  landNew(turn: Turn, rows: readonly Row[]): void {
    if (this.rows && turn > this.#pagesTurn) {
      const [first] = this.rows;
      const compare = this.#compare;
      const added = first && compare ? rows.filter((row) => compare(row, first) < 0) : rows;
      this.rows = [...added, ...this.rows];
    }
    this.giveUp(turn);
  }

  /** What one thing is now: none where it is gone, or belongs here no more. */
  landSingle(turn: Turn, id: string, rows: readonly Row[]): void {
    const known = this.#single.get(id);
    if (!known || known.turn <= turn) {
      this.#single.set(id, { turn, rows });
      if (this.rows) this.rows = this.#placed(this.rows, id, rows);
    }
    this.giveUp(turn);
  }

  #overlaid(rows: readonly Row[], turn: Turn): readonly Row[] {
    let all = rows;
    for (const [id, known] of this.#single) if (known.turn > turn) all = this.#placed(all, id, known.rows);
    return all;
  }

  #placed(all: readonly Row[], id: string, rows: readonly Row[]): readonly Row[] {
    const compare = this.#compare;
    const at = all.findIndex((row) => this.#idOf(row) === id);
    // Where there is no order, a row stays where it is, and a new one comes first.
    if (!compare) return at === -1 ? [...rows, ...all] : all.toSpliced(at, 1, ...rows);
    const [only] = rows;
    const isInPlace =
      at !== -1 &&
      only !== undefined &&
      rows.length === 1 &&
      this.#idOf(all[at + 1] ?? only) !== id &&
      compare(only, all[at] as Row) === 0;
    if (isInPlace) return all.with(at, only);
    const others = at === -1 ? [...all] : all.filter((row) => this.#idOf(row) !== id);
    for (const row of rows) {
      const isBeyond = this.#horizon !== undefined && compare(row, this.#horizon) > 0;
      if (!isBeyond) others.splice(placeIn(others, row, compare), 0, row);
    }
    return others;
  }

  /** A single reading matters as long as something that was begun before it is under way, or stands beyond the pages. */
  #forgetSingle(): void {
    const oldest = Math.min(...this.#underWay, Number.POSITIVE_INFINITY);
    for (const [id, { turn }] of this.#single) if (turn < oldest) this.#single.delete(id);
  }
}

/** Where a row goes in sorted rows, found by halving. */
function placeIn<Row>(rows: readonly Row[], row: Row, compare: (a: Row, b: Row) => number): number {
  let [from, to] = [0, rows.length];
  while (from < to) {
    const middle = (from + to) >> 1;
    if (compare(rows[middle] as Row, row) <= 0) from = middle + 1;
    else to = middle;
  }
  return from;
}

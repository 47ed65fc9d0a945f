import { isSameRow, type Row } from "./rows.ts";
import type { Span } from "./spans.ts";

/** A row, and where the owner's words hold a name of it whole. */
export interface NamedRow {
  row: Row;
  place: Span;
}

// Two that differ have one name already, and neither is meant.
const differingMax = 3;

/** Rows by the places at which the owner names them: of each place so many that it shows whether they differ. */
export class NamedRows {
  readonly #places = new Map<string, NamedRow[]>();

  add(row: Row, places: readonly Span[]): void {
    for (const place of places) {
      const key = `${place.start}-${place.end}`;
      const known = this.#places.get(key);
      if (!known) this.#places.set(key, [{ row, place }]);
      else if (known.length < differingMax && !known.some((each) => isNoNews(each.row, row)))
        known.push({ row, place });
    }
  }

  get all(): NamedRow[] {
    return [...this.#places.values()].flat();
  }
}

/** The same entry, read once more: that a question of the owner's found it counts. */
const isNoNews = (known: Row, row: Row): boolean => (known.isFound || !row.isFound) && isSameRow(known, row);

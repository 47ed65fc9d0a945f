import type { CsvField, DateOrder } from "@mh/contract/values/import-format.ts";
import { utf8 } from "../../ports/bytes.ts";
import { bounded, oneLine } from "./bounded.ts";
import { type Columns, type CsvMap, columnsOf, delimiterOf, isHeader, mostCommon } from "./csv-columns.ts";
import { dateOfCell, looksDated } from "./csv-dates.ts";
import { type CsvRow, csvRows } from "./csv-rows.ts";
import { orderAt, orderIn } from "./date-in-figures.ts";
import { decodeText } from "./decoded.ts";
import type { Found, ImportContext } from "./found.ts";

export interface CsvContext extends ImportContext {
  map: CsvMap;
  /** What stands first in a date like 5/8/2024, where the column does not tell. */
  dateOrder?: DateOrder | undefined;
  /** Given where the file's name tells: a .tsv is parted by tabs. */
  delimiter?: string;
}

/**
 * Reads a table (CSV, TSV): each row is a memory. Columns that no field claims are kept in the text as "Name: value"; a
 * row without an id is known by all that it says, and by how often the file said so before.
 */
export function* parseCsv(file: Uint8Array, context: CsvContext): Generator<{ each: Found; read: number }> {
  const decoded = decodeText(file);
  if (decoded === undefined)
    return yield { each: { refused: "The file is no text.", externalId: null, where: "the file" }, read: 0 };
  if (decoded.note !== undefined) yield { each: { note: decoded.note, where: "the file" }, read: 0 };
  // A spreadsheet's own line, which says by what the cells are parted.
  const [told = "", own] = /^\s*sep=(.)\r?\n/i.exec(decoded.text.slice(0, 20)) ?? [];
  const bytes = utf8.encode(decoded.text.slice(told.length));
  const delimiter = own ?? context.delimiter ?? delimiterOf(decodedStart(bytes));
  const linesBefore = told === "" ? 0 : 1;
  const dates = new Dates(context, () => csvRows(bytes, delimiter));
  const seen = new Map<string, number>();
  const before = rowsBefore(csvRows(bytes, delimiter), context.map);
  let columns: Columns | undefined;
  let number = 0;
  for (const row of csvRows(bytes, delimiter)) {
    const where = `line ${row.line + linesBefore}`;
    if ("refused" in row) {
      yield { each: { refused: row.refused, externalId: null, where }, read: row.end };
      continue;
    }
    const cells = row.cells.map((cell) => cell.trim());
    if (isEmpty(cells)) continue;
    number += 1;
    if (number <= before) {
      if (number === 1) yield { each: { note: aboveTable, where }, read: row.end };
      for (const each of memoryOf(cells, { names: [], at: {} }, where, { seen, dates, ...context }, true))
        yield { each, read: row.end };
      continue;
    }
    if (columns === undefined) {
      const named = isHeader(cells, context.map);
      columns = named ? columnsOf(cells, context.map, firstBelow(csvRows(bytes, delimiter), before)) : unnamed(cells);
      dates.isIn(columns.at.at);
      if (named) continue;
      yield {
        each: { note: "The first row names no columns; it was taken as the first memory.", where },
        read: row.end,
      };
    }
    for (const each of memoryOf(cells, columns, where, { seen, dates, ...context })) yield { each, read: row.end };
  }
  if (dates.isGuessed) yield { each: { note: usualOrder, where: "the file" }, read: bytes.length };
}

const aboveTable = "Lines stand above its table; they were taken as they are.";
const usualOrder = "Its dates were read as is usual in your time zone; --date-order says it otherwise.";

function* memoryOf(
  cells: readonly string[],
  columns: Columns,
  where: string,
  { seen, dates, sha256Hex }: CsvContext & { seen: Map<string, number>; dates: Dates },
  isAbove = false,
): Generator<Found> {
  const cell = (field: CsvField) => cells[columns.at[field] ?? -1] ?? "";
  const given = cell("id");
  const id = given || `sha256:${sha256Hex(JSON.stringify(cells)).slice(0, 32)}`;
  if (!isAbove && cells.slice(columns.names.length).some(Boolean))
    yield { note: "The row has more cells than there are columns; all were taken.", where };
  const count = (seen.get(id) ?? 0) + 1;
  seen.set(id, count);
  const written = [cell("at"), cell("time")].filter(Boolean).join(" ");
  const at = dates.read(written);
  yield* bounded(
    {
      externalId: count > 1 ? `${oneLine(id, 900)}#${count}` : id,
      content: contentOf(cells, columns, written !== "" && at === undefined),
      ...(at !== undefined && { at }),
      tags: cell("tags").split(/[,;|]|\s{1,64}(?=#)/),
      ...(cell("speaker") && { speaker: cell("speaker") }),
      ...(cell("session") && { session: cell("session") }),
    },
    where,
  );
  if (written !== "" && at === undefined)
    yield { note: "Its date is not clear; it stands in its text, and --date-order says it.", where };
}

const lookedAt = 100;
const aboveMax = 20;

/** How many rows stand above the names of a table, as banks write whose account it is: narrow ones before the first that is as wide as most. */
function rowsBefore(rows: Iterable<CsvRow>, map: CsvMap): number {
  const first: string[][] = [];
  for (const row of rows) {
    if ("cells" in row && !isEmpty(row.cells)) first.push(row.cells.map((cell) => cell.trim()));
    if (first.length >= lookedAt) break;
  }
  const widths = first.map((cells) => cells.findLastIndex(Boolean) + 1);
  // Of a short table as many lines may stand above it as in it.
  const usual = mostCommon([...widths].sort((a, b) => b - a));
  const at = widths.findIndex((width) => width >= usual);
  const isNarrow = first.slice(0, at).every((cells) => cells.filter(Boolean).length * 2 <= usual);
  const names = first[at] ?? [];
  return usual > 2 && at > 0 && at <= aboveMax && isNarrow && isHeader(names, map) ? at : 0;
}

/** What stands below the names: the first of each column that is not empty, as far as one looks. */
function firstBelow(rows: Iterable<CsvRow>, before: number): string[] {
  const first: string[] = [];
  let count = 0;
  for (const row of rows) {
    if (!("cells" in row) || isEmpty(row.cells)) continue;
    if (count > before) for (const [n, cell] of row.cells.entries()) first[n] ||= cell.trim();
    count += 1;
    if (count > lookedAt + before) break;
  }
  return first;
}

const isEmpty = (cells: readonly string[]): boolean => cells.every((cell) => cell.trim() === "");

/** A table without a row of names is dated by its first column of dates. */
function unnamed(cells: readonly string[]): Columns {
  const at = cells.findIndex(looksDated);
  return { names: cells.map((_, n) => `Column ${n + 1}`), at: at === -1 ? {} : { at } };
}

/** The dates of a table's column: all of it is looked at before the first is read that can mean two days. */
class Dates {
  readonly #context: CsvContext;
  readonly #rows: () => Iterable<CsvRow>;
  #column: number | undefined;
  #order: { known: DateOrder | undefined; isGuessed: boolean } | undefined;

  constructor(context: CsvContext, rows: () => Iterable<CsvRow>) {
    this.#context = context;
    this.#rows = rows;
  }

  isIn(column: number | undefined): void {
    this.#column = column;
  }

  read(written: string): string | undefined {
    if (written === "") return undefined;
    return dateOfCell(written, () => this.#orderOfAll(), this.#context.timeZone);
  }

  /** Whether any was read as is usual in the owner's place, because nothing else tells. */
  get isGuessed(): boolean {
    return this.#order?.isGuessed === true;
  }

  #orderOfAll(): DateOrder | undefined {
    if (this.#order === undefined) {
      const told = orderIn(this.#cells()) ?? this.#context.dateOrder;
      const usual = told === undefined ? orderAt(this.#context.timeZone) : undefined;
      this.#order = { known: told ?? usual, isGuessed: usual !== undefined };
    }
    return this.#order.known;
  }

  *#cells(): Generator<string> {
    for (const row of this.#rows()) if ("cells" in row) yield row.cells[this.#column ?? -1] ?? "";
  }
}

/** Title, text, then whatever else the row says. Without a column for the text, everything it says. */
function contentOf(cells: readonly string[], { names, at }: Columns, isUnclear: boolean): string {
  const claimed = new Set(Object.values(at));
  // A date that nobody could read is text as it stands: no cell is dropped.
  if (isUnclear) for (const field of ["at", "time"] as const) claimed.delete(at[field] ?? -1);
  if (at.content === undefined)
    for (const field of ["title", "at", "time", "speaker"] as const) claimed.delete(at[field] ?? -1);
  const rest = cells
    .map((cell, n) => (cell === "" || claimed.has(n) ? "" : `${names[n] || `Column ${n + 1}`}: ${cell}`))
    .filter(Boolean)
    .join("\n");
  if (at.content === undefined) return rest;
  return [at.title === undefined ? "" : cells[at.title], cells[at.content], rest].filter(Boolean).join("\n\n");
}

function decodedStart(bytes: Uint8Array): string {
  return new TextDecoder().decode(bytes.subarray(0, 65_536));
}

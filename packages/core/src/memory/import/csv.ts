import type { CsvField } from "@mh/contract/values/import-format.ts";
import { decodeUtf8, utf8 } from "../../ports/bytes.ts";
import { bounded, oneLine } from "./bounded.ts";
import { type Columns, type CsvMap, columnsOf, delimiterOf, isHeader } from "./csv-columns.ts";
import { csvRows } from "./csv-rows.ts";
import type { Found, ImportContext } from "./found.ts";
import { readWrittenDate } from "./written-date.ts";

export interface CsvContext extends ImportContext {
  map: CsvMap;
  /** Given where the file's name tells: a .tsv is parted by tabs. */
  delimiter?: string;
}

/**
 * Reads a table (CSV, TSV): each row is a memory. Columns that no field claims are kept in the text as "Name: value"; a
 * row without an id is known by all that it says, and by how often the file said so before.
 */
export function* parseCsv(file: Uint8Array, context: CsvContext): Generator<{ each: Found; read: number }> {
  const { bytes, note } = inUtf8(file);
  if (note !== undefined) yield { each: { note, where: "the file" }, read: 0 };
  const delimiter = context.delimiter ?? delimiterOf(decodedStart(bytes));
  const seen = new Map<string, number>();
  let columns: Columns | undefined;
  for (const row of csvRows(bytes, delimiter)) {
    const where = `line ${row.line}`;
    if ("refused" in row) {
      yield { each: { refused: row.refused, externalId: null, where }, read: row.end };
      continue;
    }
    const cells = row.cells.map((cell) => cell.trim());
    if (columns === undefined) {
      const named = isHeader(cells, context.map);
      columns = named ? columnsOf(cells, context.map) : { names: cells.map((_, n) => `Column ${n + 1}`), at: {} };
      if (named) continue;
      yield {
        each: { note: "The first row names no columns; it was taken as the first memory.", where },
        read: row.end,
      };
    }
    if (cells.every((cell) => cell === "")) continue;
    for (const each of memoryOf(cells, columns, where, seen, context)) yield { each, read: row.end };
  }
}

function* memoryOf(
  cells: readonly string[],
  columns: Columns,
  where: string,
  seen: Map<string, number>,
  { timeZone, sha256Hex }: CsvContext,
): Generator<Found> {
  const cell = (field: CsvField) => cells[columns.at[field] ?? -1] ?? "";
  const given = cell("id");
  const id = given || `sha256:${sha256Hex(JSON.stringify(cells)).slice(0, 32)}`;
  if (cells.slice(columns.names.length).some(Boolean)) {
    yield { refused: "The row has more cells than there are columns.", externalId: given || null, where };
    return;
  }
  const count = (seen.get(id) ?? 0) + 1;
  seen.set(id, count);
  const written = [cell("at"), cell("time")].filter(Boolean).join(" ");
  const at = readDate(written, timeZone);
  yield* bounded(
    {
      externalId: count > 1 ? `${oneLine(id, 900)}#${count}` : id,
      content: contentOf(cells, columns),
      ...(at !== undefined && { at }),
      tags: cell("tags").split(/[,;|]|\s{1,64}(?=#)/),
      ...(cell("speaker") && { speaker: cell("speaker") }),
      ...(cell("session") && { session: cell("session") }),
    },
    where,
  );
  if (written !== "" && at === undefined) yield { note: "Its date is not clear; it was taken without one.", where };
}

/** As written, or as seconds or milliseconds since 1970, where there is no other way to read them. */
function readDate(written: string, timeZone: string): string | undefined {
  const epoch = /^(\d{10})(\d{3})?$/.exec(written);
  if (epoch) return new Date(Number(epoch[1]) * 1_000 + Number(epoch[2] ?? 0)).toISOString();
  return readWrittenDate(written, timeZone);
}

/** Title, text, then whatever else the row says. Without a column for the text, everything it says. */
function contentOf(cells: readonly string[], { names, at }: Columns): string {
  const claimed = new Set(Object.values(at));
  if (at.content === undefined)
    for (const field of ["title", "at", "time", "speaker"] as const) claimed.delete(at[field] ?? -1);
  const rest = cells
    .map((cell, n) => (cell === "" || claimed.has(n) ? "" : `${names[n] || `Column ${n + 1}`}: ${cell}`))
    .filter(Boolean)
    .join("\n");
  if (at.content === undefined) return rest;
  return [at.title === undefined ? "" : cells[at.title], cells[at.content], rest].filter(Boolean).join("\n\n");
}

/** Spreadsheets write UTF-16 with a mark in front, or the old code page of Windows. */
function inUtf8(file: Uint8Array): { bytes: Uint8Array; note?: string } {
  if (file[0] === 0xff && file[1] === 0xfe) return { bytes: utf8.encode(new TextDecoder("utf-16le").decode(file)) };
  if (file[0] === 0xfe && file[1] === 0xff) return { bytes: utf8.encode(new TextDecoder("utf-16be").decode(file)) };
  if (file[0] === 0xef && file[1] === 0xbb && file[2] === 0xbf) return inUtf8(file.subarray(3));
  if (decodeUtf8(file) !== undefined) return { bytes: file };
  return {
    bytes: utf8.encode(new TextDecoder("windows-1252").decode(file)),
    note: "The file is not UTF-8; it was read as Windows-1252.",
  };
}

function decodedStart(bytes: Uint8Array): string {
  return new TextDecoder().decode(bytes.subarray(0, 65_536));
}

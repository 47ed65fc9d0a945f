import { CsvError, parse } from "csv-parse/sync";

/** One row of cells, or a stretch that is none; `line` counts from 1, `end` is the byte after it. */
export type CsvRow = { line: number; end: number } & ({ cells: string[] } | { refused: string });

const windowBytes = 4_194_304;

/**
 * Rows of a CSV file (RFC 4180) in UTF-8. A row with wrong quotes is refused alone: reading goes on at the line after the
 * one it began on, so that a quote which is never closed does not swallow what follows it.
 */
export function* csvRows(bytes: Uint8Array, delimiter: string): Generator<CsvRow> {
  const view = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const newline = view.subarray(0, windowBytes).includes(0x0a) ? 0x0a : 0x0d;
  let start = 0;
  let line = 1;
  while (start < view.length) {
    const windowEnd = Math.min(start + windowBytes, view.length);
    const { rows, code } = rowsWithin(view.subarray(start, windowEnd), delimiter, newline);
    // Where the window ends in the middle of a row, that row is read again with the next window.
    if (windowEnd < view.length && rows.at(-1)?.end === windowEnd - start) rows.pop();
    const from = start;
    for (const { cells, end } of rows) {
      const blank = blankLines(view, start, newline);
      yield { cells, line: line + blank, end: from + end };
      line += newlines(view, start, from + end, newline);
      start = from + end;
    }
    const isUnfinished = windowEnd < view.length && (code === undefined || code === "CSV_QUOTE_NOT_CLOSED");
    if (rows.length > 0 && (code === undefined || isUnfinished)) continue;
    if (code === undefined && windowEnd === view.length) return;
    const blank = blankLines(view, start, newline);
    start += blank * (newline === 0x0a && view[start] === 0x0d ? 2 : 1);
    const lineEnd = view.indexOf(newline, start);
    const next = lineEnd === -1 ? view.length : lineEnd + 1;
    const cells = withQuotes(view.subarray(start, next), code, delimiter, newline);
    yield cells
      ? { cells, line: line + blank, end: next }
      : { refused: reasons[code ?? ""] ?? "The row cannot be read.", line: line + blank, end: next };
    line += blank + 1;
    start = next;
  }
}

const reasons: Record<string, string> = {
  CSV_QUOTE_NOT_CLOSED: "A quote is opened in this row and never closed.",
  CSV_INVALID_CLOSING_QUOTE: "A quote in this row is followed by text instead of a separator.",
  INVALID_OPENING_QUOTE: "A quote stands in the middle of an unquoted cell of this row.",
  CSV_INVALID_OPENING_QUOTE: "A quote stands in the middle of an unquoted cell of this row.",
};

/** The cells of a line whose quotes stand where letters do, as in 12" by 10"; undefined where one opens and never closes. */
function withQuotes(line: Buffer, code: string | undefined, delimiter: string, newline: number): string[] | undefined {
  const isOpening = code === "INVALID_OPENING_QUOTE" || code === "CSV_INVALID_OPENING_QUOTE";
  const isEven = line.reduce((count, byte) => count + (byte === 0x22 ? 1 : 0), 0) % 2 === 0;
  if (line.length > lineMax || !(isOpening || isEven)) return undefined;
  const { rows, code: still } = rowsWithin(line, delimiter, newline, true);
  return still === undefined && rows.length === 1 ? rows[0]?.cells : undefined;
}
const lineMax = 100_000;

function rowsWithin(bytes: Buffer, delimiter: string, newline: number, areLetters = false) {
  const rows: { cells: string[]; end: number }[] = [];
  try {
    parse(bytes, {
      delimiter,
      record_delimiter: newline === 0x0a ? ["\r\n", "\n"] : ["\r"],
      relax_column_count: true,
      relax_quotes: areLetters,
      skip_empty_lines: true,
      on_record: (cells: string[], { bytes: end }) => {
        rows.push({ cells, end });
        return null;
      },
    });
    return { rows, code: undefined };
  } catch (error) {
    if (!(error instanceof CsvError)) throw error;
    return { rows, code: error.code as string };
  }
}

function blankLines(view: Buffer, start: number, newline: number): number {
  let blank = 0;
  for (let at = start; at < view.length && (view[at] === 0x0d || view[at] === 0x0a); at++)
    blank += view[at] === newline ? 1 : 0;
  return blank;
}

function newlines(view: Buffer, start: number, end: number, newline: number): number {
  let count = 0;
  for (let at = view.indexOf(newline, start); at !== -1 && at < end; at = view.indexOf(newline, at + 1)) count += 1;
  return count;
}

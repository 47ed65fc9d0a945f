import { type Line, LineSplitter } from "../model/lines.ts";
import { decodeUtf8 } from "../ports/bytes.ts";
import type { Files, Gzip } from "../ports/files.ts";

export const journalFolder = "logs/audit";

/** A day's records, or the n-th part of them. */
export interface SegmentName {
  day: string;
  part: number;
}

/** One file of the journal. Sorted by day and part they are in order. */
export interface Segment extends SegmentName {
  path: string;
  archived: boolean;
}

/** A line of the journal as it lies on disk. `text` is undefined where the bytes are not UTF-8. */
export interface StoredLine {
  segment: Segment;
  number: number;
  offset: number;
  text: string | undefined;
  /** False for bytes after the last newline. */
  complete: boolean;
}

const namePattern = /^logs\/audit\/(\d{4}-\d{2}-\d{2})(?:\.(\d+))?\.ndjson(\.gz)?$/;

export function segmentPath({ day, part }: SegmentName): string {
  return `${journalFolder}/${day}${part === 0 ? "" : `.${part}`}.ndjson`;
}

export function listSegments(files: Files): Segment[] {
  const found = new Map<string, Segment>();
  // An interrupted archive leaves both: the plain file is the one that was verified last.
  for (const segment of segmentFiles(files).reverse()) found.set(segmentPath(segment), segment);
  return [...found.values()].reverse();
}

/** Every file that may hold records, in order; of two for the same day the plain one first. */
export function segmentFiles(files: Pick<Files, "list">): Segment[] {
  const found = files.list(journalFolder).flatMap((path): Segment[] => {
    const match = namePattern.exec(path);
    if (!match) return [];
    return [{ path, day: match[1] as string, part: Number(match[2] ?? 0), archived: match[3] !== undefined }];
  });
  const byDay = (a: Segment, b: Segment) => Number(a.day > b.day) - Number(a.day < b.day);
  return found.sort((a, b) => byDay(a, b) || a.part - b.part || Number(a.archived) - Number(b.archived));
}

/** Of a file that is not compressed so much is read at a time, and more the longer a reader stays. */
const blockBytesMin = 16 * 1024;
const blockBytesMax = 4 * 2 ** 20;

/** The lines of one segment, from a byte offset that is the start of a line. What nobody asks for is not read. */
export function* readLines(
  files: Files,
  gzip: Gzip,
  segment: Segment,
  from: { offset: number; number: number } = { offset: 0, number: 1 },
): Generator<StoredLine> {
  const lines = new LineSplitter();
  let { number } = from;
  const stored = ({ bytes, offset }: Line, complete: boolean): StoredLine => {
    return { segment, number: number++, offset: from.offset + offset, text: decodeUtf8(bytes), complete };
  };
  for (const block of blocks(files, gzip, segment, from.offset)) {
    for (const line of lines.push(block)) yield stored(line, true);
  }
  const rest = lines.finish();
  if (rest) yield stored(rest, false);
}

function* blocks(files: Files, gzip: Gzip, segment: Segment, offset: number): Generator<Uint8Array> {
  const { path } = segment;
  if (segment.archived) return yield gzip.expand(files.read(path) ?? new Uint8Array()).subarray(offset);
  // What is appended meanwhile belongs to the next look.
  const size = files.facts(path)?.size ?? 0;
  for (let [from, length] = [offset, blockBytesMin]; from < size; length = Math.min(length * 4, blockBytesMax)) {
    const block = files.readPart(path, from, Math.min(size, from + length));
    if (!block || block.length === 0) return;
    yield block;
    from += block.length;
  }
}

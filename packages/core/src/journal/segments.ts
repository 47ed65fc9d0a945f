import { decodeUtf8 } from "../ports/bytes.ts";
import type { Files, Gzip } from "../ports/files.ts";

const journalFolder = "logs/audit";

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
  for (const path of files.list(journalFolder)) {
    const match = namePattern.exec(path);
    if (!match) continue;
    const segment = { path, day: match[1] as string, part: Number(match[2] ?? 0), archived: match[3] !== undefined };
    const key = segmentPath(segment);
    // An interrupted archive leaves both: the plain file is the one that was verified last.
    if (!segment.archived || !found.has(key)) found.set(key, segment);
  }
  return [...found.values()].sort((a, b) => a.day.localeCompare(b.day) || a.part - b.part);
}

/** The lines of one segment, from a byte offset that is the start of a line. */
export function* readLines(
  files: Files,
  gzip: Gzip,
  segment: Segment,
  from: { offset: number; number: number } = { offset: 0, number: 1 },
): Generator<StoredLine> {
  const stored = files.read(segment.path) ?? new Uint8Array();
  const bytes = segment.archived ? gzip.expand(stored) : stored;
  let { offset, number } = from;
  while (offset < bytes.length) {
    const newline = bytes.indexOf(0x0a, offset);
    const end = newline === -1 ? bytes.length : newline;
    yield { segment, number, offset, text: decodeUtf8(bytes.subarray(offset, end)), complete: newline !== -1 };
    offset = end + 1;
    number += 1;
  }
}

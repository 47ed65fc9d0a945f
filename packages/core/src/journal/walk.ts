import { type JournalRecord, journalRecordSchema } from "@mh/contract/values/record.ts";
import { canonical } from "../model/canonical.ts";
import type { Crypto } from "../ports/crypto.ts";
import type { Files, Gzip } from "../ports/files.ts";
import type { LineCodec } from "../ports/line-codec.ts";
import { type ChainHead, headAfter, isForeign, recordHash } from "./chain.ts";
import { placed, shown } from "./sealed-record.ts";
import { listSegments, readLines, type Segment, type StoredLine } from "./segments.ts";

export interface JournalReaderDeps {
  files: Files;
  gzip: Gzip;
  crypto: Crypto;
  /** Of an encrypted home: opens what records say. Without it they are checked all the same, and stay sealed. */
  sealer?: LineCodec | undefined;
  /** Opens covered records alone, where the others are to stay as they are stored. */
  uncover?: LineCodec | undefined;
  /** Takes the hash of a covered record as it stands where no key opens it. Who sets this asks the checkpoints about them. */
  mayCover?: boolean;
  /** With it, records that this home did not write are damage. */
  macKey?: Uint8Array;
}

/** The first thing wrong with a journal. */
export interface Damage {
  kind: "changed" | "torn" | "unreadable";
  seq: number;
  path: string;
  line: number;
  offset: number;
  reason: string;
}

/** A record whose place in the chain was checked, and where the chain stands after it. */
export interface Step {
  record: JournalRecord;
  stored: StoredLine;
  /** It was sealed after it was chained. */
  isCovered: boolean;
  head: ChainHead;
}

/** Where to begin: a verified head, and the file and byte that follow it. */
export interface Start {
  head: ChainHead;
  path?: string;
  offset?: number;
}

/** Walks the journal in order, checking every link; returns the first damage, or nothing when all is well. */
export function* walk(deps: JournalReaderDeps, start: Start): Generator<Step, Damage | undefined> {
  let { head } = start;
  const segments = listSegments(deps.files);
  const first = start.path === undefined ? 0 : segments.findIndex((s) => s.path === start.path);
  const firstToRead = first === -1 ? segments.length : first;
  for (const segment of segments.slice(firstToRead)) {
    const offset = segment.path === start.path ? (start.offset ?? 0) : 0;
    const lines = readLines(deps.files, deps.gzip, segment, { offset, number: 1 });
    for (;;) {
      const stored = nextOf(lines);
      if (stored === undefined) break;
      if ("reason" in stored) return damageAt(segment, stored.reason, head);
      if (!stored.complete)
        return atLine(stored, head, isLast(segments, segment) ? "torn" : "changed", "it is cut off");
      const parsed = parse(stored);
      const isCovered = typeof parsed !== "string" && parsed.phase === "covered";
      const record = check(deps, parsed, head);
      if (typeof record === "string") return atLine(stored, head, "changed", record);
      const open = opened(deps, record);
      if (typeof open === "string") return atLine(stored, head, "changed", open);
      head = headAfter(deps.crypto, head, record);
      yield { record: open, stored, isCovered, head };
    }
  }
  return undefined;
}

/**
 * Every record from number `from` on whose line parses, damaged neighbours or not: for looking, not for trusting.
 * What lies before is not read, so that a late place does not cost the whole journal; a line that `mayFit` turns down is
 * not parsed.
 */
export function* readRecords(
  deps: JournalReaderDeps,
  from = 0,
  mayFit: (line: string) => boolean = () => true,
  segments: readonly Segment[] = listSegments(deps.files),
): Generator<{ record: JournalRecord; stored: StoredLine }> {
  for (const segment of segmentsFrom(deps, segments, from)) {
    for (const stored of readable(deps, segment, from === 0 ? 0 : offsetBefore(deps, segment, from))) {
      if (from > 0 && (seqOf(stored) ?? from) < from) continue;
      if (!mayFit(said(deps, stored))) continue;
      const record = opened(deps, parse(stored));
      if (typeof record !== "string" && record.seq >= from) yield { record, stored };
    }
  }
}

/** The record of a number; undefined where there is none, or none that can be read. Who looks often gives the segments. */
export function recordAt(
  deps: JournalReaderDeps,
  seq: number,
  segments?: readonly Segment[],
): JournalRecord | undefined {
  for (const { record } of readRecords(deps, seq, undefined, segments)) return record.seq === seq ? record : undefined;
  return undefined;
}

/** The latest records, the earliest of them first. */
export function latestRecords(deps: JournalReaderDeps, count: number): JournalRecord[] {
  for (const segment of listSegments(deps.files).reverse()) {
    let last: number | undefined;
    const offset = offsetBefore(deps, segment, Number.POSITIVE_INFINITY);
    for (const stored of readable(deps, segment, offset)) last = seqOf(stored) ?? last;
    if (last === undefined) continue;
    return [...readRecords(deps, Math.max(0, last - count + 1))].map(({ record }) => record).slice(-count);
  }
  return [];
}

/**
 * The segment that holds a number and those that follow: each begins with a higher number than the one before. Days being much
 * alike, it is looked for where it would lie if they were the same; each second look halves what is left, for they may not be.
 * One that says no number is taken for a late one, so that rather too much is read than too little.
 */
function segmentsFrom(deps: JournalReaderDeps, segments: readonly Segment[], from: number): readonly Segment[] {
  const begins = (n: number) => firstNumber(deps, segments[n] as Segment, 0)?.seq ?? Number.POSITIVE_INFINITY;
  if (from === 0 || segments.length < 2) return segments;
  const last = segments.length - 1;
  let [low, lowest, high, highest] = [0, 0, last, begins(last)];
  if (highest <= from) return segments.slice(last);
  for (let look = 0; high - low > 1; look += 1) {
    const share = look % 2 === 0 && highest < Number.POSITIVE_INFINITY ? (from - lowest) / (highest - lowest) : 0.5;
    const at = Math.min(high - 1, low + Math.max(1, Math.floor((high - low) * share)));
    const seq = begins(at);
    if (seq <= from) [low, lowest] = [at, seq];
    else [high, highest] = [at, seq];
  }
  return segments.slice(low);
}

/** By halving: an offset at the start of a line that is not behind the one with this number, and not far before it. */
function offsetBefore(deps: JournalReaderDeps, segment: Segment, seq: number): number {
  if (segment.archived) return 0;
  let [low, high] = [0, deps.files.facts(segment.path)?.size ?? 0];
  while (high - low > 16 * 1024) {
    const middle = (low + high) >>> 1;
    const found = firstNumber(deps, segment, middle);
    if (found === undefined || found.seq >= seq) high = middle;
    else low = found.offset;
  }
  return low;
}

/** The first line from an offset on that says its number; what `offset` cuts in two is left out. */
function firstNumber(deps: JournalReaderDeps, segment: Segment, offset: number) {
  for (const stored of readable(deps, segment, offset)) {
    const seq = offset > 0 && stored.offset === offset ? undefined : seqOf(stored);
    if (seq !== undefined) return { seq, offset: stored.offset };
  }
  return undefined;
}

/** The lines of a segment as far as it can be read: what is wrong with it is for `verify` to say. */
function* readable(deps: JournalReaderDeps, segment: Segment, offset: number): Generator<StoredLine> {
  try {
    yield* readLines(deps.files, deps.gzip, segment, { offset, number: 1 });
  } catch {
    // Looking goes on with the next one.
  }
}

function seqOf(stored: StoredLine): number | undefined {
  try {
    const { seq } = JSON.parse(stored.text ?? "") as { seq?: unknown };
    return typeof seq === "number" ? seq : undefined;
  } catch {
    return undefined;
  }
}

/** The record that a line holds, if it is whole by itself, wherever in the chain that is; else what is wrong with it. */
export const wholeRecord = (deps: JournalReaderDeps, stored: StoredLine): JournalRecord | string =>
  stored.complete ? whole(deps, parse(stored)) : "it is cut off";

function whole(deps: JournalReaderDeps, parsed: JournalRecord | string): JournalRecord | string {
  const record = uncovered(deps, parsed);
  if (typeof record === "string") return record;
  const { hash, ...body } = record;
  // Of a covered one the key alone tells what was hashed; the next one and the checkpoints know its hash.
  if (record.phase !== "covered" && recordHash(deps.crypto, body) !== hash)
    return "its content does not match its hash";
  return record;
}

function check(deps: JournalReaderDeps, parsed: JournalRecord | string, head: ChainHead): JournalRecord | string {
  const record = whole(deps, parsed);
  if (typeof record === "string") return record;
  if (record.seq !== head.size) return `it says it is number ${record.seq}`;
  if (record.prev !== head.hash) return "it does not follow the record before it";
  if (deps.macKey && isForeign(deps.crypto, deps.macKey, record, head)) return foreign;
  return record;
}

/** A covered record as it was chained, where there is a key. */
function uncovered(
  { sealer, uncover = sealer, mayCover }: JournalReaderDeps,
  record: JournalRecord | string,
): JournalRecord | string {
  if (typeof record === "string" || record.phase !== "covered") return record;
  if (!uncover) return mayCover ? record : "it is covered, and no key opens it";
  let text: string;
  try {
    text = uncover.decode(String(record.body?.sealed));
  } catch {
    return "it was sealed with another key";
  }
  const inner = parseText(text);
  if (typeof inner === "string") return inner;
  return canonical(placed(record, inner)) === canonical(record) ? inner : "it is not the record that was sealed";
}

/** What a record says; of one that is sealed with another key, that it is. */
function opened({ sealer }: JournalReaderDeps, record: JournalRecord | string): JournalRecord | string {
  if (typeof record === "string" || !sealer) return record;
  try {
    return shown(sealer, record);
  } catch {
    return "it was sealed with another key";
  }
}

/** The text of a line as far as words are looked for in it before it is parsed. */
function said(deps: JournalReaderDeps, { text = "" }: StoredLine): string {
  const sealed = deps.sealer && /"sealed":"([^"]*)"/.exec(text)?.[1];
  if (!deps.sealer || sealed === undefined) return text;
  try {
    return deps.sealer.decode(sealed);
  } catch {
    return text;
  }
}

/** What is said of a record without the home's own MAC. */
export const foreign = "this home did not write it";

function parse(stored: StoredLine): JournalRecord | string {
  return stored.text === undefined ? "it is not UTF-8" : parseText(stored.text);
}

function parseText(line: string): JournalRecord | string {
  let json: unknown;
  try {
    // A record is an object. The parser's error costs more than its work, and a damaged log has a line of noise many times.
    if (!line.startsWith("{")) return "it is not a journal record";
    json = JSON.parse(line);
  } catch {
    return "it is not JSON";
  }
  const parsed = journalRecordSchema().safeParse(json);
  if (!parsed.success) return "it is not a journal record";
  return hasForm(parsed.data, line) ? parsed.data : "it is not in canonical form";
}

function hasForm(record: JournalRecord, line: string): boolean {
  try {
    return canonical(record) === line;
  } catch {
    // Half a character and an infinite number are JSON, and have no canonical form (RFC 8785).
    return false;
  }
}

function nextOf(lines: Iterator<StoredLine>): StoredLine | { reason: string } | undefined {
  try {
    const { value, done } = lines.next();
    return done ? undefined : value;
  } catch (error) {
    return { reason: error instanceof Error ? error.message : String(error) };
  }
}

const isLast = (segments: readonly Segment[], segment: Segment): boolean => segments.at(-1)?.path === segment.path;

function atLine(stored: StoredLine, head: ChainHead, kind: Damage["kind"], reason: string): Damage {
  return { kind, seq: head.size, path: stored.segment.path, line: stored.number, offset: stored.offset, reason };
}

function damageAt(segment: Segment, reason: string, head: ChainHead): Damage {
  return { kind: "unreadable", seq: head.size, path: segment.path, line: 0, offset: 0, reason };
}

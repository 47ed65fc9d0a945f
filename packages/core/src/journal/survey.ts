import { Fault } from "@mh/contract/values/fault.ts";
import type { JournalRecord } from "@mh/contract/values/record.ts";
import { decodeUtf8 } from "../ports/bytes.ts";
import { type ChainHead, emptyHead, genesisHash, isForeign } from "./chain.ts";
import { type CoverNote, Covers } from "./covers.ts";
import type { Stamped } from "./journal.ts";
import { OpenCommands } from "./open-commands.ts";
import { entryOf, hidden, shown } from "./sealed-record.ts";
import { readLines, type Segment, type StoredLine, segmentFiles } from "./segments.ts";
import { type Damage, foreign, type JournalReaderDeps, walk, wholeRecord } from "./walk.ts";

/** Records that follow each other, apart from the log's good beginning. */
export interface Branch {
  /** Number of the first one. */
  from: number;
  /** What that follows, whether it is there or not. */
  prev: string;
  records: number;
  /** Hash of the last one. */
  last: string;
}

/** Where a record of a branch lies. */
export interface Place {
  segment: Segment;
  offset: number;
  seq: number;
  hlc: string;
  branch: number;
}

/** What can still be read of a log that does not add up. */
export interface Survey {
  /** The records from the first one on that are whole, follow each other and are followed by one line of records only. */
  head: ChainHead;
  /** Where they end; undefined where they are all that there is. */
  end: Pick<Damage, "path" | "offset"> | undefined;
  /** What `walk` says of the log. */
  damage: Damage | undefined;
  branches: Branch[];
  /** Numbers of records that a branch follows and that are not there, though another branch may have one of that number. */
  gaps: number[];
  /** The records of the branches in the order in which they were written. Checkpoints are of a log that is no more. */
  carried: Place[];
  /** Commands that begin in the good part and have more there than that, but no end. */
  half: JournalRecord[];
  /** Covered lines of the good part that no checkpoint in it speaks of. */
  uncovered: CoverNote[];
  /** Lines that are no records of this home. */
  bad: { count: number; first: Pick<Damage, "path" | "line" | "reason">[] };
  /** Records that stand there once more. */
  doubled: number;
  /** Of those that are there, the highest number and one. */
  size: number;
}

/**
 * Reads all that a log's files hold, in whatever state they are. Of a record that no longer stands where it stood, its hash
 * and its MAC say that this home wrote it; `deps` needs the key of both for that, and the sealer of an encrypted home.
 */
export function surveyLog(deps: JournalReaderDeps & { macKey: Uint8Array }): Survey {
  for (let limit = Number.POSITIVE_INFINITY; ; ) {
    const { survey, fork } = surveyUpTo(deps, limit);
    if (fork === undefined) return survey;
    limit = fork;
  }
}

/** Takes the good beginning no longer than `limit`. `fork`: another branch leaves it earlier. */
function surveyUpTo(deps: JournalReaderDeps & { macKey: Uint8Array }, limit: number) {
  const reader = { ...deps, sealer: undefined, uncover: deps.sealer };
  const commands = new OpenCommands<Place | undefined>();
  const said = (record: JournalRecord) => shown(deps.sealer, record);
  const good = goodPart(reader, limit, (record) => commands.take(said(record), undefined));
  const { head, hashes } = good;
  const seen = new Set<string>();
  const branches: Branch[] = [];
  const byEnd = new Map<string, number>();
  const places: Place[] = [];
  const bad: Survey["bad"] = { count: 0, first: [] };
  let [doubled, size] = [0, head.size];
  let isSigned = head.size === 0 || head.isSigned === true;
  for (const stored of allLines(reader)) {
    const record = own(reader, stored, hashes, isSigned);
    if (typeof record === "string") {
      bad.count += 1;
      if (bad.first.length < shownMax)
        bad.first.push({ path: stored.segment.path, line: stored.number, reason: record });
      continue;
    }
    if (seen.has(record.hash)) {
      doubled += 1;
      continue;
    }
    seen.add(record.hash);
    if (hashes[record.seq] === record.hash) continue;
    isSigned ||= record.mac !== undefined;
    size = Math.max(size, record.seq + 1);
    const branch = branchOf(branches, byEnd, record);
    const { segment, offset } = stored;
    const place = { segment, offset, seq: record.seq, hlc: record.hlc, branch };
    if (record.phase === "checkpoint") continue;
    places.push(place);
    commands.take(said(record), place);
  }
  const before = (seq: number) => (seq === 0 ? genesisHash : hashes[seq - 1]);
  const forks = branches.filter(({ from, prev }) => from < head.size && prev === before(from));
  const half = commands.half();
  // What is ended as done keeps all that it wrote.
  const dropped = new Set(half.flatMap(({ late }) => (late.includes(undefined) ? [] : late)));
  const carried = places.filter((place) => !dropped.has(place)).sort((a, b) => comparedHlc(a.hlc, b.hlc));
  const inGoodPart = half.filter(({ late }) => late.includes(undefined)).map(({ intent }) => intent);
  const gaps = branches.filter(({ from, prev }) => from > 0 && !seen.has(prev)).map(({ from }) => from - 1);
  const { end, damage, uncovered } = good;
  return {
    survey: { head, end, damage, branches, gaps, carried, half: inGoodPart, uncovered, bad, doubled, size },
    fork: forks.length === 0 ? undefined : Math.min(...forks.map(({ from }) => from)),
  };
}

const shownMax = 20;

function goodPart(reader: JournalReaderDeps, limit: number, onRecord: (record: JournalRecord) => void) {
  let head = emptyHead;
  const hashes: string[] = [];
  const covers = new Covers(reader.crypto);
  const steps = walk(reader, { head });
  for (let step = steps.next(); ; step = steps.next()) {
    const uncovered = () => covers.notes();
    if (step.done) return { head, hashes, damage: step.value, end: step.value, uncovered: uncovered() };
    const { record, stored, isCovered } = step.value;
    if (head.size === limit) {
      const end = { path: stored.segment.path, offset: stored.offset };
      return { head, hashes, damage: rest(steps), end, uncovered: uncovered() };
    }
    if (isCovered) covers.take(stored.text ?? "", { ...stored, seq: record.seq });
    if (record.phase === "checkpoint") covers.settle(record);
    head = step.value.head;
    hashes.push(record.hash);
    onRecord(record);
  }
}

function rest<T>(steps: Iterator<unknown, T>): T {
  let step = steps.next();
  while (!step.done) step = steps.next();
  return step.value;
}

/** Every line of every file, of a damaged archive as far as it opens. */
export function* allLines({ files, gzip }: Pick<JournalReaderDeps, "files" | "gzip">): Generator<StoredLine> {
  const lenient = { ...gzip, expand: (bytes: Uint8Array) => gzip.salvage(bytes) };
  for (const segment of segmentFiles(files)) yield* readLines(files, lenient, segment);
}

/** Signed as this home's own; unsigned only where the log was begun before its records were, and none was so far. */
function own(
  reader: JournalReaderDeps & { macKey: Uint8Array },
  stored: StoredLine,
  good: readonly string[],
  isSigned: boolean,
): JournalRecord | string {
  const record = wholeRecord(reader, stored);
  if (typeof record === "string" || good[record.seq] === record.hash) return record;
  return isForeign(reader.crypto, reader.macKey, record, { ...emptyHead, isSigned }) ? foreign : record;
}

function branchOf(branches: Branch[], byEnd: Map<string, number>, { seq, prev, hash }: JournalRecord): number {
  const known = byEnd.get(prev);
  const branch = known === undefined ? undefined : branches[known];
  if (known !== undefined && branch && branch.from + branch.records === seq) {
    byEnd.delete(prev);
    byEnd.set(hash, known);
    branches[known] = { ...branch, records: branch.records + 1, last: hash };
    return known;
  }
  byEnd.set(hash, branches.length);
  return branches.push({ from: seq, prev, records: 1, last: hash }) - 1;
}

function comparedHlc(a: string, b: string): number {
  const [[ms = 0, count = 0], [otherMs = 0, otherCount = 0]] = [a.split(".").map(Number), b.split(".").map(Number)];
  return ms - otherMs || count - otherCount;
}

/** The records that lie at some places, as they were chained, with what is to be stored of each. */
export function* recordsAt(
  deps: JournalReaderDeps,
  places: readonly Place[],
): Generator<Stamped & { record: JournalRecord; place: Place }> {
  const reader = { ...deps, sealer: undefined, uncover: deps.sealer };
  let archive: { path: string; bytes: Uint8Array } | undefined;
  for (const place of places) {
    const { path, archived } = place.segment;
    if (archived && archive?.path !== path)
      archive = { path, bytes: deps.gzip.salvage(deps.files.read(path) ?? new Uint8Array()) };
    const part = archived
      ? (from: number, to: number) => archive?.bytes.subarray(from, to)
      : (from: number, to: number) => deps.files.readPart(path, from, to);
    const text = lineAt(part, place.offset);
    const record = wholeRecord(reader, { ...place, number: 0, text, complete: true });
    if (typeof record === "string") throw new Fault("history.stale", `${path} changed while it was read.`);
    const { ts, hlc, boot } = record;
    const isCovered = deps.sealer !== undefined && JSON.parse(text as string).phase === "covered";
    const entry = isCovered ? hidden(deps.sealer, entryOf(record)) : entryOf(record);
    yield { entry, stamp: { ts, hlc, boot }, record: shown(deps.sealer, record), place };
  }
}

function lineAt(part: (from: number, to: number) => Uint8Array | undefined, offset: number): string | undefined {
  for (let length = 4096; ; length *= 4) {
    const bytes = part(offset, offset + length) ?? new Uint8Array();
    const end = bytes.indexOf(0x0a);
    if (end !== -1 || bytes.length < length) return decodeUtf8(end === -1 ? bytes : bytes.subarray(0, end));
  }
}

/** Numbers up to a size of which a record is lost: no branch holds it and the good part does not, or a branch lacks its own. [from, to) */
export function lostNumbers({ head, branches, gaps }: Pick<Survey, "head" | "branches" | "gaps">, size: number) {
  const lost: { from: number; to: number }[] = [];
  let next = head.size;
  for (const { from, records } of [...branches].sort((a, b) => a.from - b.from)) {
    if (from > next) lost.push({ from: next, to: from });
    next = Math.max(next, from + records);
  }
  if (size > next) lost.push({ from: next, to: size });
  for (const n of gaps) if (!lost.some(({ from, to }) => from <= n && n < to)) lost.push({ from: n, to: n + 1 });
  return lost.sort((a, b) => a.from - b.from);
}

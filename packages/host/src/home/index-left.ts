import { createHash, randomInt } from "node:crypto";
import * as fs from "node:fs";
import * as path from "node:path";
import type { Sign } from "@mh/core/kernel/rights-places.ts";
import { boot } from "../adapters/boot.ts";
import { readPlainText } from "../adapters/plain-file.ts";
import { isLocked } from "../adapters/sqlite.ts";
import { indexFile } from "../places.ts";

/** What is noted of an index beside it: that somebody has it open, or how it was left. */
interface Left {
  /** The machine was started once for each: what was not synced may be lost in between. */
  boot: string;
  /** `isSynced`: it is on the disk, whatever the machine did afterwards. */
  closed?: { facts: Facts; pages: number[]; hash: string; isSynced?: boolean; rights?: SignedRights };
}

/** What the rows that give rights add up to in an index that looks so, with a signature over both. */
interface SignedRights {
  digest: string;
  mac: string;
}

/** What an index looks like from outside: whatever is written to it changes that. */
export interface Facts {
  dev: number;
  size: number;
  mtimeMs: number;
  ino: number;
  ctimeMs: number;
}

const pageBytes = 4096;
/** So many pages are compared, others each time; of a small index all. */
const pagesMax = 64;

const noteOf = (index: string): string => `${index}-left`;

/** On a full disk the note stays as it was, and whatever is then written does not fit it. */
export function noteOpened(index: string): void {
  try {
    write(index, { boot: boot() });
  } catch (error) {
    if (!["ENOSPC", "EDQUOT", "EROFS"].includes(String((error as { code?: unknown }).code))) throw error;
  }
}

/**
 * Call it when no connection is left. `isSynced`: it is made to outlast the machine. `left`: what the rows that give rights added
 * up to while the index looked so, where that is known, to be signed: a program that can write to the index can write its note,
 * too.
 */
export function noteClosed(index: string, isSynced: boolean, left?: LeftNow, sign?: Sign): void {
  const stat = fs.statSync(index, { throwIfNoEntry: false });
  if (!stat) return;
  const facts = factsOf(stat);
  const count = Math.ceil(facts.size / pageBytes);
  const isSmall = count <= pagesMax;
  const pages = Array.from({ length: Math.min(count, pagesMax) }, (_, n) => (isSmall ? n : randomInt(count)));
  if (isSynced) sync(index);
  const isKnown = left && isSame(left.facts, facts) && isSettled(index, facts);
  const rights = isKnown && sign ? { digest: left.digest, mac: sign(signedText(facts, left.digest)) } : undefined;
  const closed = { facts, pages, hash: hashOf(index, pages), isSynced, ...(rights && { rights }) };
  write(index, { boot: boot(), closed });
}

export interface LeftNow {
  digest: string;
  facts: Facts;
}

/** How an index looks now. */
export const indexFacts = (index: string): Facts => factsOf(fs.statSync(index));

const factsOf = ({ dev, size, mtimeMs, ino, ctimeMs }: fs.Stats): Facts => ({ dev, size, mtimeMs, ino, ctimeMs });

/** For this start of the machine: what was not synced before another may be lost, though the file looks the same. */
const signedText = (facts: Facts, digest: string): string => `left\0${boot()}\0${digest}\0${JSON.stringify(facts)}`;

/**
 * Whether whatever is written to the index from now on changes its facts: the clock of the disk ticks a few hundred times a second,
 * and has gone on since the last write once a new file says a later time. Pages that somebody holds in memory change them later.
 */
function isSettled(index: string, facts: Facts): boolean {
  // On a disk that counts whole seconds, or where the clock was set back, no tick comes soon.
  if (Number.isInteger(facts.ctimeMs / 1000) || facts.ctimeMs > Date.now() + tickMs) return false;
  for (let n = 0; n < ticksMax; n += 1) {
    fs.writeFileSync(`${noteOf(index)}.tmp`, "", { mode: 0o600 });
    if (fs.statSync(`${noteOf(index)}.tmp`).ctimeMs > facts.ctimeMs) return isSame(facts, indexFacts(index));
    Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 1);
  }
  return false;
}

const tickMs = 20;
const ticksMax = 20;
export const isSame = (a: Facts, b: Facts): boolean => JSON.stringify(a) === JSON.stringify(b);

/** What the rows that give rights added up to when an index was closed, and whether nobody has written to it since. */
export interface LeftRights {
  digest: string;
  isUntouched: () => boolean;
}

/** To be asked before anybody opens it. Undefined where nobody knows. */
export function rightsLeft(index: string, sign: Sign): LeftRights | undefined {
  const { facts, rights } = read(index)?.closed ?? {};
  if (!facts || !rights || sign(signedText(facts, rights.digest)) !== rights.mac) return undefined;
  const isUntouched = () => {
    // What SQLite would go on with from its log stands in no page yet.
    const log = fs.statSync(`${index}-wal`, { throwIfNoEntry: false });
    return (log?.size ?? 0) === 0 && isSame(facts, indexFacts(index));
  };
  return isUntouched() ? { digest: rights.digest, isUntouched } : undefined;
}

/** What can be said of an index before it is opened: how it is not as it was left, or that all of it has to be looked through. */
export interface Found {
  changed?: string;
  isToCheck?: true;
}

/** SQLite does not notice a page that is older than the others. To be asked before anybody opens it. */
export function lookAtLeft(index: string): Found {
  const left = read(index);
  if (!left) return { changed: "the index does not say how it was left" };
  const isSameBoot = left.boot === boot();
  if (!left.closed) {
    if (!isSameBoot) return { changed: "the machine went down while the index was open" };
    // A process that was killed leaves its log of changes, which SQLite goes on with.
    return fs.existsSync(`${index}-wal`) ? {} : { changed: "a part of the index is gone" };
  }
  const { facts, pages, hash } = left.closed;
  const isAsLeft = looksAs(facts, fs.statSync(index)) && hashOf(index, pages) === hash;
  if (!isAsLeft) return { changed: "the index is not as it was left" };
  return isSameBoot || left.closed.isSynced ? {} : { isToCheck: true };
}

/** Whether a crash left it: looking at it would repair it, and take away what it was left with. */
export function isLeftOpen(root: string): boolean {
  const index = indexFile(root);
  // Of one that was closed, a log is of somebody else who looks.
  const isOpen = fs.existsSync(`${index}-wal`) && !read(index)?.closed;
  return isOpen && !isLocked(path.join(root, "run", "writer.db"));
}

/** Whether somebody had the index open to the last: a process that was killed may have left more than that. Where nothing says so, nobody knows. */
export const wasLeftOpen = (index: string): boolean => read(index)?.closed === undefined;

export const seenLater = "the index was left open by a crash; to be seen once the next command has opened the home";

/** A copy has times of its own, and is what its pages are; in its place nobody can put the time of the last change back. */
const looksAs = (a: Facts, b: Facts): boolean =>
  a.size === b.size && (a.dev !== b.dev || a.ino !== b.ino || (a.mtimeMs === b.mtimeMs && a.ctimeMs === b.ctimeMs));

function hashOf(index: string, pages: readonly number[]): string {
  const fd = fs.openSync(index, "r");
  try {
    const hash = createHash("sha256");
    const page = Buffer.alloc(pageBytes);
    for (const n of pages) hash.update(page.subarray(0, fs.readSync(fd, page, 0, pageBytes, n * pageBytes)));
    return hash.digest("hex");
  } finally {
    fs.closeSync(fd);
  }
}

function sync(index: string): void {
  const fd = fs.openSync(index, "r+");
  try {
    fs.fdatasyncSync(fd);
  } finally {
    fs.closeSync(fd);
  }
}

/** Whole or not at all: half a note would say nothing, and cost the index. */
function write(index: string, left: Left): void {
  const temporary = `${noteOf(index)}.tmp`;
  fs.writeFileSync(temporary, JSON.stringify(left), { mode: 0o600, flush: left.closed?.isSynced ?? false });
  fs.renameSync(temporary, noteOf(index));
}

function read(index: string): Left | undefined {
  try {
    return JSON.parse(readPlainText(noteOf(index))) as Left;
  } catch {
    // It is missing or damaged, and says nothing.
    return undefined;
  }
}

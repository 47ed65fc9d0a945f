import { Fault } from "@mh/contract/values/fault.ts";

const headerBytes = 32;
const frameHeaderBytes = 24;
/** Whether checksums are of words with the high byte first. */
const orderBy: Readonly<Record<number, boolean>> = { 931071618: false, 931071619: true };
const bytesMax = 256 * 2 ** 20;

/**
 * A database with what was committed to its write-ahead log, as one that has no log: for a copy in memory, which cannot open one that
 * has. By https://sqlite.org/fileformat2.html#the_write_ahead_log: frames count up to the last commit whose checksums are right.
 */
export function withWal(database: Uint8Array, wal: Uint8Array | undefined): Uint8Array {
  const { pageBytes, count, pages } = committedIn(wal);
  const whole = new Uint8Array(pages.size === 0 ? database.length : count * pageBytes);
  whole.set(database.subarray(0, whole.length));
  for (const [page, bytes] of pages) if (page <= count) whole.set(bytes, (page - 1) * pageBytes);
  // Versions of the format for reading and writing: 2 is with a log.
  if (whole.length >= 100) whole.set([1, 1], 18);
  return whole;
}

interface Committed {
  pageBytes: number;
  /** How many pages the database has after the last commit. */
  count: number;
  /** By number, from 1. */
  pages: ReadonlyMap<number, Uint8Array>;
}

function committedIn(wal: Uint8Array | undefined): Committed {
  const pages = new Map<number, Uint8Array>();
  const none = { pageBytes: 0, count: 0, pages };
  if (wal === undefined || wal.length < headerBytes) return none;
  const view = new DataView(wal.buffer, wal.byteOffset, wal.length);
  const isHighFirst = orderBy[view.getUint32(0)];
  const pageBytes = view.getUint32(8);
  if (isHighFirst === undefined || !isPageSize(pageBytes)) return none;
  const sums = new Sums(view, isHighFirst);
  sums.add(0, frameHeaderBytes);
  if (!sums.stand(24)) return none;
  const open = new Map<number, Uint8Array>();
  let count = 0;
  for (let at = headerBytes; at + frameHeaderBytes + pageBytes <= wal.length; at += frameHeaderBytes + pageBytes) {
    const isOfThis = view.getUint32(at + 8) === view.getUint32(16) && view.getUint32(at + 12) === view.getUint32(20);
    sums.add(at, 8);
    sums.add(at + frameHeaderBytes, pageBytes);
    const page = view.getUint32(at);
    if (!isOfThis || page === 0 || !sums.stand(at + 16)) break;
    open.set(page, wal.subarray(at + frameHeaderBytes, at + frameHeaderBytes + pageBytes));
    const committed = view.getUint32(at + 4);
    if (committed === 0) continue;
    if (committed * pageBytes > bytesMax) throw new Fault("observe.unreadable", "It is longer than 256 MB.");
    count = committed;
    for (const [number, bytes] of open) pages.set(number, bytes);
    open.clear();
  }
  return { pageBytes, count, pages };
}

const isPageSize = (bytes: number): boolean => bytes >= 512 && bytes <= 65_536 && (bytes & (bytes - 1)) === 0;

/** The running checksum of a log. */
class Sums {
  readonly #view: DataView;
  readonly #isHighFirst: boolean;
  #one = 0;
  #two = 0;

  constructor(view: DataView, isHighFirst: boolean) {
    this.#view = view;
    this.#isHighFirst = isHighFirst;
  }

  add(from: number, bytes: number): void {
    for (let at = from; at < from + bytes; at += 8) {
      this.#one = (this.#one + this.#view.getUint32(at, !this.#isHighFirst) + this.#two) >>> 0;
      this.#two = (this.#two + this.#view.getUint32(at + 4, !this.#isHighFirst) + this.#one) >>> 0;
    }
  }

  /** Whether it is the one that is written there. */
  stand(at: number): boolean {
    return this.#view.getUint32(at) === this.#one && this.#view.getUint32(at + 4) === this.#two;
  }
}

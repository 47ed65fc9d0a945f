import type { Entry, JournalRecord } from "@mh/contract/values/record.ts";
import { canonical } from "../model/canonical.ts";
import type { Crypto } from "../ports/crypto.ts";
import { appendLeaf, type CompactRange, emptyRange } from "./merkle.ts";

/** Where the chain stands: the place, hash and clock of its last record, and the tree over all of them. */
export interface ChainHead {
  /** Place of the next record; also the number of records so far. */
  size: number;
  hash: string;
  hlc: string;
  range: CompactRange;
}

/** The first record's `prev`. */
const genesisHash = "0".repeat(64);

export const emptyHead: ChainHead = { size: 0, hash: genesisHash, hlc: "0.0", range: emptyRange };

/** SHA-256(0x00 ‖ JCS(record without hash)): link of the chain and RFC 6962 leaf at once. */
export function recordHash(crypto: Crypto, record: Omit<JournalRecord, "hash">): string {
  return crypto.sha256Hex(`\0${canonical(record)}`);
}

/** The next record of the chain and the line that stores it. */
export function seal(
  crypto: Crypto,
  head: ChainHead,
  entry: Entry,
  at: { now: number; boot: string },
): { record: JournalRecord; line: string; head: ChainHead } {
  const hlc = tick(head.hlc, at.now);
  const body = {
    ...entry,
    v: 1 as const,
    seq: head.size,
    ts: new Date(at.now).toISOString(),
    hlc,
    boot: at.boot,
    prev: head.hash,
  };
  const hash = recordHash(crypto, body);
  const record = { ...body, hash };
  const next = { size: head.size + 1, hash, hlc, range: appendLeaf(crypto, head.range, hash) };
  return { record, line: canonical(record), head: next };
}

/** Hybrid logical clock `<ms>.<count>`: never behind the record before it, whatever the machine's clock does. */
export function tick(last: string, now: number): string {
  const [ms = 0, count = 0] = last.split(".").map(Number);
  return now > ms ? `${now}.0` : `${ms}.${count + 1}`;
}

/** Milliseconds of a hybrid clock value. */
export const hlcMs = (hlc: string): number => Number(hlc.split(".", 1)[0]);

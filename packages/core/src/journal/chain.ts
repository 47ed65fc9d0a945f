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
  /** Records with a MAC were written: none without one may follow. Those of homes of before there were any have none. */
  isSigned?: boolean;
}

/** The first record's `prev`. */
export const genesisHash = "0".repeat(64);

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
  at: { now: number; boot: string; macKey?: Uint8Array | undefined },
): Sealed {
  const stamp = { ts: new Date(at.now).toISOString(), hlc: tick(head.hlc, at.now), boot: at.boot };
  return sealStamped(crypto, head, entry, stamp, at.macKey);
}

interface Sealed {
  record: JournalRecord;
  line: string;
  head: ChainHead;
}

/** The same for what was written at another time, and keeps that. */
export function sealStamped(
  crypto: Crypto,
  head: ChainHead,
  entry: Entry,
  stamp: Pick<JournalRecord, "ts" | "hlc" | "boot">,
  macKey: Uint8Array | undefined,
): Sealed {
  const unsigned = { ...entry, ...stamp, v: 1 as const, seq: head.size, prev: head.hash };
  // Each field is made canonical once, though the whole is needed three times: for MAC, hash and line.
  const fields = Object.entries(unsigned).flatMap(([name, value]) => field(name, value));
  const mac = macKey && crypto.hmacHex(macKey, joined(fields)).slice(0, macLength);
  const signed = [...fields, ...field("mac", mac)];
  const hash = crypto.sha256Hex(`\0${joined(signed)}`);
  const record = { ...unsigned, ...(mac !== undefined && { mac }), hash };
  return { record, line: joined([...signed, ...field("hash", hash)]), head: headAfter(crypto, head, record) };
}

type Field = readonly [name: string, text: string];

const field = (name: string, value: unknown): Field[] =>
  value === undefined ? [] : [[name, `${JSON.stringify(name)}:${canonical(value)}`]];

/** What `canonical` makes of an object with these fields (RFC 8785: by their names, in the order of UTF-16). */
function joined(fields: readonly Field[]): string {
  const inOrder = [...fields].sort(([a], [b]) => (a < b ? -1 : 1));
  return `{${inOrder.map(([, text]) => text).join()}}`;
}

const macLength = 32;

export function headAfter(crypto: Crypto, head: ChainHead, { hash, hlc, mac }: JournalRecord): ChainHead {
  const range = appendLeaf(crypto, head.range, hash);
  return { size: head.size + 1, hash, hlc, range, ...((head.isSigned || mac !== undefined) && { isSigned: true }) };
}

/**
 * Whether a record that fits the chain was written by somebody without the home's key. What a covered one was signed as, the
 * key alone tells.
 */
export function isForeign(crypto: Crypto, macKey: Uint8Array, record: JournalRecord, { isSigned }: ChainHead): boolean {
  const { hash: _, mac, ...unsigned } = record;
  if (record.phase === "covered") return false;
  return mac === undefined ? isSigned === true : mac !== macOf(crypto, macKey, unsigned);
}

function macOf(crypto: Crypto, macKey: Uint8Array, unsigned: Omit<JournalRecord, "hash" | "mac">): string {
  return crypto.hmacHex(macKey, canonical(unsigned)).slice(0, macLength);
}

/** Hybrid logical clock `<ms>.<count>`: never behind the record before it, whatever the machine's clock does. It orders, and dates nothing. */
function tick(last: string, now: number): string {
  const [ms = 0, count = 0] = last.split(".").map(Number);
  return now > ms ? `${now}.0` : `${ms}.${count + 1}`;
}

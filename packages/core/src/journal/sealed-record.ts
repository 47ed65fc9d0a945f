import type { Entry, JournalRecord } from "@mh/contract/values/record.ts";
import { canonical } from "../model/canonical.ts";
import type { LineCodec } from "../ports/line-codec.ts";

/**
 * An entry as an encrypted home stores it: all that it says is one ciphertext. It is sealed before it takes its place in the
 * chain, so that hash, MAC and tree run over what is stored, and verification needs no key. Checkpoints say nothing but
 * hashes and stay open.
 */
export function hidden(sealer: LineCodec | undefined, entry: Entry): Entry {
  if (!sealer || entry.phase === "checkpoint") return entry;
  return { phase: "sealed", id: "sealed", principal: "owner", body: { sealed: sealer.encode(canonical(entry)) } };
}

/** The record as it was meant, with the place that the stored one has in the chain. Throws where the key does not fit. */
export function shown(sealer: LineCodec | undefined, record: JournalRecord): JournalRecord {
  if (!sealer || (record.phase !== "sealed" && record.phase !== "covered")) return record;
  return placed(JSON.parse(sealer.decode(String(record.body?.sealed))) as Entry, record);
}

/**
 * A record of before its home was encrypted: what it says becomes one ciphertext, its place in the chain and its hash stay.
 * The hash is then that of what the ciphertext holds, and checked by those who have the key; that the ciphertext is the one
 * that was put there, a later checkpoint says (`covers.ts`).
 */
export function covered(sealer: LineCodec, record: JournalRecord): JournalRecord {
  const body = { sealed: sealer.encode(canonical(record)) };
  return placed({ phase: "covered", id: "covered", principal: "owner", body }, record);
}

/** What a record says, without its place in the chain. */
export function entryOf({
  v: _,
  seq: _1,
  ts: _2,
  hlc: _3,
  boot: _4,
  mac: _5,
  prev: _6,
  hash: _7,
  ...entry
}: JournalRecord): Entry {
  return entry;
}

/** An entry in the place that a record has. */
export function placed(entry: Entry, { v, seq, ts, hlc, boot, mac, prev, hash }: JournalRecord): JournalRecord {
  return { ...entry, v, seq, ts, hlc, boot, ...(mac !== undefined && { mac }), prev, hash };
}

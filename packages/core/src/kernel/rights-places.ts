import type { JournalRecord } from "@mh/contract/values/record.ts";
import type { ChainHead } from "../journal/chain.ts";
import type { Database } from "../ports/database.ts";
import { meta, setMeta } from "./state.ts";

/** Keyed hash of a text. What is signed begins with what it is. */
export type Sign = (text: string) => string;

/** What a record gives a right to or takes one from; undefined where it does neither. */
export function aboutRight({ phase, ref, body }: JournalRecord): string | undefined {
  switch (phase) {
    case "grant":
      return body?.plan === undefined ? grantsOf(String(body?.principal)) : stepsOf(ref ?? "");
    case "revoke":
      return revokedOf(ref ?? "");
    case "trust":
      return trustOf(String(body?.principal));
    case "adopt":
      return adoptionOf(String(body?.what), String(body?.name));
    case "device":
      return devices;
    default:
      return undefined;
  }
}

export const grantsOf = (principal: string): string => `grant ${principal}`;
export const stepsOf = (plan: string): string => `plan ${plan}`;
export const revokedOf = (ref: string): string => `revoke ${ref}`;
export const trustOf = (principal: string): string => `trust ${principal}`;
export const adoptionOf = (what: string, name: string): string => `adopt ${what} ${name}`;
export const devices = "device";

const [chainKey, signedKey] = ["rights.chain", "rights.signed"];

/** Notes that a record gives or takes a right, in a chain over all such: none can be left out unseen, or put among them. */
export function noteRight(db: Database, sign: Sign, seq: number, about: string): void {
  setMeta(db, chainKey, linked(sign, meta(db, chainKey), seq, about));
}

/** Signs the chain as it is at a head of the log. */
export function signRights(db: Database, sign: Sign, head: ChainHead): void {
  setMeta(db, signedKey, signed(sign, meta(db, chainKey), head));
}

/** Whether the index names every record up to a head that gave or took a right, and no other. Reads those alone. */
export function knowsRights(db: Database, sign: Sign, head: ChainHead): boolean {
  let chain: string | undefined;
  const sql = "SELECT seq, about FROM record_places WHERE about IS NOT NULL ORDER BY seq";
  for (const row of db.prepare(sql).iterate()) {
    const { seq, about } = row as { seq: number; about: string };
    chain = linked(sign, chain, seq, about);
  }
  return meta(db, signedKey) === signed(sign, chain, head);
}

const linked = (sign: Sign, chain = "", seq: number, about: string): string =>
  sign(`right\0${chain}\0${seq}\0${about}`);
const signed = (sign: Sign, chain = "", { size, hash }: ChainHead): string =>
  sign(`rights\0${chain}\0${size}\0${hash}`);

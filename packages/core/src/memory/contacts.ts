import { canonicalAddress } from "@mh/contract/values/mail-address.ts";
import type { MemoryRecord } from "@mh/contract/values/memory.ts";
import { ownAddresses } from "../mail/own-addresses.ts";
import type { Config } from "../model/config.ts";
import type { Database } from "../ports/database.ts";
import { isByCommand, isHandOrigin, type LineMarks } from "./hand-written.ts";
import { entityKey } from "./project.ts";

/**
 * Those of some addresses that are nobody the owner knows: no fact says whose they are, and they are none of the owner's
 * own. What a mail, a page or an agent said of an address makes nobody known.
 */
export function unknownRecipientsAmong(
  db: Database,
  marks: LineMarks,
  config: Config,
  addresses: readonly string[],
): string[] {
  const keys = addresses.flatMap((address) => [entityKey(address), keyOf(address)]);
  const known = new Set([
    ...emailFacts(db, marks, "object_key", keys).map(({ object }) => keyOf(object)),
    ...ownAddresses(config).map(keyOf),
  ]);
  return addresses.filter((address) => !known.has(keyOf(address)));
}

/**
 * Facts about addresses that the owner, or a file that the owner imported, stated. What the index says of one is compared
 * with what a command wrote: a row that somebody put there makes nobody known.
 */
export function emailFacts(
  db: Database,
  marks: LineMarks,
  column: "object_key" | "subject_key",
  keys: readonly string[],
) {
  const sql = `SELECT m.record FROM facts f JOIN memories m ON m.rowid = f.memory
    WHERE f.predicate = 'email' AND f.status IN ('observed', 'confirmed')
    AND f.${column} IN (SELECT value FROM json_each(?))`;
  const rows = db.prepare(sql).all(JSON.stringify(keys)) as { record: string }[];
  const records = rows.map(({ record }) => JSON.parse(record) as MemoryRecord);
  return records.flatMap((record) => {
    const { fact, origins } = record;
    return fact && origins.every(isVouched) && isByCommand(db, marks, record) ? [fact] : [];
  });
}

const keyOf = (address: string): string => (address.includes("@") ? canonicalAddress(address) : entityKey(address));

/** A file that the owner imported vouches; a line that was written into the memory itself does not. */
const isVouched = (origin: string): boolean =>
  origin === "owner" || (origin.startsWith("file:") && !isHandOrigin(origin));

import { verifyJournal } from "@mh/core/journal/verify.ts";
import { blindReader } from "../audit/journal-reader.ts";

/** Checks the log of a home as it is stored: how many records it has, and what is wrong with it where it cannot be opened. */
export function followLog(root: string): { records: number; damage: string | undefined } {
  const { status, records, reason = status } = verifyJournal(blindReader(root));
  // A last record that a crash cut off is set aside when the home is opened.
  return { records, damage: ["ok", "repaired", "torn"].includes(status) ? undefined : reason };
}

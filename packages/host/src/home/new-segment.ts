import type { Entry } from "@mh/contract/values/record.ts";
import type { ChainHead } from "@mh/core/journal/chain.ts";
import { checkpointEntry, originOf, signCheckpoint } from "@mh/core/journal/checkpoint.ts";
import { Journal } from "@mh/core/journal/journal.ts";
import type { JournalReaderDeps } from "@mh/core/journal/walk.ts";
import { nodeCrypto } from "../adapters/node-crypto.ts";
import { systemClock } from "../adapters/system-clock.ts";
import type { HomeFile } from "./home-file.ts";
import type { Keys } from "./keys.ts";

/** Goes on with a log in a file of its own, and in another one at each `rotate`: for what works on the log itself. */
export function newSegment(reader: JournalReaderDeps, { macKey }: Keys, head: ChainHead): Journal {
  const parts = { files: reader.files, crypto: reader.crypto, sealer: reader.sealer, clock: systemClock };
  const journal = Journal.open({ ...parts, boot: reader.crypto.id(), macKey, segmentBytesMax: 0 }, head);
  journal.rotate();
  return journal;
}

/** A checkpoint that says something besides. */
export function signedEntry(head: ChainHead, keys: Keys, home: HomeFile, more: Record<string, unknown> = {}): Entry {
  return checkpointEntry(nodeCrypto, head, signedNote(head, keys, home), more);
}

export const signedNote = (head: ChainHead, { signingSeed }: Keys, home: HomeFile): string =>
  signCheckpoint(nodeCrypto, signingSeed, originOf(home.id), head);

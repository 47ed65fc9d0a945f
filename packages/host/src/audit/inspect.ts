import * as path from "node:path";
import { Fault } from "@mh/contract/values/fault.ts";
import type { JournalRecord } from "@mh/contract/values/record.ts";
import { openCheckpoint } from "@mh/core/journal/checkpoint.ts";
import { type VerifyOptions, type VerifyReport, verifyJournal } from "@mh/core/journal/verify.ts";
import { latestRecords, readRecords, recordAt } from "@mh/core/journal/walk.ts";
import { fromBase64 } from "@mh/core/ports/bytes.ts";
import { nodeCrypto } from "../adapters/node-crypto.ts";
import { readNamed } from "../adapters/plain-file.ts";
import { type HomeFile, readHome } from "../home/home-file.ts";
import { isLeftOpen } from "../home/index-left.ts";
import { indexedSize } from "../home/indexed-size.ts";
import { loadKeys } from "../home/keys.ts";
import { keyFolder } from "../places.ts";
import { blindReader, journalReader } from "./journal-reader.ts";
import { readWitness } from "./witness.ts";

/**
 * Looks at a home's files without opening it: nothing is locked, repaired or written, so that what is damaged can be
 * seen as it is. Everything here only reads.
 */
export interface Inspection {
  home: HomeFile;
  verify(options: {
    sinceCheckpoint?: boolean;
    witnessFiles?: readonly string[];
    onProgress?: (n: number) => void;
  }): VerifyReport;
  records(): Generator<JournalRecord>;
  /** The record of a number. */
  record(seq: number): JournalRecord | undefined;
  /** The latest records, the earliest of them first. */
  latest(count: number): JournalRecord[];
}

export function inspect(root: string, environment: Record<string, string | undefined>): Inspection {
  const blind = blindReader(root);
  const home = readHome(blind.files, root);
  const reader = () => journalReader(root, environment);
  const folder = keyFolder(home.id, environment);
  const publicKey = fromBase64(home.checkpointKey);
  const macKey = ownMacKey(folder);
  const records = function* () {
    for (const { record } of readRecords(reader())) yield record;
  };
  return {
    home,
    records,
    record: (seq) => recordAt(reader(), seq),
    latest: (count) => latestRecords(reader(), count),
    verify({ sinceCheckpoint, witnessFiles = [], onProgress }) {
      const kept = readWitness(folder);
      const witnesses = [
        ...(kept ? [{ name: "the witness beside your keys", note: kept }] : []),
        ...witnessFiles.map((file) => ({ name: path.basename(file), note: readNote(file) })),
      ];
      const { reader: verifier, keptIn, known } = verifiers(root, environment);
      const options: VerifyOptions = {
        ...{ publicKey, witnesses, keptIn },
        ...(macKey && { macKey }),
        ...(sinceCheckpoint && { sinceCheckpoint }),
        ...(onProgress && { onProgress }),
      };
      return unlessCut(verifyJournal(verifier, options), known);
    },
  };
}

/**
 * With the key, where there is one: what was sealed is compared, too, what repairs kept, and what the index has seen, which was
 * looked at first, for the log may go on meanwhile. A locked home is verified as it lies.
 */
function verifiers(root: string, environment: Record<string, string | undefined>) {
  try {
    const reader = journalReader(root, environment);
    // Of one that a crash left open the next command knows.
    return { reader, keptIn: reader.files, known: isLeftOpen(root) ? 0 : indexedSize(root, reader) };
  } catch (error) {
    if (error instanceof Fault && error.code === "home.locked")
      return { reader: blindReader(root), keptIn: undefined, known: 0 };
    throw error;
  }
}

/** A log that adds up, and is shorter than the index has seen it: the home does not open by it. */
function unlessCut(report: VerifyReport, known: number): VerifyReport {
  const size = report.from + report.records;
  if (!["ok", "repaired"].includes(report.status) || known <= size) return report;
  return { ...report, status: "truncated", seq: size, reason: `the index has seen ${known} records, ${size} are left` };
}

/** A log can be looked at without the keys of its home; then nobody can say which records are its own. */
function ownMacKey(folder: string): Uint8Array | undefined {
  try {
    return loadKeys(folder).macKey;
  } catch (error) {
    if (error instanceof Fault && error.code === "keys.missing") return undefined;
    throw error;
  }
}

/** The size and root that a checkpoint of this home states; throws where it is not one. */
export function readCheckpoint(home: HomeFile, file: string): { size: number; root: string } {
  const opened = openCheckpoint(nodeCrypto, fromBase64(home.checkpointKey), readNote(file));
  if ("fault" in opened) throw new Fault("usage", `${file} is no checkpoint of this home: ${opened.fault}.`);
  return opened;
}

function readNote(file: string): string {
  try {
    return readNamed(file).toString("utf8");
  } catch (cause) {
    throw new Fault("usage", `${file} cannot be read.`, { cause });
  }
}

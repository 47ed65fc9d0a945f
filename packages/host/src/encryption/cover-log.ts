import type { JournalRecord } from "@mh/contract/values/record.ts";
import { type ChainHead, emptyHead } from "@mh/core/journal/chain.ts";
import { coverNote, coverSum, noCover } from "@mh/core/journal/covers.ts";
import { covered } from "@mh/core/journal/sealed-record.ts";
import { listSegments, readLines, type Segment } from "@mh/core/journal/segments.ts";
import { type Damage, type JournalReaderDeps, walk } from "@mh/core/journal/walk.ts";
import { canonical } from "@mh/core/model/canonical.ts";
import { nodeCrypto } from "../adapters/node-crypto.ts";
import { nodeFiles, nodeGzip } from "../adapters/node-files.ts";
import type { HomeFile } from "../home/home-file.ts";
import { loadKeys } from "../home/keys.ts";
import { newSegment, signedEntry } from "../home/new-segment.ts";
import { removeIndex } from "../home/projection.ts";
import { recoveredEntry, repairJournal } from "../home/repair.ts";
import { indexFile } from "../places.ts";
import type { Cipher } from "./cipher.ts";
import { sealedFiles } from "./sealed-files.ts";

/** How many files or records are done, and which part of them that is. */
export type SealProgress = (what: "files" | "records", count: number, fraction: number) => void;

/**
 * Seals what the log of before a home was encrypted says, segment by segment: the chain, its tree and its signatures stay, and
 * a new segment begins, in which a checkpoint names the lines of each before they are put in place. A log that does not add up
 * stays as it is. The caller holds the home.
 */
export async function coverLog(
  root: string,
  home: HomeFile,
  folder: string,
  { cipher, onProgress }: { cipher: Cipher; onProgress: SealProgress },
): Promise<void> {
  const files = nodeFiles(root);
  const reader = { files, gzip: nodeGzip, crypto: nodeCrypto, sealer: cipher };
  const open = openSegments(reader);
  if (open.length === 0) return;
  const keys = loadKeys(folder);
  const { head, damage } = followed({ ...reader, macKey: keys.macKey });
  const through = sealedFiles(files, cipher);
  const torn = damage?.kind === "torn" ? recoveredEntry(nodeCrypto.id(), repairJournal(through, damage)) : undefined;
  if (damage && !torn) return;
  using journal = newSegment(reader, keys, head);
  if (torn) journal.append([torn]);
  // It knows where in these files it stands.
  removeIndex(indexFile(root));
  let records = 0;
  const tell = () => {
    records += 1;
    onProgress("records", records, Math.min(1, records / head.size));
  };
  for (const segment of open) {
    const { bytes, sum } = coveredSegment(reader, segment, cipher, tell);
    journal.append([signedEntry(journal.head, keys, home, { covered: coverNote(segment, sum) })]);
    await journal.sync();
    files.replace(segment.path, segment.archived ? nodeGzip.compress(bytes) : bytes);
  }
}

/** Segments with records that can be read without the key. */
export function openSegments(reader: Omit<JournalReaderDeps, "sealer">): Segment[] {
  return listSegments(reader.files).filter((segment) =>
    readLines(reader.files, reader.gzip, segment).some(({ text = "" }) => text !== "" && isOpen(text)),
  );
}

/** A line ends with its own phase and what follows that in canonical form: no words in it can look like this. */
const phaseOf = (line: string): string | undefined =>
  /"phase":"(\w+)","prev":"\w{64}","principal":"[^"]*","seq":\d+,"ts":"[^"]*","v":1\}$/.exec(line)?.[1];

const isOpen = (line: string): boolean => !["sealed", "covered", "checkpoint"].includes(phaseOf(line) ?? "");

function followed(deps: JournalReaderDeps): { head: ChainHead; damage: Damage | undefined } {
  let head = emptyHead;
  const steps = walk(deps, { head });
  let step = steps.next();
  for (; !step.done; step = steps.next()) head = step.value.head;
  return { head, damage: step.value };
}

/** The lines of a segment with what they say sealed, and the sum over these. */
function coveredSegment(
  { files, gzip, crypto }: JournalReaderDeps,
  segment: Segment,
  cipher: Cipher,
  onRecord: () => void,
): { bytes: Uint8Array; sum: string } {
  const lines: string[] = [];
  let sum = noCover;
  for (const { text = "" } of readLines(files, gzip, segment)) {
    const line = isOpen(text) ? canonical(covered(cipher, JSON.parse(text) as JournalRecord)) : text;
    if (phaseOf(line) === "covered") sum = coverSum(crypto, sum, line);
    lines.push(`${line}\n`);
    onRecord();
  }
  return { bytes: Buffer.from(lines.join("")), sum };
}

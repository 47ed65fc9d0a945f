import * as fs from "node:fs";
import * as path from "node:path";
import { Fault } from "@mh/contract/values/fault.ts";
import type { Entry } from "@mh/contract/values/record.ts";
import type { ChainHead } from "@mh/core/journal/chain.ts";
import { type Stamped, segmentBytesMax } from "@mh/core/journal/journal.ts";
import type { Repair } from "@mh/core/journal/repaired.ts";
import { journalFolder, listSegments } from "@mh/core/journal/segments.ts";
import { recordsAt, type Survey } from "@mh/core/journal/survey.ts";
import { verifyJournal } from "@mh/core/journal/verify.ts";
import type { JournalReaderDeps } from "@mh/core/journal/walk.ts";
import { fromBase64 } from "@mh/core/ports/bytes.ts";
import type { Files } from "@mh/core/ports/files.ts";
import { nodeFiles, nodeGzip } from "../adapters/node-files.ts";
import { systemClock } from "../adapters/system-clock.ts";
import { writeWitness } from "../audit/witness.ts";
import { indexFile } from "../places.ts";
import { shippedFeatures } from "../wiring/features.ts";
import { tablesOfFeatures } from "../wiring/install-features.ts";
import { folded } from "./check-rights.ts";
import { Cursors } from "./cursors.ts";
import { holdHome } from "./hold-home.ts";
import { newSegment, signedEntry, signedNote } from "./new-segment.ts";
import { planRepair, type RepairParts, type RepairPlan, repairParts } from "./plan-repair.ts";
import { removeIndex } from "./projection.ts";
import { raiseStop } from "./raise-stop.ts";
import { stageFolder, swapIn } from "./upgrade/swap.ts";

type Environment = Record<string, string | undefined>;

export interface LogRepaired {
  /** Number of the record that says so; undefined where all but the witness was done before. */
  seq: number | undefined;
  /** Where the log lies as it was. */
  kept: string | undefined;
  carried: number;
  isStopped: boolean;
}

/** What can be done for a log that does not add up; undefined where it opens as it is. Throws `home.busy`. */
export function lookAtLog(root: string, environment: Environment): RepairPlan | undefined {
  using _ = holdHome(root);
  return planRepair(repairParts(root, environment));
}

/**
 * Repairs the log as its owner was shown it: the files go to a folder as they are, and the log goes on after its good part
 * with a record that names them, and with the records that they hold. Nothing of it counts until all of it is on disk, and
 * then it is carried out whatever crashes. Owners do this themselves: it stands outside the gate, and is no skill.
 */
export async function repairLog(
  root: string,
  environment: Environment,
  fingerprint: string,
  onStep: () => void = () => undefined,
): Promise<LogRepaired> {
  using _ = holdHome(root);
  const parts = repairParts(root, environment);
  const plan = planRepair(parts);
  if (plan?.fingerprint !== fingerprint)
    throw new Fault("history.stale", "The log is no longer as it was shown. Look once more: mh doctor --repair");
  const { survey, lost } = plan;
  if (plan.isAlmostDone) {
    leaveWitness(parts, survey.head);
    return { seq: undefined, kept: undefined, carried: 0, isStopped: false };
  }
  const kept = freeFolder(parts, plan);
  const staged = { ...parts.reader, files: nodeFiles(path.join(root, stageFolder)) };
  const head = await writeLog(parts, plan, { kept, staged });
  onStep();
  mustOpen(parts, staged, head);
  // What was folded from the log of before counts no longer, and what was seen of it is seen again, whatever becomes of this.
  removeIndex(indexFile(root));
  new Cursors(parts.reader.files).setBack(Math.max(0, survey.head.size - 1));
  // A right that a lost record took back stands again.
  if (lost.length > 0) raiseStop(root);
  onStep();
  swapIn(root, { from: stageFolder, aside: kept, names: [journalFolder] }, onStep);
  onStep();
  leaveWitness(parts, head);
  onStep();
  fs.rmSync(path.join(root, stageFolder), { recursive: true, force: true });
  sealKept(parts, kept);
  return { seq: survey.head.size, kept, carried: survey.carried.length, isStopped: lost.length > 0 };
}

/** Nothing that a repair kept is ever taken away, not even by the same one once more. */
function freeFolder({ reader }: RepairParts, { fingerprint }: RepairPlan): string {
  const name = `logs/kept/${new Date(systemClock.now()).toISOString().slice(0, 10)}-${fingerprint.slice(0, 12)}`;
  const isTaken = (folder: string) => reader.files.list(folder).length > 0;
  for (let n = 1; ; n += 1) {
    const folder = n === 1 ? name : `${name}-${n}`;
    if (!isTaken(folder)) return folder;
  }
}

/** The log as it will be: its good part byte for byte, what is said of the rest, and what is taken over from there. */
async function writeLog(
  { home, keys, reader }: RepairParts,
  { survey, files, lost, witness }: RepairPlan,
  { kept, staged }: { kept: string; staged: JournalReaderDeps },
): Promise<ChainHead> {
  copyGood(reader.files, staged.files, survey);
  using journal = newSegment(staged, keys, survey.head);
  const { branches, carried, half } = survey;
  const repaired: Repair = {
    ...{ kept, files, branches, carried: carried.length, ended: half.length, lost },
    ...(witness !== undefined && { witness }),
  };
  const sign = (more?: Record<string, unknown>) => journal.append([signedEntry(journal.head, keys, home, more)]);
  sign({ repaired });
  for (const entries of batches(recordsAt(reader, carried))) {
    if (journal.position.offset >= segmentBytesMax) {
      await journal.sync();
      journal.rotate();
    }
    journal.carry(entries);
  }
  for (const { id, principal, skill, argsHash } of half) journal.append([endOf({ id, principal, skill, argsHash })]);
  for (const covered of survey.uncovered) sign({ covered });
  if (journal.head.size > survey.head.size + 1) sign();
  await journal.sync();
  return journal.head;
}

function copyGood(from: Files, to: Files, { end }: Survey): void {
  for (const { path, archived } of listSegments(from)) {
    const bytes = from.read(path) ?? new Uint8Array();
    if (path !== end?.path) {
      to.replace(path, bytes);
      continue;
    }
    if (end.offset > 0 && archived)
      to.replace(path, nodeGzip.compress(nodeGzip.salvage(bytes).subarray(0, end.offset)));
    if (end.offset > 0 && !archived) to.replace(path, bytes.subarray(0, end.offset));
    return;
  }
}

function* batches(entries: Iterable<Stamped>): Generator<Stamped[]> {
  let batch: Stamped[] = [];
  for (const entry of entries) {
    batch.push(entry);
    if (batch.length < 1000) continue;
    yield batch;
    batch = [];
  }
  if (batch.length > 0) yield batch;
}

/** What goes with its end stands there: it was done, though the record that says so is lost. */
const endOf = (command: Pick<Entry, "id" | "principal" | "skill" | "argsHash">): Entry => ({
  ...command,
  phase: "outcome",
  outcome: { status: "done" },
  body: { recovered: true },
});

/** A log that the next command could not open is no repair: nothing was changed so far. */
function mustOpen({ home, keys }: RepairParts, staged: JournalReaderDeps, head: ChainHead): void {
  const publicKey = fromBase64(home.checkpointKey);
  const { status, reason, records } = verifyJournal(staged, { publicKey, macKey: keys.macKey });
  if (status !== "repaired" || records !== head.size)
    throw new Fault("journal.damaged", `The log cannot be repaired: ${reason ?? status}. Nothing was changed.`);
  folded(staged, tablesOfFeatures(shippedFeatures), head.size);
}

function leaveWitness({ home, folder, keys }: RepairParts, head: ChainHead): void {
  writeWitness(folder, signedNote(head, keys, home));
}

/** In an encrypted home what was set aside lies sealed like all else that nobody verifies without the key. */
function sealKept({ reader }: RepairParts, kept: string): void {
  if (!reader.disk.cipher) return;
  for (const path of reader.files.list(kept)) reader.files.replace(path, reader.files.read(path) ?? new Uint8Array());
}

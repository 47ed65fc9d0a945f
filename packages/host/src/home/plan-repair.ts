import { openCheckpoint } from "@mh/core/journal/checkpoint.ts";
import { repairIn } from "@mh/core/journal/repaired.ts";
import { journalFolder } from "@mh/core/journal/segments.ts";
import { type Branch, lostNumbers, recordsAt, type Survey, surveyLog } from "@mh/core/journal/survey.ts";
import type { Changes } from "@mh/core/journal/transaction.ts";
import { type VerifyReport, verifyJournal } from "@mh/core/journal/verify.ts";
import { type JournalReaderDeps, recordAt } from "@mh/core/journal/walk.ts";
import { readMemoryFile } from "@mh/core/memory/read-lines.ts";
import { memoryFiles } from "@mh/core/memory/reload.ts";
import { fromBase64 } from "@mh/core/ports/bytes.ts";
import { nodeCrypto } from "../adapters/node-crypto.ts";
import { journalReader } from "../audit/journal-reader.ts";
import { readWitness } from "../audit/witness.ts";
import { keyFolder } from "../places.ts";
import { type HomeFile, readHome } from "./home-file.ts";
import { indexedSize } from "./indexed-size.ts";
import { type Keys, loadKeys } from "./keys.ts";

type Environment = Record<string, string | undefined>;

/** What was found of a log that does not add up, and what a repair will do. */
export interface RepairPlan {
  /** Of the log and its witness, byte by byte: what is done is what was shown. */
  fingerprint: string;
  /** What verification says of the log. */
  report: VerifyReport;
  survey: Survey;
  branches: BranchFound[];
  /** Numbers [from, to) that the log, its witness or the index knew, and of which a record is lost. */
  lost: { from: number; to: number }[];
  files: { path: string; sha256: string }[];
  witness: string | undefined;
  /** A repair was cut off between the log and its witness: nothing but that is left to do. */
  isAlmostDone: boolean;
}

export interface BranchFound extends Branch {
  /** When the first and the last one that is taken over were written. */
  began: string | undefined;
  ended: string | undefined;
  /** Commands that it says are done. */
  done: number;
  /** Of these, how many wrote lines to the memory, and those of them that are not all there. */
  wrote: number;
  missing: string[];
}

/** What repair works with. */
export interface RepairParts {
  root: string;
  home: HomeFile;
  folder: string;
  keys: Keys;
  reader: ReturnType<typeof journalReader> & { macKey: Uint8Array };
}

/** Throws `home.locked`, and `keys.missing`: which records are this home's own, nobody else can tell. */
export function repairParts(root: string, environment: Environment): RepairParts {
  const reader = journalReader(root, environment);
  const home = readHome(reader.files, root);
  const folder = keyFolder(home.id, environment);
  const keys = loadKeys(folder);
  return { root, home, folder, keys, reader: { ...reader, macKey: keys.macKey } };
}

/** Undefined where the log opens as it is. Reads only; the caller holds the home. */
export function planRepair(parts: RepairParts): RepairPlan | undefined {
  const { root, home, folder, keys, reader } = parts;
  const note = readWitness(folder);
  const witnesses = note === undefined ? [] : [{ name: "the witness beside your keys", note }];
  const publicKey = fromBase64(home.checkpointKey);
  const report = verifyJournal(reader, { publicKey, witnesses, macKey: keys.macKey });
  const isAlmostDone = report.status === "repaired" && isOfBefore(reader, report, note);
  const known = Math.max(witnessedSize(publicKey, note), indexedSize(root, reader));
  const isCut = ["ok", "repaired"].includes(report.status) && !isAlmostDone && known > report.records;
  const isToRepair = ["changed", "truncated", "unreadable"].includes(report.status) || isCut;
  if (!isToRepair && !isAlmostDone) return undefined;
  const survey = surveyLog(reader);
  // Signatures and seals of a chain that holds: nothing of it can be put right by taking records over.
  const isWhole = survey.damage === undefined && known <= survey.head.size && !isOtherThanSeen(report);
  if (isWhole && !isAlmostDone) return undefined;
  const paths = reader.files.list(journalFolder);
  const files = paths.map((path) => ({
    path,
    sha256: nodeCrypto.sha256Hex(reader.files.read(path) ?? new Uint8Array()),
  }));
  return {
    ...{ report, survey, files, witness: note, isAlmostDone },
    fingerprint: nodeCrypto.sha256Hex(JSON.stringify([files, note])),
    branches: branchesFound(reader, survey),
    lost: lostNumbers(survey, Math.max(survey.size, known)),
  };
}

/** The chain holds, and the witness saw another one. */
const isOtherThanSeen = ({ status, path }: VerifyReport): boolean => status === "changed" && path === undefined;

function isOfBefore(reader: JournalReaderDeps, { repairs = [] }: VerifyReport, note: string | undefined): boolean {
  const last = repairs.at(-1);
  const record = last && recordAt(reader, last.seq);
  return note !== undefined && record !== undefined && repairIn(record)?.witness === note;
}

function witnessedSize(publicKey: Uint8Array, note: string | undefined): number {
  const opened = note === undefined ? undefined : openCheckpoint(nodeCrypto, publicKey, note);
  return opened && !("fault" in opened) ? opened.size : 0;
}

function branchesFound(reader: JournalReaderDeps, survey: Survey): BranchFound[] {
  const found = survey.branches.map((branch) => ({
    ...{ ...branch, began: undefined as string | undefined, ended: undefined as string | undefined },
    ...{ done: 0, wrote: 0, missing: [] as string[] },
  }));
  const owed = new Map<string, number>();
  const wrote = new Map<string, number>();
  for (const { record, place } of recordsAt(reader, survey.carried)) {
    const branch = found[place.branch] as BranchFound;
    branch.began ??= record.ts;
    branch.ended = record.ts;
    const lines = (record.body?.wrote as Changes | undefined)?.lines ?? 0;
    if (record.phase === "intent" && lines > 0) owed.set(record.id, lines);
    if (record.phase !== "outcome" || record.outcome?.status !== "done") continue;
    branch.done += 1;
    if (owed.has(record.id)) wrote.set(record.id, place.branch);
  }
  const lines = linesOf(reader, wrote);
  for (const [id, at] of wrote) {
    const branch = found[at] as BranchFound;
    branch.wrote += 1;
    if ((lines.get(id) ?? 0) < (owed.get(id) ?? 0)) branch.missing.push(id);
  }
  return found;
}

/** How many lines of each of these commands the memory holds. */
function linesOf({ files }: JournalReaderDeps, commands: ReadonlyMap<string, unknown>): Map<string, number> {
  const counts = new Map<string, number>();
  if (commands.size === 0) return counts;
  for (const path of memoryFiles(files)) {
    for (const read of readMemoryFile({ files }, path)) {
      const cmd = "line" in read ? read.line.cmd : undefined;
      if (cmd !== undefined && commands.has(cmd)) counts.set(cmd, (counts.get(cmd) ?? 0) + 1);
    }
  }
  return counts;
}

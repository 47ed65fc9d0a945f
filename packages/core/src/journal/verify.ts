import type { JournalRecord } from "@mh/contract/values/record.ts";
import type { Files } from "../ports/files.ts";
import { type ChainHead, emptyHead, isForeign } from "./chain.ts";
import { openCheckpoint } from "./checkpoint.ts";
import { Covers } from "./covers.ts";
import { rootOf } from "./merkle.ts";
import { type RepairFound, Repairs, type Witness } from "./repairs.ts";
import { foreign, type JournalReaderDeps, readRecords, type Start, walk } from "./walk.ts";

export interface VerifyOptions {
  /** The home's checkpoint key; without one, signatures cannot be checked and the report says so. */
  publicKey?: Uint8Array;
  /** Signed notes kept elsewhere. */
  witnesses?: readonly { name: string; note: string }[];
  /** Trust everything up to the last signed checkpoint, and check only what came after. */
  sinceCheckpoint?: boolean;
  /** The home's key for records; without it, one that fits the chain is taken for the home's own. */
  macKey?: Uint8Array;
  onProgress?: (records: number) => void;
  /** Where what repairs kept is looked at; without it they are only named. */
  keptIn?: Files | undefined;
}

/** `repaired`: it adds up, and is not the log that was written. */
export type VerifyStatus = "ok" | "repaired" | "changed" | "truncated" | "torn" | "bad-signature" | "unreadable";

export interface VerifyReport {
  status: VerifyStatus;
  /** Records that were checked and found whole. */
  records: number;
  /** First record that was checked. */
  from: number;
  root: string;
  checkpoints: number;
  /** The first thing wrong: place, file, line and reason. */
  seq?: number;
  path?: string;
  line?: number;
  reason?: string;
  /** Where and when the log was repaired. */
  repairs?: RepairFound[];
}

/** Exit codes of `mh audit verify` (DESIGN §2). */
export const verifyExitCodes: Record<VerifyStatus, number> = {
  ok: 0,
  repaired: 14,
  changed: 1,
  truncated: 10,
  torn: 11,
  "bad-signature": 12,
  unreadable: 13,
};

/** Checks every line, link, hash and checkpoint of the journal. Reads only; repairs nothing. */
export function verifyJournal(deps: JournalReaderDeps, options: VerifyOptions = {}): VerifyReport {
  const steps = verifySteps(deps, options);
  let step = steps.next();
  for (; !step.done; step = steps.next()) options.onProgress?.(step.value);
  return step.value;
}

/** The same in steps of a thousand records, each giving how many are checked: its caller may do other work between. */
export function* verifySteps(reader: JournalReaderDeps, options: VerifyOptions = {}): Generator<number, VerifyReport> {
  // What is stored is what is chained and signed, but for what was covered since.
  const deps = { ...reader, sealer: undefined, uncover: reader.sealer, mayCover: true };
  const start = options.sinceCheckpoint ? lastCheckpoint(deps, options.publicKey) : { head: emptyHead };
  let head = start.head;
  let checkpoints = 0;
  const report = (status: VerifyStatus, more: Partial<VerifyReport> = {}): VerifyReport => ({
    status,
    records: head.size - start.head.size,
    from: start.head.size,
    root: rootOf(deps.crypto, head.range),
    checkpoints,
    ...more,
  });

  const witnesses = openAll(deps, options);
  const forged = witnesses.find((w) => "fault" in w.checkpoint);
  const sizes = Map.groupBy(witnesses, (w) => w.checkpoint.size);

  const covers = new Covers(deps.crypto);
  const repairs = new Repairs(reader, options);
  repairs.before(start.head.size);
  let foreignAt: Pick<VerifyReport, "seq" | "path" | "line"> | undefined;
  const others: { witness: Witness; found: VerifyReport }[] = [];
  const steps = walk(deps, start);
  let step = steps.next();
  for (; !step.done; step = steps.next()) {
    const { record, stored, isCovered } = step.value;
    const place = { seq: record.seq, path: stored.segment.path, line: stored.number };
    if (isCovered) covers.take(stored.text ?? "", { ...stored, seq: record.seq });
    if (!foreignAt && options.macKey && isForeign(deps.crypto, options.macKey, record, head)) foreignAt = place;
    if (record.phase === "checkpoint") {
      const fault = checkNote(deps, options.publicKey, record, head);
      if (fault) return report("bad-signature", { ...place, reason: `the checkpoint there: ${fault}` });
      covers.settle(record);
      checkpoints += 1;
    }
    const fault = repairs.take(record, head);
    if (fault) return report("changed", { ...place, reason: fault });
    head = step.value.head;
    for (const witness of sizes.get(head.size) ?? []) {
      if (witness.checkpoint.root === rootOf(deps.crypto, head.range)) continue;
      const reason = `${witness.name} saw other records up to here`;
      others.push({ witness, found: report("changed", { seq: head.size - 1, reason }) });
    }
    if (head.size % 1000 === 0) yield head.size;
  }
  const other = others.find(({ witness }) => !repairs.explain(witness));
  if (other) return other.found;
  const damage = step.value;
  if (damage) {
    const { kind, seq, path, line, reason } = damage;
    return report(kind, { seq, path, line, reason });
  }
  if (forged) return report("bad-signature", { reason: `${forged.name}: ${forged.checkpoint.fault}` });
  const longer = witnesses.find((w) => w.checkpoint.size > head.size && !repairs.explain(w));
  // Said last: where the chain itself is broken, or cut, that is what happened.
  const coveredAt = covers.unsettled();
  if (longer) {
    const reason = `${longer.name} saw ${longer.checkpoint.size} records, ${head.size} are left`;
    return report("truncated", { seq: head.size, reason });
  }
  if (coveredAt) return report("changed", { ...coveredAt, reason: "no checkpoint says that it was sealed" });
  if (foreignAt) return report("changed", { ...foreignAt, reason: foreign });
  return repairs.found.length > 0 ? report("repaired", { repairs: repairs.found }) : report("ok");
}

function openAll(deps: JournalReaderDeps, { publicKey, witnesses = [] }: VerifyOptions): Witness[] {
  if (!publicKey) return [];
  return witnesses.map(({ name, note }) => {
    const opened = openCheckpoint(deps.crypto, publicKey, note);
    return { name, note, checkpoint: "fault" in opened ? { origin: "", size: -1, root: "", ...opened } : opened };
  });
}

function checkNote(
  deps: JournalReaderDeps,
  publicKey: Uint8Array | undefined,
  record: JournalRecord,
  head: ChainHead,
): string | undefined {
  if (!publicKey) return undefined;
  const opened = openCheckpoint(deps.crypto, publicKey, String(record.body?.note ?? ""));
  if ("fault" in opened) return opened.fault;
  const isSame = opened.size === head.size && opened.root === rootOf(deps.crypto, head.range);
  return isSame ? undefined : "it does not describe the records before it";
}

/** The place after the last checkpoint whose signature and roots hold; the beginning where there is none. */
function lastCheckpoint(deps: JournalReaderDeps, publicKey: Uint8Array | undefined): Start {
  let start: Start = { head: emptyHead };
  if (!publicKey) return start;
  for (const { record, stored } of readRecords(deps)) {
    if (record.phase !== "checkpoint") continue;
    const range = { size: record.seq, roots: (record.body?.roots ?? []) as string[] };
    const head = { size: record.seq, hash: record.prev, hlc: record.hlc, range };
    if (checkNote(deps, publicKey, record, head) === undefined) {
      start = { head, path: stored.segment.path, offset: stored.offset };
    }
  }
  return start;
}

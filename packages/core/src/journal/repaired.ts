import { once } from "@mh/contract/once.ts";
import type { Entry, JournalRecord } from "@mh/contract/values/record.ts";
import { z } from "zod";
import { canonical } from "../model/canonical.ts";
import type { Files } from "../ports/files.ts";
import type { LineCodec } from "../ports/line-codec.ts";
import type { ChainHead } from "./chain.ts";
import type { Checkpoint } from "./checkpoint.ts";
import { keptFiles } from "./kept-log.ts";
import { appendLeaf, type CompactRange, rootOf } from "./merkle.ts";
import { entryOf, shown } from "./sealed-record.ts";
import { allLines, type Branch } from "./survey.ts";
import { type JournalReaderDeps, wholeRecord } from "./walk.ts";

/**
 * What a checkpoint says where a log was repaired: it signs the good beginning, and names all that was found behind it. The
 * records that follow it were taken over from there.
 */
const repairSchema = once(() =>
  z.strictObject({
    /** The folder to which the log was moved as it was. */
    kept: z.string().regex(/^logs\/kept\/[\w-]+$/),
    files: z.array(z.strictObject({ path: z.string(), sha256: z.string() })),
    branches: z.array(
      z.strictObject({ from: z.int(), prev: z.string(), records: z.int().positive(), last: z.string() }),
    ),
    /** How many records after this one are records of the branches, in a new place of the chain. */
    carried: z.int(),
    /** How many outcomes follow these, of commands whose own is lost. */
    ended: z.int(),
    /** Numbers [from, to) of which a record is lost: no other is left, or a branch lacks its own. */
    lost: z.array(z.strictObject({ from: z.int(), to: z.int() })),
    /** What the witness beside the keys said of the log of before. */
    witness: z.string().optional(),
  }),
);
export type Repair = z.infer<ReturnType<typeof repairSchema>>;

/** What a record says of a repair; undefined where it says nothing of one that mh wrote. */
export function repairIn({ phase, body }: Pick<Entry, "phase" | "body">): (Repair & { size: number }) | undefined {
  if (phase !== "checkpoint" || body?.repaired === undefined) return undefined;
  const { data } = repairSchema().safeParse(body.repaired);
  return data && { ...data, size: Number(body.size) };
}

/** Compares what a repair kept with what its record says, and with the records that were taken over. */
export class KeptLog {
  readonly #deps: JournalReaderDeps;
  readonly #files: Files;
  readonly #repair: Repair;
  readonly #head: ChainHead;
  /** What stands in the branches, by what it says without its place. */
  readonly #unseen = new Map<string, number>();
  readonly #records = once(() => this.#read());

  constructor(deps: JournalReaderDeps, files: Files, repair: Repair, head: ChainHead) {
    this.#deps = deps;
    this.#files = keptFiles(files, repair.kept);
    this.#repair = repair;
    this.#head = head;
  }

  /** Why what was kept is not as it was; undefined where it is. */
  fault(): string | undefined {
    const { kept, files } = this.#repair;
    for (const { path, sha256 } of files) {
      const bytes = this.#files.read(path);
      if (!bytes) return `${kept}/${path}, which it kept, is not there`;
      if (this.#deps.crypto.sha256Hex(bytes) !== sha256) return `${kept}/${path} is not what it kept`;
    }
    const records = this.#records();
    for (const branch of this.#repair.branches) {
      const hashes = hashesOf(records, branch);
      if (!hashes) return `a branch in ${kept} that ends in ${branch.last.slice(0, 12)} is not whole`;
      for (const hash of hashes) {
        const { key } = records.get(hash) as Kept;
        this.#unseen.set(key, (this.#unseen.get(key) ?? 0) + 1);
      }
    }
    return undefined;
  }

  /** Whether a record that was taken over stands in a branch. Call it in order, after `fault`. */
  has(record: JournalRecord): boolean {
    const key = this.#keyOf(record);
    const count = this.#unseen.get(key) ?? 0;
    if (count > 0) this.#unseen.set(key, count - 1);
    return count > 0;
  }

  /** Whether a checkpoint was of the log that was kept: of its good beginning and one of the branches behind it. */
  fits({ size, root }: Checkpoint): boolean {
    const records = this.#records();
    const ends: { hash: string; range: CompactRange }[] = [this.#head];
    const isIt = (range: CompactRange) => range.size === size && rootOf(this.#deps.crypto, range) === root;
    for (const branch of this.#repair.branches) {
      for (const start of ends.flatMap((end) => startsOf(this.#deps, end, branch))) {
        let range = start;
        for (const hash of hashesOf(records, branch) ?? []) {
          if (isIt(range)) return true;
          range = appendLeaf(this.#deps.crypto, range, hash);
        }
        if (isIt(range)) return true;
        ends.push({ hash: branch.last, range });
      }
    }
    return false;
  }

  #read(): ReadonlyMap<string, Kept> {
    const records = new Map<string, Kept>();
    const reader = { ...this.#deps, uncover: this.#deps.sealer };
    for (const stored of allLines({ ...reader, files: this.#files })) {
      const record = wholeRecord(reader, stored);
      if (typeof record === "string") continue;
      records.set(record.hash, { seq: record.seq, prev: record.prev, key: this.#keyOf(record) });
    }
    return records;
  }

  /** What a record says and when it was written, however it is sealed. */
  #keyOf(record: JournalRecord): string {
    const { crypto, sealer } = this.#deps;
    const { ts, hlc, boot } = record;
    return crypto.sha256Hex(canonical({ ...entryOf(openedBy(sealer, record)), ts, hlc, boot }));
  }
}

/** What was sealed with another key is compared as it stands. */
function openedBy(sealer: LineCodec | undefined, record: JournalRecord): JournalRecord {
  try {
    return shown(sealer, record);
  } catch {
    return record;
  }
}

interface Kept {
  seq: number;
  prev: string;
  key: string;
}

/** The records of a branch in order, found from its end; undefined where one is missing. */
function hashesOf(records: ReadonlyMap<string, Kept>, { from, prev, records: count, last }: Branch) {
  const hashes: string[] = [];
  let hash = last;
  for (let seq = from + count - 1; seq >= from; seq -= 1) {
    const record = records.get(hash);
    if (record?.seq !== seq) return undefined;
    hashes.push(hash);
    hash = record.prev;
  }
  return hash === prev ? hashes.reverse() : undefined;
}

/** The tree before a branch that follows an end, or all but one record: of that the branch knows the hash. */
function startsOf(
  { crypto }: JournalReaderDeps,
  { hash, range }: { hash: string; range: CompactRange },
  branch: Branch,
) {
  if (branch.from === range.size && branch.prev === hash) return [range];
  return branch.from === range.size + 1 ? [appendLeaf(crypto, range, branch.prev)] : [];
}

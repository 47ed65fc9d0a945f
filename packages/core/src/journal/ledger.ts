import { Fault } from "../model/fault.ts";
import type { Entry, JournalRecord } from "../model/record.ts";
import { decodeLossy, utf8 } from "../ports/bytes.ts";
import type { Clock } from "../ports/clock.ts";
import type { Crypto } from "../ports/crypto.ts";
import type { Database } from "../ports/database.ts";
import type { AppendFile, FileFacts, Files } from "../ports/files.ts";
import { type ChainHead, hlcMs, tick } from "./chain.ts";
import type { Journal, JournalMark } from "./journal.ts";

export const objectsFolder = "logs/objects";

/** What a projection does with what the ledger commits. All of it happens inside the ledger's transaction. */
export interface Projection {
  /** Takes in an entry at once, so that the next command of the same group sees it. */
  fold(db: Database, entry: Entry, now: number): void;
  /** Notes the place of sealed records and where the journal stands. */
  placed(db: Database, records: readonly JournalRecord[], journal: Journal): void;
  /** Notes how a data file looks after our own write. */
  wrote(db: Database, path: string, facts: FileFacts): void;
  /** Brings a projection that fell behind (its disk was full) up to the files again. */
  catchUp(db: Database): void;
}

export interface LedgerDeps {
  journal: Journal;
  files: Files;
  db: Database;
  crypto: Crypto;
  clock: Clock;
  /** Names objects by what they hold without letting short contents be guessed. */
  hmacKey: Uint8Array;
  projection: Projection;
  /** Signs the tree up to a head (C2SP checkpoint); without it no checkpoints are made. */
  signer?: (head: ChainHead) => string;
  /** Size of the journal at its last checkpoint. */
  lastCheckpoint: number;
  /** Called with every group's records once they are on disk. */
  onCommitted?: (records: readonly JournalRecord[]) => void;
}

/** One command's share of a group commit. Nothing of it exists before the group is on disk. */
export interface Transaction {
  readonly db: Database;
  /** Milliseconds; never behind an earlier transaction, even when the clock was set back. */
  readonly now: number;
  /** Adds a record to the journal. Intents of a group go first. */
  append(entry: Entry): void;
  /** Adds a line to a data file. */
  line(path: string, text: string): void;
  /** Rewrites a data file: `change` gets its text as it then stands, lines of this group included. */
  rewrite(path: string, change: (text: string) => string): void;
  /** Stores bytes under their HMAC and returns that name. */
  object(bytes: Uint8Array): string;
  dropObject(name: string): void;
  /** Asks for a signed checkpoint at the end of this group. */
  sign(): void;
  /** Runs once the group is on disk. */
  afterCommit(then: () => void): void;
}

interface Job {
  work: (tx: Transaction) => unknown;
  resolve: (value: unknown) => void;
  reject: (error: unknown) => void;
  outcome?: { value: unknown } | { error: unknown };
}

const jobsPerGroupMax = 512;
const recordsPerCheckpoint = 256;

/**
 * The one writer of a home: runs transactions one after the other, and commits them in groups.
 * Order on disk: intents, data and objects (synced), then everything else of the journal (synced), then the projection.
 * A transaction's promise resolves only after both syncs. When the disk refuses, the whole group is taken back.
 */
export class Ledger implements AsyncDisposable {
  #deps: LedgerDeps;
  #queue: Job[] = [];
  #running: Promise<void> | undefined;
  #open = new Map<string, AppendFile>();
  #reads = new Map<string, Entry>();
  #isStale = false;
  #broken: Fault | undefined;
  #lastCheckpoint: number;

  constructor(deps: LedgerDeps) {
    this.#deps = deps;
    this.#lastCheckpoint = deps.lastCheckpoint;
  }

  /** Runs `work` with the ledger to itself. What `work` throws is thrown here, and leaves no trace. */
  transact<T>(work: (tx: Transaction) => T): Promise<T> {
    return new Promise<T>((resolve, reject) => {
      this.#queue.push({ work, resolve: resolve as (value: unknown) => void, reject });
      this.#running ??= this.#drain();
    });
  }

  /** Notes a read of the owner; equal ones become one record with a count, written with the next group or at the end. */
  noteRead(entry: Entry): void {
    const key = `${entry.principal} ${entry.skill}`;
    const earlier = this.#reads.get(key);
    this.#reads.set(key, { ...entry, count: (earlier?.count ?? 0) + (entry.count ?? 1) });
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#running;
    if (this.#reads.size > 0 && !this.#broken) await this.transact(() => undefined);
    for (const file of this.#open.values()) file[Symbol.dispose]();
    this.#open.clear();
  }

  async #drain(): Promise<void> {
    // A turn of the event loop lets everything that arrives together share one sync.
    await Promise.resolve();
    try {
      while (this.#queue.length > 0) await this.#commit(this.#queue.splice(0, jobsPerGroupMax));
    } finally {
      // In the same step as the last look at the queue: nothing can be queued in between and be forgotten.
      this.#running = undefined;
    }
  }

  async #commit(jobs: Job[]): Promise<void> {
    const { db, journal, projection } = this.#deps;
    if (this.#broken) return rejectAll(jobs, this.#broken);
    let group: Group | undefined;
    try {
      if (this.#isStale) projection.catchUp(db);
      this.#isStale = false;
      journal.rotate();
      db.exec("BEGIN IMMEDIATE");
      group = new Group(this.#deps, [...this.#reads.values()]);
      for (const read of group.rest) projection.fold(db, read, group.now);
      for (const job of jobs) group.run(job);
      await this.#write(group);
    } catch (error) {
      this.#takeBack(group);
      return rejectAll(jobs, error);
    }
    this.#reads.clear();
    this.#finish(group);
    for (const job of jobs) settle(job);
    this.#deps.onCommitted?.(group.records);
  }

  /** Puts the group on disk; throws with nothing of it acknowledged. */
  async #write(group: Group): Promise<void> {
    const { journal, files } = this.#deps;
    const { intents, rest } = group;
    if (group.hasData) {
      if (intents.length > 0) group.records.push(...journal.append(intents));
      for (const [name, bytes] of group.objects) files.replace(`${objectsFolder}/${name}`, bytes);
      const touched = [...group.lines].map(([path, lines]) => this.#appendTo(group, path, lines));
      await Promise.all(touched.map((file) => file.sync()));
      for (const [path, changes] of group.rewrites) this.#rewrite(group, path, changes);
      if (rest.length > 0) group.records.push(...journal.append(rest));
    } else if (intents.length + rest.length > 0) {
      group.records.push(...journal.append([...intents, ...rest]));
    }
    this.#sign(group);
    if (group.records.length > 0) await journal.sync();
  }

  /** A checkpoint is due every 256 records, or when a transaction asked for one. */
  #sign(group: Group): void {
    const { signer, journal, crypto, projection, db } = this.#deps;
    const { head } = journal;
    const isDue = head.size - this.#lastCheckpoint >= recordsPerCheckpoint;
    if (!signer || !(isDue || group.isToBeSigned)) return;
    const body = { note: signer(head), size: head.size, roots: head.range.roots };
    const entry: Entry = { phase: "checkpoint", id: crypto.id(), principal: "owner", body };
    projection.fold(db, entry, group.now);
    group.records.push(...journal.append([entry]));
  }

  #appendTo(group: Group, path: string, lines: readonly string[]): AppendFile {
    let file = this.#open.get(path);
    if (!file) {
      if (this.#open.size >= 8) this.#closeAll();
      file = this.#deps.files.open(path);
      this.#open.set(path, file);
    }
    group.sizes.set(path, file.size);
    file.append(utf8.encode(lines.join("")));
    return file;
  }

  #rewrite(group: Group, path: string, changes: readonly ((text: string) => string)[]): void {
    this.#open.get(path)?.[Symbol.dispose]();
    this.#open.delete(path);
    const before = this.#deps.files.read(path) ?? new Uint8Array();
    const text = changes.reduce((now, change) => change(now), decodeLossy(before));
    this.#deps.files.replace(path, utf8.encode(text));
    group.befores.set(path, before.subarray(0, group.sizes.get(path) ?? before.length));
  }

  /** The truth is on disk: a projection that cannot follow now catches up before the next group. */
  #finish(group: Group): void {
    const { db, projection, journal, files } = this.#deps;
    try {
      const signed = group.records.findLast((record) => record.phase === "checkpoint");
      if (signed) this.#lastCheckpoint = signed.seq;
      for (const name of group.dropped) files.remove(`${objectsFolder}/${name}`);
      if (group.records.length > 0) projection.placed(db, group.records, journal);
      for (const path of [...group.lines.keys(), ...group.rewrites.keys()]) {
        const facts = files.facts(path);
        if (facts) projection.wrote(db, path, facts);
      }
      db.exec("COMMIT");
      // What was forgotten must not live on in SQLite's log.
      if (group.rewrites.size > 0) db.pragma("wal_checkpoint(TRUNCATE)");
      for (const then of group.after) then();
    } catch {
      this.#isStale = true;
      rollback(db);
    }
  }

  #takeBack(group: Group | undefined): void {
    try {
      rollback(this.#deps.db);
      if (!group) return;
      for (const [path, size] of group.sizes) this.#open.get(path)?.truncate(size);
      for (const [path, bytes] of group.befores) this.#deps.files.replace(path, bytes);
      this.#deps.journal.rollback(group.mark);
    } catch (error) {
      const why = "The disk failed while a write was being taken back; open the home again to recover.";
      this.#broken = new Fault("disk.failed", why, { cause: error });
    }
  }

  #closeAll(): void {
    for (const file of this.#open.values()) file[Symbol.dispose]();
    this.#open.clear();
  }
}

/** What a group of transactions is about to write. */
class Group {
  readonly intents: Entry[] = [];
  readonly rest: Entry[];
  readonly lines = new Map<string, string[]>();
  readonly rewrites = new Map<string, ((text: string) => string)[]>();
  /** Data files as they were before this group rewrote them. */
  readonly befores = new Map<string, Uint8Array>();
  readonly objects = new Map<string, Uint8Array>();
  readonly dropped = new Set<string>();
  readonly records: JournalRecord[] = [];
  /** How long the data files were before this group appended to them. */
  readonly sizes = new Map<string, number>();
  readonly mark: JournalMark;
  readonly #deps: LedgerDeps;
  readonly after: (() => void)[] = [];
  isToBeSigned = false;
  readonly now: number;

  constructor(deps: LedgerDeps, reads: Entry[]) {
    this.#deps = deps;
    this.rest = reads;
    this.mark = deps.journal.mark();
    this.now = hlcMs(tick(this.mark.head.hlc, deps.clock.now()));
  }

  get hasData(): boolean {
    return this.lines.size + this.rewrites.size + this.objects.size + this.dropped.size > 0;
  }

  /** Runs one transaction; when it throws, everything it staged is dropped and its neighbours stay. */
  run(job: Job): void {
    const { db, crypto, hmacKey, projection } = this.#deps;
    const staged: (() => void)[] = [];
    const tx: Transaction = {
      db,
      now: this.now,
      append: (entry) => {
        projection.fold(db, entry, this.now);
        // An approval's yes goes with the intent it allows: neither is ever on disk without the other.
        const isFirst = entry.phase === "intent" || entry.phase === "approve";
        staged.push(() => (isFirst ? this.intents : this.rest).push(entry));
      },
      line: (path, text) => staged.push(() => addTo(this.lines, path, `${text}\n`)),
      rewrite: (path, change) => staged.push(() => addTo(this.rewrites, path, change)),
      object: (bytes) => {
        const name = crypto.hmacHex(hmacKey, bytes);
        staged.push(() => this.objects.set(name, bytes));
        return name;
      },
      dropObject: (name) => staged.push(() => this.dropped.add(name)),
      sign: () => {
        this.isToBeSigned = true;
      },
      afterCommit: (then) => staged.push(() => this.after.push(then)),
    };
    db.exec("SAVEPOINT job");
    try {
      job.outcome = { value: job.work(tx) };
    } catch (error) {
      job.outcome = { error };
      staged.length = 0;
      // A full disk makes SQLite give up the whole transaction, and the group with it.
      if (!db.inTransaction()) throw error;
      db.exec("ROLLBACK TO job");
    }
    db.exec("RELEASE job");
    for (const stage of staged) stage();
  }
}

function addTo<T>(map: Map<string, T[]>, key: string, value: T): void {
  const list = map.get(key);
  if (list) list.push(value);
  else map.set(key, [value]);
}

function settle(job: Job): void {
  const { outcome } = job;
  if (outcome && "value" in outcome) job.resolve(outcome.value);
  else job.reject(outcome?.error);
}

function rejectAll(jobs: readonly Job[], error: unknown): void {
  for (const job of jobs) job.reject(error);
}

/** SQLite has rolled back by itself where its own write failed. */
function rollback(db: Database): void {
  if (db.inTransaction()) db.exec("ROLLBACK");
}

import { Fault } from "@mh/contract/values/fault.ts";
import type { Entry, JournalRecord } from "@mh/contract/values/record.ts";
import { type Parts, utf8, wholeOf } from "../ports/bytes.ts";
import type { Crypto } from "../ports/crypto.ts";
import type { Database } from "../ports/database.ts";
import { type AppendFile, endsWithinLine, type FileFacts, type Files } from "../ports/files.ts";
import type { ChainHead } from "./chain.ts";
import { checkpointEntry } from "./checkpoint.ts";
import type { ClockWatch, Reading } from "./clock-watch.ts";
import { type Content, type Erasure, Group, type Job } from "./group.ts";
import type { Journal } from "./journal.ts";
import { objectsFolder } from "./objects-folder.ts";
import type { Transaction } from "./transaction.ts";

/** What a projection does with what the ledger commits. All of it happens inside the ledger's transaction. */
export interface Projection {
  /** Opens a transaction that nobody else's stands in the way of; gives what the journal has to say of what was found. */
  begin(): Entry[];
  /** Takes in an entry at once, so that the next command of the same group sees it. */
  fold(db: Database, entry: Entry, now: number): void;
  /** Notes the place of sealed records and where the journal stands. */
  placed(db: Database, records: readonly JournalRecord[], journal: Journal): void;
  /** Whether a data file still looks as it was noted; else somebody wrote to it by hand, and it has not been looked at since. */
  isAsLeft(db: Database, path: string, facts: FileFacts | undefined): boolean;
  /** Notes how a data file looks after our own write; undefined when it was removed. */
  wrote(db: Database, path: string, facts: FileFacts | undefined): void;
  /** What was taken out for good must not live on in the projection's own log. */
  emptyLog(): void;
  /** The last thing before the commit. */
  committing(now: Reading): void;
  /** The transaction is over, committed or not. */
  ended(): void;
  /** Brings a projection that fell behind (its disk was full) up to the files again. */
  catchUp(): void;
}

export interface LedgerDeps {
  journal: Journal;
  files: Files;
  db: Database;
  crypto: Crypto;
  clock: ClockWatch;
  /** Names objects by what they hold without letting short contents be guessed. */
  hmacKey: Uint8Array;
  /** Marks the lines of data files as written by a command. */
  lineKey: Uint8Array;
  projection: Projection;
  /** Whether the home is still held; always where it is left out. */
  isHeld?: () => boolean;
  /** Signs the tree up to a head (C2SP checkpoint); without it no checkpoints are made. */
  signer?: (head: ChainHead) => string;
  /** Size of the journal at its last checkpoint. */
  lastCheckpoint: number;
  /** Asked before each group: what has to be on disk before anything of it. Never throws. */
  first?: () => First | undefined;
  /** Called with every group's records once they are on disk. */
  onCommitted?: (records: readonly JournalRecord[]) => void;
}

/** What is written by itself, because what comes next could take away what it tells of. */
export interface First {
  work: (tx: Transaction) => void;
  /** Called once it is on disk, or with what kept it from there. */
  ended: (failed?: { error: unknown }) => void;
  /** Whether a file has to stay as it is until this is on disk. */
  guards: (path: string) => boolean;
}

interface Between {
  work: () => void;
  reject: (error: unknown) => void;
}

/** Files that nothing may change, and why. */
interface Barred extends Pick<First, "guards"> {
  error: unknown;
}

const jobsPerGroupMax = 512;
/** What a group writes before it begins no further transaction: none waits for more than so much, and one of the largest. */
const bytesPerGroup = 128 * 1024;
const recordsPerCheckpoint = 256;

/**
 * The one writer of a home: runs transactions one after the other, and commits them in groups.
 * Order on disk: intents (synced), objects and data (synced), everything else of the journal (synced), the projection.
 * A transaction's promise resolves only after all of them. When the disk refuses, the whole group is taken back; where that
 * cannot be done either, `EndNotKnown` says so.
 */
export class Ledger implements AsyncDisposable {
  #deps: LedgerDeps;
  #queue: Job[] = [];
  #between: Between[] = [];
  #running: Promise<void> | undefined;
  #open = new Map<string, AppendFile>();
  #reads = new Map<string, Entry>();
  #isStale = false;
  /** What a group wrote and could not be taken back yet. Nothing is written before it is. */
  #owed: Group | undefined;
  /** Objects that nobody needs any more and that the disk did not let go of yet. */
  readonly #toDrop = new Set<string>();
  #isClosed = false;
  #isJudging = false;
  #lastCheckpoint: number;

  constructor(deps: LedgerDeps) {
    this.#deps = deps;
    this.#lastCheckpoint = deps.lastCheckpoint;
  }

  /** Whether the log holds what nobody was told is done, because the disk did not let it be taken back. */
  get isOwing(): boolean {
    return this.#owed !== undefined;
  }

  /** Whether a group's commands are being judged and written: by what does not change under them. */
  get isJudging(): boolean {
    return this.#isJudging;
  }

  /** Runs `work` with the ledger to itself. What `work` throws is thrown here, and leaves no trace. */
  transact<T>(work: (tx: Transaction) => T): Promise<T> {
    if (this.#isClosed) return Promise.reject(closed());
    return new Promise<T>((resolve, reject) => {
      this.#queue.push({ work, resolve: resolve as (value: unknown) => void, reject, after: [] });
      this.#running ??= this.#drain();
    });
  }

  /** Runs `work` between two groups: nothing of ours is half written then. What it throws is thrown here. */
  between<T>(work: () => T): Promise<T> {
    if (this.#isClosed) return Promise.reject(closed());
    return new Promise<T>((resolve, reject) => {
      this.#between.push({ work: () => resolve(work()), reject });
      this.#running ??= this.#drain();
    });
  }

  /** Notes a read of the owner; equal ones become one record with a count, written with the next group or at the end. */
  noteRead(entry: Entry): void {
    const key = `${entry.principal} ${entry.skill}`;
    const earlier = this.#reads.get(key);
    this.#reads.set(key, { ...entry, count: (earlier?.count ?? 0) + (entry.count ?? 1) });
  }

  /** What was given to it before is committed; what comes after is refused. */
  async [Symbol.asyncDispose](): Promise<void> {
    const isLeft = this.#reads.size > 0 || this.#owed !== undefined;
    const last = this.#isClosed || !isLeft ? undefined : this.transact(() => undefined);
    this.#isClosed = true;
    // A count of reads is bookkeeping: without it the home is closed all the same.
    await last?.catch(() => undefined);
    await this.#running;
    this.#closeAll();
  }

  async #drain(): Promise<void> {
    // A turn of the event loop lets everything that arrives together share one sync.
    await Promise.resolve();
    try {
      while (this.#queue.length + this.#between.length > 0) {
        for (const work of this.#between.splice(0)) await this.#unowed(work);
        if (this.#queue.length > 0) await this.#commitNext();
      }
    } finally {
      // In the same step as the last look at the queue: nothing can be queued in between and be forgotten.
      this.#running = undefined;
    }
  }

  /** Nothing of a group that is to be taken back may be read for done. */
  async #unowed({ work, reject }: Between): Promise<void> {
    try {
      await this.#takeBackOwed();
      work();
    } catch (error) {
      reject(error);
    }
  }

  async #commitNext(): Promise<void> {
    let barred: Barred | undefined;
    for (let first = this.#deps.first?.(); first && !barred; first = this.#deps.first?.())
      barred = await this.#commitFirst(first);
    this.#isJudging = true;
    await this.#commit(this.#queue.splice(0, jobsPerGroupMax), barred);
  }

  /** Gives what may not be changed now, where it could not be put on disk. */
  async #commitFirst({ work, ended, guards }: First): Promise<Barred | undefined> {
    let barred: Barred | undefined;
    const reject = (error: unknown) => {
      // Of what waited for it nothing is written, whatever became of it.
      barred = { guards, error: error instanceof EndNotKnown ? error.cause : error };
    };
    await this.#commit([{ work, resolve: () => undefined, reject, after: [] }]);
    ended(barred);
    return barred;
  }

  async #commit(jobs: Job[], barred?: Barred): Promise<void> {
    const { db, journal, projection, clock } = this.#deps;
    let group: Group | undefined;

    try {
      await this.#takeBackOwed();
      this.#mustHold();
      if (this.#isStale) projection.catchUp();
      this.#isStale = false;
      journal.rotate();
      const found = projection.begin();
      const now = clock.read();
      const jump = clock.entry(now);
      group = new Group(this.#deps, now, [...(jump ? [jump] : []), ...found], [...this.#reads.values()]);
      for (const entry of [...group.intents, ...group.rest]) projection.fold(db, entry, group.now);
      this.#run(group, jobs);
      if (barred && group.changed().some(barred.guards)) throw barred.error;
      await this.#write(group);
    } catch (error) {
      this.#isJudging = false;
      const isTakenBack = !group || (await this.#isTakenBack(group));
      const fault = isTakenBack ? error : new EndNotKnown(error);
      try {
        rollback(db);
        // What is owed still stands in the log, and must not be folded.
        if (isTakenBack) projection.ended();
        else this.#isStale = true;
      } catch {
        this.#isStale = true;
      }
      return rejectAll(jobs, fault);
    }
    this.#isJudging = false;
    this.#reads.clear();
    clock.keep(group.clock);
    this.#finish(group);
    for (const job of jobs) settle(job);
    this.#deps.onCommitted?.(group.records);
  }

  /** What is too much for one group waits for the next, before whatever came meanwhile: it was asked for first. */
  #run(group: Group, jobs: Job[]): void {
    let count = 0;
    for (; count < jobs.length && !group.isEnded && group.sizeBytes < bytesPerGroup; count += 1)
      group.run(jobs[count] as Job);
    this.#queue.unshift(...jobs.splice(count));
  }

  /** Puts the group on disk; throws with nothing of it acknowledged. What it takes to undo a step is on disk before the step. */
  async #write(group: Group): Promise<void> {
    const { journal } = this.#deps;
    const { intents, rest } = group;
    if (group.hasData && intents.length > 0) {
      group.stage = "intents";
      group.records.push(...journal.append(intents, group.now));
      await journal.sync();
    }
    group.afterIntents = journal.mark();
    if (group.hasData) {
      if (intents.length > 0) this.#mustHold();
      group.stage = "data";
      await this.#writeData(group);
    }
    if (group.hasData) this.#mustHold();
    group.stage = "outcomes";
    const entries = group.hasData ? rest : [...intents, ...rest];
    if (entries.length > 0) group.records.push(...journal.append(entries, group.now));
    this.#sign(group);
    if (group.records.length > 0) await journal.sync();
  }

  async #writeData(group: Group): Promise<void> {
    const { files } = this.#deps;
    for (const [name, bytes] of group.objects) {
      const path = `${objectsFolder}/${name}`;
      // Named by what it holds: what is there is the same.
      if (files.facts(path)) continue;
      group.befores.set(path, undefined);
      files.replace(path, bytes);
    }
    const touched = [...group.lines].map(([path, lines]) => this.#appendTo(group, path, lines));
    await Promise.all(touched.map((file) => file.sync()));
    if (this.#open.size > openFilesMax) this.#closeAll();
    for (const [path, bytes] of group.files) this.#replace(group, path, () => bytes);
    for (const [path, changes] of group.erasures) {
      if (!group.sizes.has(path)) this.#isEdited(group, path);
      this.#replace(group, path, (before) => erased(before, changes));
    }
    for (const name of group.dropped) this.#replace(group, `${objectsFolder}/${name}`, () => undefined);
  }

  /** A checkpoint is due every 256 records, or when a transaction asked for one. */
  #sign(group: Group): void {
    const { signer, journal, crypto, projection, db } = this.#deps;
    const { head } = journal;
    const isDue = head.size - this.#lastCheckpoint >= recordsPerCheckpoint;
    if (!signer || !(isDue || group.isToBeSigned)) return;
    const entry = checkpointEntry(crypto, head, signer(head));
    projection.fold(db, entry, group.now);
    group.records.push(...journal.append([entry], group.now));
  }

  #appendTo(group: Group, path: string, lines: readonly string[]): AppendFile {
    const isEdited = this.#isEdited(group, path);
    // An editor puts another file in its place, or cuts it: what is appended to the former one nobody ever reads.
    if (isEdited || this.#open.get(path)?.isOwn === false) this.#close(path);
    // Whatever is noted of it: it may have been read again since, as it was left by hand.
    const gap = endsWithinLine(this.#deps.files, path) ? "\n" : "";
    const file = this.#opened(path);
    group.sizes.set(path, file.size);
    file.append(utf8.encode(gap + lines.join("")));
    return file;
  }

  #isEdited(group: Group, path: string): boolean {
    const { db, projection, files } = this.#deps;
    const isEdited = !projection.isAsLeft(db, path, files.facts(path));
    if (isEdited) group.edited.add(path);
    return isEdited;
  }

  #replace(group: Group, path: string, change: (before: Uint8Array) => Content | Parts | undefined): void {
    const { files } = this.#deps;
    this.#close(path);
    const before = files.read(path);
    // Its lines of this group may be among them already, as the last.
    const added = group.sizes.has(path) ? utf8.encode(group.lines.get(path)?.join("")).length : 0;
    const beforeGroup = before?.subarray(0, before.length - added);
    const after = change(before ?? new Uint8Array());
    if (!group.befores.has(path)) group.befores.set(path, beforeGroup);
    if (after) files.replace(path, typeof after === "function" ? after() : after);
    else files.remove(path);
  }

  /** The truth is on disk: a projection that cannot follow now catches up before the next group. */
  #finish(group: Group): void {
    const { db, projection, journal, files } = this.#deps;
    const signed = group.records.findLast((record) => record.phase === "checkpoint");
    if (signed) this.#lastCheckpoint = signed.seq;
    try {
      if (group.records.length > 0) projection.placed(db, group.records, journal);
      // What was edited by hand just before is no write of ours: it is read again.
      for (const path of group.changed()) if (!group.edited.has(path)) projection.wrote(db, path, files.facts(path));
      projection.committing(group.clock);
      db.exec("COMMIT");
      if (group.erasures.size > 0) projection.emptyLog();
    } catch {
      this.#isStale = true;
      rollback(db);
    }
    try {
      projection.ended();
    } catch {
      this.#isStale = true;
    }
    // Needed again.
    for (const name of group.objects.keys()) this.#toDrop.delete(name);
    for (const name of group.droppedAfter) this.#toDrop.add(name);
    this.#drop();
  }

  /** What a disk that fails does not let go of is tried again after the next group. */
  #drop(): void {
    for (const name of this.#toDrop) {
      try {
        this.#deps.files.remove(`${objectsFolder}/${name}`);
        this.#toDrop.delete(name);
      } catch {
        return;
      }
    }
  }

  /** Whether nothing of a group that failed can be found done. What could not be taken back is owed. */
  async #isTakenBack(group: Group): Promise<boolean> {
    this.#owed = group;
    try {
      await this.#takeBackOwed();
    } catch {
      // The next one to write tries again, and is refused until it is done.
    }
    return group.stage === "nothing";
  }

  /** Takes back in the opposite order, each step on disk before the next: no outcome without its data, no data without its intent. */
  async #takeBackOwed(): Promise<void> {
    const group = this.#owed;
    if (!group) return;
    const { journal } = this.#deps;
    // What somebody else wrote meanwhile would be cut off with it.
    if (this.#deps.isHeld?.() === false) throw new HomeLost();
    if (group.stage === "outcomes") {
      journal.rollback(group.afterIntents ?? group.mark);
      await journal.sync();
      group.stage = group.hasData ? "data" : "nothing";
    }
    if (group.stage === "data") {
      await this.#takeDataBack(group);
      group.stage = "intents";
    }
    if (group.stage === "intents") {
      journal.rollback(group.mark);
      // An intent without its data was interrupted; an approval that is found stands.
      await journal.sync();
      group.stage = "nothing";
    }
    this.#owed = undefined;
  }

  async #takeDataBack(group: Group): Promise<void> {
    const { files } = this.#deps;
    const befores = [...group.befores].reverse();
    const isNew = ([path, bytes]: [string, unknown]) =>
      group.objects.has(path.slice(objectsFolder.length + 1)) && !bytes;
    const hasLines = ([path]: [string, unknown]) => group.sizes.has(path);
    const put = ([path, bytes]: [string, Uint8Array | undefined]) => {
      this.#close(path);
      if (bytes) files.replace(path, bytes);
      else files.remove(path);
    };
    // Lines tell what is done: after what they took away, so that it is done again, and before the objects that they need.
    const old = befores.filter((each) => !isNew(each));
    for (const each of [...old.filter((each) => !hasLines(each)), ...old.filter(hasLines)]) put(each);
    for (const [path, size] of group.sizes) {
      if (group.befores.has(path)) continue;
      const file = this.#opened(path);
      file.truncate(size);
      await file.sync();
    }
    for (const each of befores.filter(isNew)) put(each);
  }

  /** A lock that was removed keeps nobody out, and a log that is another one is somebody else's to go on with. */
  #mustHold(): void {
    const { isHeld, journal } = this.#deps;
    if (isHeld && !(isHeld() && journal.isOwn)) throw new HomeLost();
  }

  #opened(path: string): AppendFile {
    const file = this.#open.get(path) ?? this.#deps.files.open(path);
    this.#open.set(path, file);
    return file;
  }

  #close(path: string): void {
    this.#open.get(path)?.[Symbol.dispose]();
    this.#open.delete(path);
  }

  #closeAll(): void {
    for (const file of this.#open.values()) file[Symbol.dispose]();
    this.#open.clear();
  }
}

/** The disk failed, and whether a group is on it cannot be said before the home is opened again. */
export class EndNotKnown extends Fault {
  constructor(cause: unknown) {
    const code =
      cause instanceof Fault && (cause.code === "disk.full" || cause.code === "home.lost") ? cause.code : "disk.failed";
    super(code, endings[code], { cause });
  }
}

const endings = {
  "disk.full": "The disk is full",
  "disk.failed": "The disk failed",
  "home.lost": "The home was taken away from this process",
};

/** The home is no longer this process's own: whatever it would write now, somebody else may be writing. */
class HomeLost extends Fault {
  constructor() {
    const why = "the lock in its run folder, its log or the whole folder was removed or replaced";
    super("home.lost", `This process no longer holds the home: ${why}. Nothing of this was written; try again.`);
  }
}

const openFilesMax = 8;
const closed = () =>
  new Fault("stopped", "The home was being closed, and nothing of this was written. Try again once it is open.");

/** It is on disk; where what comes after it is refused, nobody can say that all of it is done. */
function settle({ outcome, after, resolve, reject }: Job): void {
  if (!outcome || "error" in outcome) return reject(outcome?.error);
  let failed: { error: unknown } | undefined;
  for (const then of after) {
    try {
      then();
    } catch (error) {
      failed ??= { error };
    }
  }
  if (failed) return reject(new EndNotKnown(failed.error));
  resolve(outcome.value);
}

/** What threw by itself staged nothing: its end is known, whatever became of the others. */
function rejectAll(jobs: readonly Job[], error: unknown): void {
  for (const { reject, outcome } of jobs)
    reject(error instanceof EndNotKnown && outcome && "error" in outcome ? outcome.error : error);
}

function erased(before: Uint8Array, changes: readonly Erasure[]): Parts | undefined {
  let bytes: Parts | undefined = before;
  for (const change of changes) bytes = change(wholeOf(bytes ?? new Uint8Array()));
  return bytes;
}

/** SQLite has rolled back by itself where its own write failed. */
function rollback(db: Database): void {
  if (db.inTransaction()) db.exec("ROLLBACK");
}

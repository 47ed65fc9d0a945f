import { Fault } from "@mh/contract/values/fault.ts";
import type { Entry, JournalRecord } from "@mh/contract/values/record.ts";
import { joined, type Parts, utf8 } from "../ports/bytes.ts";
import type { Reading } from "./clock-watch.ts";
import { isAnswer } from "./is-answer.ts";
import type { JournalMark } from "./journal.ts";
import type { LedgerDeps } from "./ledger.ts";
import { lineSum } from "./line-sum.ts";
import { objectsFolder } from "./objects-folder.ts";
import type { Changes, Transaction } from "./transaction.ts";

export interface Job {
  work: (tx: Transaction) => unknown;
  resolve: (value: unknown) => void;
  reject: (error: unknown) => void;
  /** Runs once it is on disk, in order. */
  after: (() => void)[];
  outcome?: { value: unknown } | { error: unknown };
}

/** A whole file: its bytes, or what gives them a part at a time. */
export type Content = Uint8Array | (() => Iterable<Uint8Array>);

export type Erasure = (bytes: Uint8Array) => Parts | undefined;

/** What a group of transactions is about to write. */
export class Group {
  readonly intents: Entry[];
  readonly rest: Entry[];
  readonly lines = new Map<string, string[]>();
  readonly erasures = new Map<string, Erasure[]>();
  /** Whole files as this group leaves them. */
  readonly files = new Map<string, Content | undefined>();
  /** Files as they were before this group replaced them. */
  readonly befores = new Map<string, Uint8Array | undefined>();
  readonly objects = new Map<string, Uint8Array>();
  /** Objects that go with the data: what is forgotten is gone before anybody is told so. */
  readonly dropped = new Set<string>();
  /** Objects that go once it is on disk that their command is done: one that is taken back still needs them. */
  readonly droppedAfter = new Set<string>();
  readonly records: JournalRecord[] = [];
  /** How long the data files were before this group appended to them. */
  readonly sizes = new Map<string, number>();
  /** Files of lines that somebody edited by hand since they were last looked at. */
  readonly edited = new Set<string>();
  readonly mark: JournalMark;
  afterIntents: JournalMark | undefined;
  /** How far it has come on disk. */
  stage: "nothing" | "intents" | "data" | "outcomes" = "nothing";
  readonly #deps: LedgerDeps;
  isToBeSigned = false;
  /** Of what its transactions wrote, also of those that were dropped: it tells how long they took. */
  sizeBytes = 0;
  /** No further transaction joins it: the last one wrote what others are judged by, or a file that is made anew when it is written. */
  isEnded = false;
  readonly clock: Required<Reading>;
  readonly now: number;

  /** `first`: what is on disk before anything else, for all that follows is told by it. */
  constructor(deps: LedgerDeps, clock: Required<Reading>, first: Entry[], reads: Entry[]) {
    this.#deps = deps;
    this.clock = clock;
    this.now = clock.ms;
    this.intents = first;
    this.rest = reads;
    this.mark = deps.journal.mark();
  }

  get hasData(): boolean {
    return this.lines.size + this.files.size + this.erasures.size + this.objects.size + this.dropped.size > 0;
  }

  /** Every file that it adds to, writes or takes from, once. */
  changed(): string[] {
    return [...new Set([...this.lines.keys(), ...this.files.keys(), ...this.erasures.keys()])];
  }

  /** Runs one transaction; when it throws, everything it staged is dropped and its neighbours stay. */
  run(job: Job): void {
    const { db, projection } = this.#deps;
    const staged: (() => void)[] = [];
    const written = new Map<string, Content | undefined>();
    let changes: Changes = { lines: 0, files: [] };
    const firsts: Entry[] = [];
    const drops: string[] = [];
    let isErasing = false;
    const { crypto, lineKey } = this.#deps;
    const object = (bytes: Uint8Array): string => {
      const name = this.#nameOf(bytes);
      this.sizeBytes += bytes.length;
      staged.push(() => {
        this.objects.set(name, bytes);
        // Dropped by an earlier one, and needed again.
        this.droppedAfter.delete(name);
        this.dropped.delete(name);
      });
      return name;
    };
    const read = (path: string): Uint8Array | undefined =>
      written.has(path) ? bytesOf(written.get(path)) : this.#read(path);
    const tx: Transaction = {
      db,
      now: this.now,
      append: (entry, isBeforeData = entry.phase === "intent" || isAnswer(entry)) => {
        projection.fold(db, entry, this.now);
        if (isBeforeData) return void firsts.push(entry);
        changes.records ??= [];
        changes.records.push(entry);
        staged.push(() => {
          this.rest.push(entry);
          this.isEnded ||= !judgesNobody.has(entry.phase);
        });
      },
      line: (path, text) => {
        changes.lines += 1;
        this.sizeBytes += text.length;
        changes.sums ??= [];
        changes.sums.push(lineSum(crypto, lineKey, text));
        staged.push(() => addTo(this.lines, path, `${text}\n`));
      },
      erase: (path, change) => {
        isErasing = true;
        staged.push(() => addTo(this.erasures, path, change));
      },
      eraseFile: (path) => {
        changes.erased ??= [];
        changes.erased.push(object(utf8.encode(path)));
        tx.erase(path, () => undefined);
      },
      read,
      write: (path, bytes, byHand = false) => {
        const before = read(path);
        const file = object(utf8.encode(path));
        const known = changes.files.findIndex((each) => each.file === file);
        const first = changes.files[known]?.before ?? (known === -1 && before ? object(before) : null);
        const after = bytes ? this.#nameOf(bytes) : null;
        changes.files.splice(known === -1 ? changes.files.length : known, 1, {
          ...{ file, before: first, after },
          ...(byHand && { byHand }),
        });
        written.set(path, bytes);
        this.sizeBytes += bytes?.length ?? 0;
        staged.push(() => this.files.set(path, bytes));
      },
      writeParts: (path, parts) => {
        if (read(path)) throw new Error(`${path} is there already.`);
        const hmac = crypto.hmac(this.#deps.hmacKey);
        for (const part of parts()) hmac.add(part);
        const after = hmac.hex();
        changes.files.push({ file: object(utf8.encode(path)), before: null, after });
        const again = () => this.#sameParts(path, parts, after);
        written.set(path, again);
        staged.push(() => {
          this.files.set(path, again);
          // They are made anew when they are written: whatever came behind it in this group could change them.
          this.isEnded = true;
        });
      },
      takeChanges: () => {
        const taken = changes;
        changes = { lines: 0, files: [] };
        return taken;
      },
      object,
      readObject: (name) => this.objects.get(name) ?? this.#deps.files.read(`${objectsFolder}/${name}`),
      dropObject: (name) => {
        changes.dropped ??= [];
        changes.dropped.push(name);
        drops.push(name);
      },
      eraseObject: (name) => {
        isErasing = true;
        changes.forgets = true;
        tx.dropObject(name);
      },
      sign: () => {
        this.isToBeSigned = true;
      },
      afterCommit: (then) => staged.push(() => job.after.push(then)),
    };
    db.exec("SAVEPOINT job");
    try {
      job.outcome = { value: job.work(tx) };
      staged.push(() => this.intents.push(...answersFirst(firsts)));
      for (const name of drops) staged.push(() => void (isErasing ? this.dropped : this.droppedAfter).add(name));
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

  #read(path: string): Uint8Array | undefined {
    return this.files.has(path) ? bytesOf(this.files.get(path)) : this.#deps.files.read(path);
  }

  *#sameParts(path: string, parts: () => Iterable<Uint8Array>, name: string): Generator<Uint8Array> {
    const hmac = this.#deps.crypto.hmac(this.#deps.hmacKey);
    for (const part of parts()) {
      hmac.add(part);
      yield part;
    }
    if (hmac.hex() !== name)
      throw new Fault("disk.failed", `${path} would not be what its intent says. Nothing of it was written.`);
  }

  #nameOf(bytes: Uint8Array): string {
    return this.#deps.crypto.hmacHex(this.#deps.hmacKey, bytes);
  }
}

/**
 * Records by which no other command is judged, but for how often somebody did something, which is the same whatever came first.
 * Any other one ends its group: on disk the intents of a group stand before it, and one of a later transaction would have been
 * judged by what comes behind it in the log.
 */
const judgesNobody: ReadonlySet<Entry["phase"]> = new Set<Entry["phase"]>([
  "outcome",
  "deny",
  "ask",
  "archive",
  "decide",
  "reason",
  "chat",
  "matched",
]);

const bytesOf = (content: Content | undefined): Uint8Array | undefined =>
  typeof content === "function" ? joined([...content()]) : content;

/** An answer goes after the intent of the command that gave it, and before the intent that it lets run. */
function answersFirst(firsts: readonly Entry[]): Entry[] {
  const answer = firsts.find(isAnswer);
  const own = firsts.filter(({ id, phase }) => phase === "intent" && id === answer?.id);
  return [...own, ...firsts.filter((entry) => !own.includes(entry))];
}

function addTo<T>(map: Map<string, T[]>, key: string, value: T): void {
  const list = map.get(key);
  if (list) list.push(value);
  else map.set(key, [value]);
}

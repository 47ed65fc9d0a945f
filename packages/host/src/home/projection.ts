import * as fs from "node:fs";
import type { Entry, JournalRecord } from "@mh/contract/values/record.ts";
import type { DocumentKind } from "@mh/core/documents/document.ts";
import { type ChainHead, emptyHead } from "@mh/core/journal/chain.ts";
import type { Reading } from "@mh/core/journal/clock-watch.ts";
import type { Journal } from "@mh/core/journal/journal.ts";
import type { Projection } from "@mh/core/journal/ledger.ts";
import { rootOf } from "@mh/core/journal/merkle.ts";
import { placeRecord, recordPlacesSchema } from "@mh/core/journal/record-places.ts";
import { type Damage, type JournalReaderDeps, type Start, walk } from "@mh/core/journal/walk.ts";
import { aboutRight, noteRight, type Sign, signRights } from "@mh/core/kernel/rights-places.ts";
import { differences, type RightsRows, RightsSeal, type RightsSealDeps } from "@mh/core/kernel/rights-seal.ts";
import { meta, metaSchema, setMeta } from "@mh/core/kernel/state.ts";
import { foldInto, type TableSet, tablesOf } from "@mh/core/kernel/tables.ts";
import { isAsRemembered, rememberFile } from "@mh/core/memory/data-files.ts";
import { indexTexts } from "@mh/core/memory/index-texts.ts";
import { nothingReloaded, type ReloadDeps, type ReloadReport, reloadMemories } from "@mh/core/memory/reload.ts";
import { memorySchema } from "@mh/core/memory/schema.ts";
import type { Crypto } from "@mh/core/ports/crypto.ts";
import type { Database } from "@mh/core/ports/database.ts";
import { fullFault, withoutCode } from "@mh/core/ports/disk-fault.ts";
import type { FileFacts } from "@mh/core/ports/files.ts";
import { anewEnding, noteAnew, OwnFault } from "../adapters/made-anew.ts";
import { openProjection } from "../adapters/sqlite.ts";
import { halfWritten } from "./half-written.ts";
import { lookAtLeft, rightsLeft } from "./index-left.ts";
import { noteEdits } from "./unnamed-edits.ts";

/**
 * Of the memory tables. Raise it when one changes, or what the seal covers: the index is made anew. Other tables have
 * versions of their own.
 */
const schemaVersion = "24";

export interface CaughtUp {
  head: ChainHead;
  damage: Damage | undefined;
  /** The journal is shorter than the index has seen. */
  isCut: boolean;
  memories: ReloadReport;
  /** What was wrong with the index: somebody else had written to it. */
  restored: Restored | undefined;
}

/** An index that its seal did not fit, made anew from the journal: what had stood in it without a record, by table. */
export interface Restored {
  tables: Record<string, { added: string[]; gone: string[] }>;
}

/** What the index is made from: the journal, the memory lines, the documents. */
export interface ProjectionDeps extends JournalReaderDeps {
  /** Writes the index's log back into its file, and notes it where that went wrong. */
  writeBack: () => void;
  kinds: readonly DocumentKind[];
  /** What is folded from the journal, the kernel's first. */
  tables: readonly TableSet[];
  seal: RightsSeal;
  /** With the key that seals the index. */
  sign: Sign;
  hmacKey: Uint8Array;
  lineKey: Uint8Array;
  /** What the log was, by the witness beside the keys. */
  witnessed: { size: number; root: string } | undefined;
  pathOf: (file: string) => string | undefined;
}

/** The index, and what seals it. */
interface OpenIndex {
  db: Database;
  seal: RightsSeal;
  /** What gave rights in an index that its seal did not fit. */
  distrusted: RightsRows | undefined;
}

/**
 * Opens the index, making it anew where it is missing, damaged, of another version, or not as its seal says: then
 * nothing that stands in it counts.
 */
export function openIndex(
  file: string,
  deps: RightsSealDeps & { key: Uint8Array; databaseKey?: Uint8Array | undefined },
  onRebuild: (why: string) => void,
): OpenIndex {
  const isNew = !fs.existsSync(file);
  let distrusted: RightsRows | undefined;
  let changed: string | undefined;
  let failed: string | undefined;
  try {
    const left = isNew ? {} : lookAtLeft(file);
    // What the machine may have lost stands in no note.
    const isAsLeft = !isNew && left.changed === undefined && !left.isToCheck;
    const rights = isAsLeft ? rightsLeft(file, signLeft(deps)) : undefined;
    const db = openProjection(file, { key: deps.databaseKey });
    if (!isNew && isCurrent(db)) {
      const seal = new RightsSeal(db, deps);
      const isSound = seal.isSound(rights);
      changed = left.isToCheck && !isWhole(db) ? "the index is not whole" : left.changed;
      if (isSound && changed === undefined) return { db, seal, distrusted };
      if (!isSound) distrusted = seal.rows();
    }
    db.close();
    if (distrusted) onRebuild("somebody else had written to the index");
    else if (changed !== undefined) onRebuild(changed);
    else if (!isNew) onRebuild("the index is of another version");
  } catch (error) {
    // A full disk is no damage: what is thrown away then cannot be made anew.
    const full = fullFault(error);
    if (full) throw full;
    if (error instanceof OwnFault) throw error;
    failed = withoutCode((error as Error).message);
    onRebuild(`the index is damaged (${failed})`);
  }
  // Of one that was thrown away it is known why.
  if (isNew) removeParts(file);
  else removeIndex(file, failed);
  const db = openProjection(file, { key: deps.databaseKey });
  fs.chmodSync(file, 0o600);
  const seal = new RightsSeal(db, deps);
  makeTables(db, seal);
  return { db, seal, distrusted };
}

/** Signs the note that is left beside an index. */
export const signLeft =
  ({ crypto, key }: { crypto: Crypto; key: Uint8Array }): Sign =>
  (text) =>
    crypto.hmacHex(key, text);

const isWhole = (db: Database): boolean => db.pragma("integrity_check(1)", { simple: true }) === "ok";

/** Whether an index is of this version. */
export const isCurrent = (db: Database): boolean => meta(db, "schema") === schemaVersion;

/** `why`: what failed on it. An index made anew for that tells what is a fault of ours. */
export function removeIndex(file: string, why?: string): void {
  removeParts(file);
  fs.rmSync(file + anewEnding, { force: true });
  if (why !== undefined) noteAnew(file, why);
}

function removeParts(file: string): void {
  for (const ending of ["", "-wal", "-shm", "-left", "-left.tmp"]) fs.rmSync(file + ending, { force: true });
}

function makeTables(db: Database, seal: RightsSeal): void {
  db.exec("BEGIN IMMEDIATE");
  db.exec(metaSchema);
  db.exec(recordPlacesSchema);
  db.exec(memorySchema);
  setMeta(db, "schema", schemaVersion);
  seal.watch();
  seal.write();
  db.exec("COMMIT");
}

/** Brings the index up to the journal and the memory files, in one transaction. */
export function catchUp(
  db: Database,
  deps: ProjectionDeps & Pick<ReloadDeps, "memoryFiles">,
  onProgress?: (what: string, done: number) => void,
): CaughtUp {
  db.exec("BEGIN IMMEDIATE");
  try {
    const distrusted = distrust(db, deps);
    const damage = foldStale(db, deps, onProgress);
    const journal = damage ? { head: positionOf(db).head, damage, isCut: false } : catchUpJournal(db, deps, onProgress);
    // What is cut off is set aside first, and only then is known what it was a half of.
    const isWhole = journal.damage === undefined && !journal.isCut;
    const torn = isWhole ? halfWritten(db, deps) : journal.damage;
    if (torn?.kind === "torn") {
      db.exec("ROLLBACK");
      return { ...journal, damage: torn, memories: nothingReloaded, restored: undefined };
    }
    const found = reloadMemories(db, {
      ...deps,
      ...(onProgress && { onProgress: (n) => onProgress("memories", n) }),
    });
    const memories = noteEdits(db, found);
    indexTexts(db);
    deps.seal.write();
    const restored = distrusted && { tables: differences(deps.seal.rows(), distrusted) };
    db.exec("COMMIT");
    return { ...journal, memories, restored };
  } catch (error) {
    if (db.inTransaction()) db.exec("ROLLBACK");
    throw error;
  }
}

/**
 * Looks whether another process wrote to the index since, and forgets what the journal has to say again if it did. Gives
 * the rows that gave rights until then.
 */
function distrust(db: Database, { seal, tables }: ProjectionDeps): RightsRows | undefined {
  if (!seal.isForeign()) return undefined;
  const schema = seal.schemaHash;
  if (seal.isSound()) return undefined;
  if (seal.schemaHash !== schema) throw new ForeignSchema();
  const rows = seal.rows();
  for (const { name } of tables) dropSet(db, name);
  db.exec("DELETE FROM meta WHERE key <> 'schema'; DELETE FROM record_places");
  return rows;
}

/** Another process changed what the index is made of: it is made anew at the next opening, like a damaged one. */
class ForeignSchema extends Error {
  readonly code = "SQLITE_CORRUPT";

  constructor() {
    super("somebody else had changed the tables of the index");
  }
}

/** Makes the tables anew whose version is not the one that the index holds, as far as the index has read the journal. */
function foldStale(
  db: Database,
  deps: ProjectionDeps,
  onProgress?: (what: string, done: number) => void,
): Damage | undefined {
  const isCurrentSet = ({ name, version }: TableSet) => meta(db, `tables.${name}`) === String(version);
  // Nobody folds the tables of a feature that is not here: when it comes back, they are made anew, not believed.
  const absent = setsIn(db).filter((name) => !deps.tables.some((set) => set.name === name));
  const stale = deps.tables.filter((set) => !isCurrentSet(set));
  for (const name of [...absent, ...stale.map((set) => set.name)]) dropSet(db, name);
  for (const set of stale) {
    db.exec(set.schema);
    setMeta(db, `tables.${set.name}`, String(set.version));
    setMeta(db, `tables.${set.name}.names`, JSON.stringify(tablesOf(set)));
  }
  const isAsFound = absent.length + stale.length === 0;
  if (!isAsFound || !deps.seal.isWatching) deps.seal.watch(isAsFound);
  const { head } = positionOf(db);
  if (stale.length === 0 || head.size === 0) return undefined;
  // Tables that documents fill are filled again: each is read as if it were new to the index.
  db.prepare("DELETE FROM data_files WHERE path NOT LIKE '%.ndjson'").run();
  const steps = walk(deps, { head: emptyHead });
  let step = steps.next();
  for (; !step.done; step = steps.next()) {
    const { record, head: at } = step.value;
    foldInto(stale, db, record, Date.parse(record.ts));
    if (at.size % 5000 === 0) onProgress?.("records", at.size);
    if (at.size === head.size) return undefined;
  }
  return step.value;
}

/** Names of the table sets that an index holds. */
function setsIn(db: Database): string[] {
  const rows = db.prepare("SELECT key FROM meta WHERE key LIKE 'tables.%.names'").all() as { key: string }[];
  return rows.map(({ key }) => key.slice("tables.".length, -".names".length));
}

function dropSet(db: Database, name: string): void {
  const tables = JSON.parse(meta(db, `tables.${name}.names`) ?? "[]") as string[];
  for (const table of tables) db.exec(`DROP TABLE IF EXISTS ${table}`);
  db.prepare("DELETE FROM meta WHERE key IN (?, ?)").run(`tables.${name}`, `tables.${name}.names`);
}

function catchUpJournal(db: Database, deps: ProjectionDeps, onProgress?: (what: string, done: number) => void) {
  const start = positionOf(db);
  const size =
    start.path === undefined ? 0 : (deps.files.facts(start.path)?.size ?? deps.files.facts(`${start.path}.gz`)?.size);
  const isCut =
    start.path !== undefined && (size === undefined || (deps.files.facts(start.path) && size < (start.offset ?? 0)));
  if (isCut) return { head: start.head, damage: undefined, isCut: true };
  let { head } = start;
  let last: string | undefined;
  const steps = walk(deps, start);
  let step = steps.next();
  for (; !step.done; step = steps.next()) {
    const { record, stored } = step.value;
    head = step.value.head;
    const { witnessed } = deps;
    if (witnessed?.size === head.size && witnessed.root !== rootOf(deps.crypto, head.range)) {
      const where = { seq: record.seq, path: stored.segment.path, line: stored.number, offset: stored.offset };
      const damage: Damage = { kind: "changed", ...where, reason: "the witness beside your keys saw other records" };
      return { head, damage, isCut: false };
    }
    foldInto(deps.tables, db, record, Date.parse(record.ts));
    place(db, deps, record);
    last = record.ts;
    remember(db, head, stored.segment.path, stored.offset + Buffer.byteLength(stored.text ?? "") + 1);
    if (head.size % 5000 === 0) onProgress?.("records", head.size);
  }
  signRights(db, deps.sign, head);
  if (last !== undefined) setMeta(db, clockRead, JSON.stringify({ ms: Date.parse(last) } satisfies Reading));
  return { head, damage: step.value ?? undefined, isCut: false };
}

/**
 * What the ledger tells the index. Between commits `reader` holds on to what was last checked: what another process commits
 * is seen by the writer, which compares it with the seal, before anybody judges by it.
 */
export class IndexProjection implements Projection {
  readonly #deps: ProjectionDeps;
  readonly #db: Database;
  readonly #reader: Database;
  readonly #newId: () => string;
  #restored: Restored | undefined;

  constructor(deps: ProjectionDeps & { db: Database; reader: Database; newId: () => string }) {
    this.#deps = deps;
    this.#db = deps.db;
    this.#reader = deps.reader;
    this.#newId = deps.newId;
    this.ended();
  }

  begin(): Entry[] {
    const { seal } = this.#deps;
    this.#db.exec("BEGIN IMMEDIATE");
    if (seal.isForeign() && !seal.isSound()) {
      this.#db.exec("ROLLBACK");
      this.catchUp();
      return this.begin();
    }
    // Nobody else commits while the group has the lock.
    this.#release();
    const restored = this.#restored;
    this.#restored = undefined;
    return restored ? [restoredEntry(this.#newId(), restored)] : [];
  }

  fold(db: Database, entry: Entry, now: number): void {
    foldInto(this.#deps.tables, db, entry, now);
  }

  placed(db: Database, records: readonly JournalRecord[], journal: Journal): void {
    for (const record of records) place(db, this.#deps, record);
    signRights(db, this.#deps.sign, journal.head);
    remember(db, journal.head, journal.position.path, journal.position.offset);
  }

  isAsLeft(db: Database, path: string, facts: FileFacts | undefined): boolean {
    return isAsRemembered(db, path, facts);
  }

  emptyLog(): void {
    try {
      this.#deps.writeBack();
    } finally {
      this.#db.pragma("wal_checkpoint(TRUNCATE)");
    }
  }

  wrote(db: Database, path: string, facts: FileFacts | undefined): void {
    rememberFile(db, this.#deps, path, facts);
  }

  committing(now: Reading): void {
    setMeta(this.#db, clockRead, JSON.stringify(now));
    indexTexts(this.#db);
    this.#deps.seal.write();
  }

  ended(): void {
    this.#release();
    this.#reader.exec("BEGIN");
    // The snapshot is taken at the first look.
    this.#reader.prepare("SELECT 1 FROM meta").get();
    if (this.#deps.seal.isForeign()) this.catchUp();
  }

  catchUp(): CaughtUp {
    this.#release();
    const state = catchUp(this.#db, this.#deps);
    this.#restored ??= state.restored;
    this.ended();
    return state;
  }

  #release(): void {
    if (this.#reader.inTransaction()) this.#reader.exec("COMMIT");
  }
}

/** What the journal says of an index that was made anew because somebody else had written to it. */
export function restoredEntry(id: string, { tables }: Restored): Entry {
  const counts = Object.entries(tables).map(([table, { added, gone }]) => [
    table,
    { added: added.length, gone: gone.length },
  ]);
  const rows = Object.entries(tables).flatMap(([table, { added }]) => added.map((row) => nameOfRow(table, row)));
  const body = { what: "index", tables: Object.fromEntries(counts), rows: rows.slice(0, rowsNamedMax) };
  return { phase: "recovered", id, principal: "file", body };
}

const rowsNamedMax = 50;

/** What a row is called: its table, and the first two of its columns. */
export const nameOfRow = (table: string, row: string): string =>
  [
    table,
    ...(JSON.parse(row) as unknown[]).slice(0, 2).map((value) => String(value).toWellFormed().slice(0, 100)),
  ].join(" ");

const clockRead = "clock";

/** How the clock was read when the log was last written to; undefined before it ever was. */
export function clockReadOf(db: Database): Reading | undefined {
  const read = meta(db, clockRead);
  return read ? (JSON.parse(read) as Reading) : undefined;
}

/** Up to where the index has read the journal. */
export function positionOf(db: Database): Start {
  const position = meta(db, "journal");
  return position ? (JSON.parse(position) as Start) : { head: emptyHead };
}

function place(db: Database, { sign }: ProjectionDeps, record: JournalRecord): void {
  const about = aboutRight(record);
  placeRecord(db, record, about);
  if (about !== undefined) noteRight(db, sign, record.seq, about);
}

function remember(db: Database, head: ChainHead, path: string, offset: number): void {
  setMeta(db, "journal", JSON.stringify({ head, path, offset } satisfies Start));
}

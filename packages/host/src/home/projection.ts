import * as fs from "node:fs";
import type { JournalRecord } from "@mh/contract/values/record.ts";
import type { DocumentKind } from "@mh/core/documents/document.ts";
import { type ChainHead, emptyHead, hlcMs } from "@mh/core/journal/chain.ts";
import type { Journal } from "@mh/core/journal/journal.ts";
import type { Projection } from "@mh/core/journal/ledger.ts";
import { placeRecord, recordPlacesSchema } from "@mh/core/journal/record-places.ts";
import { type Damage, type JournalReaderDeps, type Start, walk } from "@mh/core/journal/walk.ts";
import { meta, metaSchema, setMeta } from "@mh/core/kernel/state.ts";
import { foldInto, type TableSet, tablesOf } from "@mh/core/kernel/tables.ts";
import { rememberFile } from "@mh/core/memory/data-files.ts";
import { type ReloadReport, reloadMemories } from "@mh/core/memory/reload.ts";
import { memorySchema } from "@mh/core/memory/schema.ts";
import type { Database } from "@mh/core/ports/database.ts";
import { openProjection } from "../adapters/sqlite.ts";

/** Of the memory tables. Raise it when one changes: the index is made anew. Other tables have versions of their own. */
const schemaVersion = "10";

export interface CaughtUp {
  head: ChainHead;
  damage: Damage | undefined;
  /** The journal is shorter than the index has seen. */
  isCut: boolean;
  memories: ReloadReport;
}

/** What the index is made from: the journal, the memory lines, the documents. */
export interface ProjectionDeps extends JournalReaderDeps {
  kinds: readonly DocumentKind[];
  /** What is folded from the journal, the kernel's first. */
  tables: readonly TableSet[];
  hmacKey: Uint8Array;
  pathOf: (file: string) => string | undefined;
}

/** Opens the index, making it anew where it is missing, damaged or of another version. */
export function openIndex(file: string, onRebuild: (why: string) => void): Database {
  const isNew = !fs.existsSync(file);
  try {
    const db = openProjection(file);
    if (!isNew && isCurrent(db)) return db;
    db.close();
    if (!isNew) onRebuild("the index is of another version");
  } catch (error) {
    onRebuild(`the index is damaged (${(error as Error).message})`);
  }
  return makeIndex(file);
}

/** Whether an index is of this version. */
export const isCurrent = (db: Database): boolean => meta(db, "schema") === schemaVersion;

export function removeIndex(file: string): void {
  for (const ending of ["", "-wal", "-shm"]) fs.rmSync(file + ending, { force: true });
}

function makeIndex(file: string): Database {
  removeIndex(file);
  const db = openProjection(file);
  fs.chmodSync(file, 0o600);
  db.exec("BEGIN");
  db.exec(metaSchema);
  db.exec(recordPlacesSchema);
  db.exec(memorySchema);
  setMeta(db, "schema", schemaVersion);
  db.exec("COMMIT");
  return db;
}

/** Brings the index up to the journal and the memory files, in one transaction. */
export function catchUp(
  db: Database,
  deps: ProjectionDeps,
  onProgress?: (what: string, done: number) => void,
): CaughtUp {
  db.exec("BEGIN IMMEDIATE");
  try {
    const damage = foldStale(db, deps, onProgress);
    const journal = damage ? { head: positionOf(db).head, damage, isCut: false } : catchUpJournal(db, deps, onProgress);
    const memories = reloadMemories(db, {
      ...deps,
      ...(onProgress && { onProgress: (n) => onProgress("memories", n) }),
    });
    db.exec("COMMIT");
    return { ...journal, memories };
  } catch (error) {
    if (db.inTransaction()) db.exec("ROLLBACK");
    throw error;
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
  const { head } = positionOf(db);
  if (stale.length === 0 || head.size === 0) return undefined;
  // Tables that documents fill are filled again: each is read as if it were new to the index.
  db.prepare("DELETE FROM data_files WHERE path NOT LIKE '%.ndjson'").run();
  const steps = walk(deps, { head: emptyHead });
  let step = steps.next();
  for (; !step.done; step = steps.next()) {
    const { record, head: at } = step.value;
    foldInto(stale, db, record, hlcMs(record.hlc));
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
  const steps = walk(deps, start);
  let step = steps.next();
  for (; !step.done; step = steps.next()) {
    const { record, stored } = step.value;
    head = step.value.head;
    foldInto(deps.tables, db, record, hlcMs(record.hlc));
    placeRecord(db, record);
    remember(db, head, stored.segment.path, stored.offset + Buffer.byteLength(stored.text ?? "") + 1);
    if (head.size % 5000 === 0) onProgress?.("records", head.size);
  }
  return { head, damage: step.value ?? undefined, isCut: false };
}

/** What the ledger tells the index. */
export function projectionOf(deps: ProjectionDeps): Projection {
  return {
    fold: (db, entry, now) => foldInto(deps.tables, db, entry, now),
    placed(db: Database, records: readonly JournalRecord[], journal: Journal) {
      for (const record of records) placeRecord(db, record);
      remember(db, journal.head, journal.position.path, journal.position.offset);
    },
    wrote: (db, path, facts) => rememberFile(db, path, facts),
    catchUp: (db) => void catchUp(db, deps),
  };
}

/** Up to where the index has read the journal. */
export function positionOf(db: Database): Start {
  const position = meta(db, "journal");
  return position ? (JSON.parse(position) as Start) : { head: emptyHead };
}

function remember(db: Database, head: ChainHead, path: string, offset: number): void {
  setMeta(db, "journal", JSON.stringify({ head, path, offset } satisfies Start));
}

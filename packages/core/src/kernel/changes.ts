import type { Principal } from "@mh/contract/values/principal.ts";
import type { Entry } from "@mh/contract/values/record.ts";
import type { Changes, FileChange } from "../journal/transaction.ts";
import { canonical } from "../model/canonical.ts";
import { idEnd } from "../model/short-id.ts";
import type { Database } from "../ports/database.ts";

/**
 * What commands changed of the owner's data, folded from the journal: what undo, redo and the count of lines that must
 * be there rest on. Files go by the name of the object that holds their path. `expected_files` is how whole files should look, `written_files` what commands ever
 * wrote into them, and did not only put back; `images` are the objects that hold earlier texts. `hand_changes` are those by hand whose
 * former text was kept, each behind the command of that number.
 */
export const changesSchema = `
CREATE TABLE changes (
  number INTEGER PRIMARY KEY, cmd TEXT NOT NULL UNIQUE, ms INTEGER NOT NULL, principal TEXT NOT NULL,
  skill TEXT NOT NULL, task TEXT, kind TEXT NOT NULL, undoable INTEGER NOT NULL, lines INTEGER NOT NULL,
  files TEXT NOT NULL, removed TEXT NOT NULL, undoes TEXT NOT NULL, status TEXT NOT NULL,
  root INTEGER NOT NULL, undone_by TEXT
);
CREATE INDEX changes_end ON changes (${idEnd("cmd")});
CREATE INDEX changes_task ON changes (task) WHERE task IS NOT NULL;
CREATE INDEX changes_undoable ON changes (root) WHERE status = 'done' AND undone_by IS NULL AND undoable = 1;
CREATE INDEX changes_undone ON changes (number) WHERE status = 'done' AND undone_by IS NULL AND kind = 'undo';
CREATE TABLE expected_files (file TEXT PRIMARY KEY, hash TEXT NOT NULL, by_hand INTEGER NOT NULL);
CREATE TABLE written_files (file TEXT NOT NULL, hash TEXT NOT NULL, PRIMARY KEY (file, hash)) WITHOUT ROWID;
CREATE TABLE images (object TEXT NOT NULL, file TEXT NOT NULL, PRIMARY KEY (object, file));
CREATE INDEX images_file ON images (file);
CREATE TABLE hand_changes (
  number INTEGER PRIMARY KEY, file TEXT NOT NULL, ms INTEGER NOT NULL, before TEXT NOT NULL, after TEXT, behind INTEGER NOT NULL
);
CREATE INDEX hand_changes_file ON hand_changes (file);
`;

/** `do` is a command of its own; `undo` takes back, `redo` takes an undo back. */
export type ChangeKind = "do" | "undo" | "redo";

/** What an intent's body says of the data that its command changes. */
export interface ChangeBody {
  wrote: Changes;
  undoable: boolean;
  /** Commands whose changes are taken back. */
  undoes?: string[];
  kind?: ChangeKind;
  /** How many lines of which commands were removed for good. */
  removed?: Record<string, number>;
}

export interface Change {
  number: number;
  cmd: string;
  ms: number;
  principal: Principal;
  skill: string;
  task: string | null;
  kind: ChangeKind;
  undoable: boolean;
  lines: number;
  files: FileChange[];
  undoes: string[];
  status: "begun" | "done" | "failed" | "interrupted";
  /** Number of the first command of its chain of undoing and redoing. */
  root: number;
  undone_by: string | null;
}

/**
 * An intent that changes data: known from here on, in force once its outcome is there. What is kept as JSON is kept in the
 * form that the journal gives back, so that a row is the same however it was folded.
 */
export function foldChange(db: Database, entry: Entry, now: number): void {
  const { wrote, undoable, undoes = [], kind = "do", removed = {} } = entry.body as unknown as ChangeBody;
  const known = db.prepare("SELECT coalesce(max(number), 0) AS n FROM changes").get() as { n: number };
  const number = known.n + 1;
  const root = kind === "do" ? number : rootOf(db, undoes, number);
  db.prepare("INSERT OR REPLACE INTO changes VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, 'begun', ?, NULL)").run(
    number,
    entry.id,
    now,
    entry.principal,
    entry.skill ?? "",
    entry.task ?? null,
    kind,
    undoable ? 1 : 0,
    wrote.lines,
    canonical(wrote.files),
    canonical(removed),
    canonical(undoes),
    root,
  );
  const image = db.prepare("INSERT OR IGNORE INTO images VALUES (?, ?)");
  for (const { file, before } of wrote.files) if (before) image.run(before, file);
}

/** What a hand made of a file, as it was noticed. */
export interface HandChange {
  ms: number;
  before: string;
  /** Null where it took the file away. */
  after: string | null;
  /** The number of the last command before it. */
  behind: number;
}

export function foldHandChange(db: Database, { body }: Entry, now: number): void {
  const { file, before, after = null } = (body ?? {}) as Record<string, string | undefined>;
  if (file === undefined || before === undefined) return;
  const sql = `INSERT INTO hand_changes (file, ms, before, after, behind)
    SELECT ?, ?, ?, ?, coalesce(max(number), 0) FROM changes`;
  db.prepare(sql).run(file, now, before, after);
}

/** What hands made of a file, the latest first. */
export function handChangesOf(db: Database, file: string, limit: number): HandChange[] {
  const sql = "SELECT ms, before, after, behind FROM hand_changes WHERE file = ? ORDER BY number DESC LIMIT ?";
  return db.prepare(sql).all(file, limit) as HandChange[];
}

/** The outcome of a command that changes data. A recovered one tells how many of its lines are there. */
export function endChange(db: Database, entry: Entry): void {
  const found = changeOf(db, entry.id);
  if (!found || found.status === "done") return;
  const status = entry.outcome?.status ?? "done";
  const lines = typeof entry.body?.lines === "number" ? entry.body.lines : found.lines;
  db.prepare("UPDATE changes SET status = ?, lines = ? WHERE cmd = ?").run(status, lines, found.cmd);
  if (status !== "done") return;
  const written = db.prepare("INSERT OR IGNORE INTO written_files VALUES (?, ?)");
  for (const { file, after, byHand } of found.files) {
    expectFile(db, file, after, byHand);
    if (after && !byHand) written.run(file, after);
  }
  const { removed } = db.prepare("SELECT removed FROM changes WHERE cmd = ?").get(found.cmd) as { removed: string };
  const lessen = db.prepare("UPDATE changes SET lines = lines - ? WHERE cmd = ?");
  for (const [cmd, n] of Object.entries(JSON.parse(removed) as Record<string, number>)) lessen.run(n, cmd);
  const undone = db.prepare("UPDATE changes SET undone_by = ? WHERE cmd = ?");
  for (const cmd of found.undoes) undone.run(found.cmd, cmd);
}

/** `byHand`: it was not a command that made the file say so. */
export function expectFile(db: Database, file: string, hash: string | null, byHand = false): void {
  if (hash) db.prepare("INSERT OR REPLACE INTO expected_files VALUES (?, ?, ?)").run(file, hash, byHand ? 1 : 0);
  else db.prepare("DELETE FROM expected_files WHERE file = ?").run(file);
}

export function expectedHash(db: Database, file: string): string | undefined {
  return (db.prepare("SELECT hash FROM expected_files WHERE file = ?").get(file) as { hash: string } | undefined)?.hash;
}

/** Whether a command made the file say what has this hash. */
export function isByCommand(db: Database, file: string, hash: string): boolean {
  const sql = "SELECT 1 FROM expected_files WHERE file = ? AND hash = ? AND by_hand = 0";
  return db.prepare(sql).get(file, hash) !== undefined;
}

/** Whether a command ever wrote into the file what has this hash, and did not only put it back. */
export function wasWritten(db: Database, file: string, hash: string): boolean {
  return db.prepare("SELECT 1 FROM written_files WHERE file = ? AND hash = ?").get(file, hash) !== undefined;
}

export function changeOf(db: Database, cmd: string): Change | undefined {
  const row = db.prepare("SELECT * FROM changes WHERE cmd = ?").get(cmd);
  return row ? changeFrom(row as ChangeRow) : undefined;
}

/** Changes in the order they were done, latest first. */
export function changesWhere(db: Database, where: string, ...params: unknown[]): Change[] {
  const rows = db.prepare(`SELECT * FROM changes WHERE ${where}`).all(...params) as ChangeRow[];
  return rows.map(changeFrom);
}

type ChangeRow = Omit<Change, "undoable" | "files" | "undoes"> & { undoable: number; files: string; undoes: string };

function changeFrom(row: ChangeRow): Change {
  const { undoable, files, undoes, ...rest } = row;
  return { ...rest, undoable: undoable === 1, files: JSON.parse(files), undoes: JSON.parse(undoes) };
}

function rootOf(db: Database, undoes: readonly string[], number: number): number {
  const roots = undoes.map((cmd) => changeOf(db, cmd)?.root ?? number);
  return Math.max(...roots, 0) || number;
}

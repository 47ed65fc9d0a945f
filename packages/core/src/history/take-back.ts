import { Fault } from "@mh/contract/values/fault.ts";
import type { MemoryLine, MemoryRecord } from "@mh/contract/values/memory.ts";
import { type DocumentKind, kindFor, writeDocumentBytes } from "../documents/document.ts";
import type { FileChange, Transaction } from "../journal/transaction.ts";
import { type Change, wasWritten } from "../kernel/changes.ts";
import { linesOf } from "../memory/read-lines.ts";
import { type MemoryDeps, memoryBySource, restore, retract } from "../memory/store.ts";
import { canonical } from "../model/canonical.ts";
import { decodeLossy, decodeUtf8 } from "../ports/bytes.ts";
import type { Database } from "../ports/database.ts";

export interface TakeBackDeps extends MemoryDeps {
  kinds: readonly DocumentKind[];
  /** The bytes of an object while they still are what its name says. */
  readObject: (name: string) => Uint8Array | undefined;
}

/** Where the state of now is read from: a transaction, or a look at what is committed. */
export interface TakeBackSource {
  db: Database;
  read(path: string): Uint8Array | undefined;
}

/** What has to be written to take commands back; made and used in one transaction. */
export interface TakeBackPlan {
  memories: { touched: Touched; line: MemoryLine | undefined }[];
  files: { file: string; path: string; before: string | null }[];
}

/**
 * Puts what these commands changed back as it was before the first of them, by new revisions. Throws `history.stale`,
 * having written nothing, where something of it was changed again since.
 */
export function takeBack(tx: Transaction, deps: TakeBackDeps, commandId: string, changes: readonly Change[]): void {
  putAllBack(tx, deps, commandId, planTakeBack(tx, deps, changes));
}

/** Looks whether all that these commands changed can be put back as it was. Throws `history.stale` where it cannot. */
export function planTakeBack(source: TakeBackSource, deps: TakeBackDeps, changes: readonly Change[]): TakeBackPlan {
  const { db } = source;
  const inOrder = [...changes].sort((a, b) => a.number - b.number);
  const memories = memoriesOf(db, inOrder);
  const files = filesOf(inOrder);
  const lines = readLines(source, [
    ...memories.filter(({ first }) => first > 1).map(({ id, first }) => ({ id, rev: first - 1 })),
    ...memories.filter(({ last, tip }) => last !== tip).map(({ id, last }) => ({ id, rev: last })),
  ]);
  for (const { id, last, tip, isWhole } of memories) {
    // Revisions since then may cancel each other out: what counts is that it says again what the changes made it say.
    const isCurrent = isWhole && (tip === last || stateOf(db, id) === said(lines.get(keyOf(id, last))));
    if (!isCurrent) throw stale(`memory ${id} was changed again since`);
  }
  const paths = new Map([...files.keys()].map((file) => [file, pathOf(deps, file)]));
  for (const [file, change] of files) {
    const path = paths.get(file) as string;
    const bytes = source.read(path);
    const name = bytes ? deps.crypto.hmacHex(deps.hmacKey, bytes) : null;
    if (name !== change.after) throw stale(`${path} was changed again since`);
    if (change.before !== null) checkBefore(deps, path, deps.readObject(change.before));
  }
  return {
    memories: memories.map((touched) => {
      const line = lines.get(keyOf(touched.id, touched.first - 1));
      if (touched.first > 1 && !line) throw stale(`the earlier words of memory ${touched.id} are not on disk`);
      if (line?.op === "put") refuseTaken(db, line);
      return { touched, line };
    }),
    files: [...files].map(([file, { before }]) => ({ file, path: paths.get(file) as string, before })),
  };
}

/** Does what a plan says, in the transaction in which it was made. */
export function putAllBack(tx: Transaction, deps: TakeBackDeps, commandId: string, plan: TakeBackPlan): void {
  for (const { touched, line } of plan.memories) {
    const { id, kind, tip } = touched;
    if (line?.op === "put") restore(tx, deps, commandId, line, tip);
    else if (line?.op === "retract") {
      const { why, into, source, externalId } = line;
      const because = { why, ...(into && { into }), ...(source && { source }), ...(externalId && { externalId }) };
      retract(tx, deps, commandId, { id, kind, rev: tip }, because);
    } else retract(tx, deps, commandId, { id, kind, rev: tip }, { why: "undone" });
  }
  for (const each of plan.files) putBack(tx, deps, commandId, each);
}

interface Touched {
  id: string;
  kind: MemoryLine["kind"];
  /** First and last revision that the changes made. */
  first: number;
  last: number;
  /** The latest revision there is. */
  tip: number;
  /** No other command made a revision in between. */
  isWhole: boolean;
}

/** The memories that changes wrote lines of, in the order of recording. */
function memoriesOf(db: Database, changes: readonly Change[]): Touched[] {
  const cmds = JSON.stringify(changes.map(({ cmd }) => cmd));
  const rows = db
    .prepare(
      `SELECT id, min(rev) AS first, max(rev) AS last, count(*) AS n FROM revisions
       WHERE cmd IN (SELECT value FROM json_each(?)) GROUP BY id ORDER BY id`,
    )
    .all(cmds) as { id: string; first: number; last: number; n: number }[];
  const found = rows.reduce((sum, { n }) => sum + n, 0);
  const wrote = changes.reduce((sum, { lines }) => sum + lines, 0);
  if (found !== wrote) throw stale(`of ${wrote} lines that it wrote, ${found} are there`);
  return rows.map(({ id, first, last, n }) => ({
    id,
    first,
    last,
    kind: kindOf(db, id),
    tip: tipOf(db, id),
    isWhole: last - first + 1 === n,
  }));
}

function kindOf(db: Database, id: string): MemoryLine["kind"] {
  const row = db
    .prepare(
      "SELECT kind FROM memories WHERE id = :id UNION ALL SELECT line ->> 'kind' FROM retractions WHERE id = :id",
    )
    .get({ id }) as { kind: MemoryLine["kind"] } | undefined;
  return row?.kind ?? "episodic";
}

const tipOf = (db: Database, id: string): number =>
  (db.prepare("SELECT max(rev) AS rev FROM revisions WHERE id = ?").get(id) as { rev: number }).rev;

/** Each file once: as it was before the first change, and as the last one left it. */
function filesOf(changes: readonly Change[]): Map<string, FileChange> {
  const files = new Map<string, FileChange>();
  for (const one of changes.flatMap((change) => change.files)) {
    const known = files.get(one.file);
    if (known && known.after !== one.before) throw stale("a file was changed in between");
    files.set(one.file, known ? { ...known, after: one.after } : one);
  }
  return files;
}

const keyOf = (id: string, rev: number): string => `${id} ${rev}`;

/** Certain revisions, from the files that hold them. */
function readLines(source: TakeBackSource, wanted: readonly { id: string; rev: number }[]): Map<string, MemoryLine> {
  const where = source.db.prepare("SELECT file FROM revisions WHERE id = ? AND rev = ?");
  const keys = new Set(wanted.map(({ id, rev }) => keyOf(id, rev)));
  const ids = new Set(wanted.map(({ id }) => id));
  const files = new Set(
    wanted.flatMap(({ id, rev }) => (where.get(id, rev) as { file: string } | undefined)?.file ?? []),
  );
  const found = new Map<string, MemoryLine>();
  for (const file of files) {
    for (const line of linesOf(source.read(file), ids)) {
      if (keys.has(keyOf(line.id, line.rev))) found.set(keyOf(line.id, line.rev), line);
    }
  }
  return found;
}

/** What a memory says now; nothing where it is retracted. */
function stateOf(db: Database, id: string): string | undefined {
  const row = db.prepare("SELECT record FROM memories WHERE id = ?").get(id) as { record: string } | undefined;
  return row ? said(JSON.parse(row.record) as MemoryRecord) : "";
}

/** What a line says, without what only its revision knows. */
function said(line: MemoryLine | undefined): string | undefined {
  if (line?.op !== "put") return line ? "" : undefined;
  const { rev, cmd, recordedAt, ...rest } = line;
  return canonical(rest);
}

function refuseTaken(db: Database, { id, source, externalId }: MemoryRecord): void {
  if (externalId === undefined) return;
  const other = memoryBySource(db, source, externalId);
  if (other && other.id !== id) throw stale(`${externalId} was imported again since, as memory ${other.id}`);
}

function pathOf(deps: TakeBackDeps, file: string): string {
  const bytes = deps.readObject(file);
  if (!bytes) throw stale("a file that it wrote was forgotten");
  return decodeLossy(bytes);
}

/** What is to be put back must be there, and be readable as what it is. */
function checkBefore({ kinds }: TakeBackDeps, path: string, bytes: Uint8Array | undefined): void {
  if (!bytes) throw stale(`the earlier text of ${path} is no longer kept`);
  const kind = kindFor(kinds, path);
  const text = decodeUtf8(bytes);
  try {
    if (kind && text === undefined) throw new Fault("document.invalid", `${path} was not UTF-8 text.`);
    if (kind && text !== undefined) kind.check(path, text);
  } catch (error) {
    if (!(error instanceof Fault) || error.code !== "document.invalid") throw error;
    throw stale(`what stood in ${path} before cannot be read`);
  }
}

function putBack(
  tx: Transaction,
  deps: TakeBackDeps,
  commandId: string,
  { file, path, before }: TakeBackPlan["files"][number],
): void {
  const bytes = before === null ? undefined : deps.readObject(before);
  writeDocumentBytes(tx, deps.kinds, commandId, path, bytes, before !== null && !wasWritten(tx.db, file, before));
}

/** Something of it was changed since, or is no longer kept. `reason` is the end of a sentence. */
export class Stale extends Fault {
  readonly reason: string;

  constructor(reason: string) {
    super(
      "history.stale",
      `It cannot be taken back: ${reason}. Nothing was changed. \`mh history\` shows what came after.`,
    );
    this.reason = reason;
  }
}

const stale = (reason: string): Stale => new Stale(reason);

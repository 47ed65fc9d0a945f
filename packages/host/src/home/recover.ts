import { Fault } from "@mh/contract/values/fault.ts";
import type { Tombstone } from "@mh/contract/values/memory.ts";
import type { Principal } from "@mh/contract/values/principal.ts";
import type { Entry } from "@mh/contract/values/record.ts";
import {
  type DocumentKind,
  documentText,
  dropDocument,
  kindFor,
  projectDocument,
  writeDocumentBytes,
} from "@mh/core/documents/document.ts";
import { type TakeBackDeps, takeBack } from "@mh/core/history/take-back.ts";
import type { Ledger } from "@mh/core/journal/ledger.ts";
import type { Changes, Transaction } from "@mh/core/journal/transaction.ts";
import { type Change, changeOf, expectedHash, isByCommand, wasWritten } from "@mh/core/kernel/changes.ts";
import { changesHomeOnly, mayActOutside } from "@mh/core/kernel/home-only.ts";
import { type Registry, skillName } from "@mh/core/kernel/registry.ts";
import { type CommandRow, isAnswering, unansweredGrants, wasApproved } from "@mh/core/kernel/state.ts";
import { forgetRest } from "@mh/core/memory/forgetting.ts";
import type { ReloadReport } from "@mh/core/memory/reload.ts";
import { utf8 } from "@mh/core/ports/bytes.ts";
import type { Database } from "@mh/core/ports/database.ts";
import type { Files } from "@mh/core/ports/files.ts";
import { type Restored, restoredEntry } from "./projection.ts";
import { recoveredEntry, type TornTail } from "./repair.ts";
import { isEdited, takeEdits } from "./unnamed-edits.ts";

export interface RecoverDeps {
  ledger: Ledger;
  db: Database;
  files: Files;
  registry: Registry;
  kinds: readonly DocumentKind[];
  newId: () => string;
  now: number;
  /** Names what stands in a file, as the journal does; null where there is none. */
  nameOf: (bytes: Uint8Array | undefined) => string | null;
  takeBack: TakeBackDeps;
  /** What the journal says of a command that was begun. */
  intentOf: (id: string) => Entry | undefined;
  /** How the journal calls a file. */
  fileOf: (path: string) => string;
  /** The path that a file's name in the journal stands for. */
  pathOf: (file: string) => string | undefined;
}

type Adopting = Pick<RecoverDeps, "newId" | "fileOf" | "nameOf">;

/** Journals what was changed by hand while the home was open. */
export async function adoptHandEdits(
  deps: Adopting & Pick<RecoverDeps, "ledger">,
  edits: ReloadReport,
): Promise<boolean> {
  if (!isEdited(edits)) return false;
  await deps.ledger.transact((tx) => adoptEdits(tx, deps, () => true));
  return true;
}

/** Names what the index took in by hand, and no record does yet. */
function adoptEdits(
  tx: Transaction,
  { newId, fileOf, nameOf }: Adopting,
  isByHand: (path: string, after: string) => boolean,
): void {
  const { handEdits, documents } = takeEdits(tx.db);
  for (const { from } of documents.renamed) tx.append(adoption(newId(), { what: "document", file: fileOf(from) }));
  for (const edit of handEdits) tx.append(adoption(newId(), { what: "memory", ...edit }));
  for (const { path, after, former } of documents.adopted.filter((each) => isByHand(each.path, each.after))) {
    // A command wrote over it before it could be named; or what named it was cut off before the index knew.
    if (nameOf(tx.read(path)) !== after || expectedHash(tx.db, fileOf(path)) === after) continue;
    const before = former === undefined ? {} : { before: tx.object(utf8.encode(former)) };
    tx.append(adoption(newId(), { what: "document", file: tx.object(utf8.encode(path)), after, ...before }));
  }
}

/** How a command that a crash left open really ended. */
interface End {
  row: CommandRow;
  status: "done" | "interrupted";
  change: Change | undefined;
  /** How many of its lines are on disk. */
  lines: number;
  /** What its intent says that it does besides. */
  rest: Pick<Changes, "erased" | "dropped" | "forgets" | "records">;
}

/**
 * Journals what was repaired, and ends what a crash left open: data that carries a command's id tells its true outcome.
 * What was half written was never acknowledged and is taken back; what was half forgotten is forgotten.
 */
export async function recover(
  deps: RecoverDeps,
  torn: readonly TornTail[],
  memories: ReloadReport,
  restored: Restored | undefined,
): Promise<CommandRow[]> {
  const { ledger, db, newId, now } = deps;
  const lapsed = db.prepare("SELECT id, principal FROM approvals WHERE status = 'open' AND expires_ms <= ?").all(now);
  const begun = db.prepare("SELECT * FROM commands WHERE status = 'begun'").all() as CommandRow[];
  // Whether an answer to a request stands is known once that is ended which it let run.
  const answering = begun.filter(({ id }) => isAnswering(db, id));
  const rows = begun.filter((row) => !answering.includes(row));
  const ends = endsOf(deps, rows);
  const changed = ends.flatMap(({ change }) => change?.files ?? []);
  const ours = new Set(changed.map(({ file, after }) => `${deps.pathOf(file)} ${after}`));
  const entries: Entry[] = [
    ...(restored ? [restoredEntry(newId(), restored)] : []),
    ...torn.map((tail) => recoveredEntry(newId(), tail)),
    ...(lapsed as { id: string; principal: Principal }[]).map(
      ({ id, principal }): Entry => ({ phase: "expire", id: newId(), ref: id, principal }),
    ),
    ...ends.map((end) => outcomeOf(deps, end)),
  ];
  for (const end of ends) if (end.status === "done") outlast(deps, end);
  if (entries.length > 0 || answering.length > 0 || isEdited(memories)) {
    await ledger.transact((tx) => {
      for (const end of ends.filter(({ status }) => status === "interrupted").reverse()) undo(tx, deps, end);
      for (const end of ends) finish(tx, deps, end);
      for (const entry of entries) tx.append(entry);
      for (const row of answering) {
        const [end] = endsOf({ ...deps, db: tx.db }, [row]) as [End];
        tx.append(outcomeOf(deps, end));
        ends.push(end);
      }
      // What an approval gave goes with it: another one gives it anew.
      for (const { id: ref, principal } of unansweredGrants(tx.db))
        tx.append({ phase: "revoke", id: newId(), ref, principal });
      // Recovery was cut off itself, once it had ended the command that wrote this.
      for (const { path, after } of memories.documents.adopted) {
        const file = deps.fileOf(path);
        if (isByCommand(tx.db, file, after) && deps.nameOf(tx.read(path)) === after)
          take(tx, deps, { file, before: null, after });
      }
      adoptEdits(tx, deps, (path, after) => !ours.has(`${path} ${after}`));
      // Lines that no command wrote, but this: the log must know them, or they would be taken for written by hand.
      const { sums } = tx.takeChanges();
      if (sums) tx.append(adoption(newId(), { what: "lines", sums }), true);
    });
  }
  return ends.filter(({ status }) => status === "interrupted").map(({ row }) => row);
}

const adoption = (id: string, body: Record<string, unknown>): Entry => ({
  phase: "adopt",
  id,
  principal: "file",
  body,
});

/** What was taken back waits for the owner as before where they had let it run; what acts on the world may have happened. */
function outcomeOf({ db, registry }: RecoverDeps, { row, status, lines }: End): Entry {
  const { id, principal, skill, args_hash } = row;
  const isTakenBack = status === "interrupted" && !mayActOutside(registry.find(skillName(skill)));
  const waitsAgain = isTakenBack && wasApproved(db, id);
  const body = { recovered: true, lines, ...(waitsAgain && { waitsAgain }) };
  return { phase: "outcome", id, principal, skill, argsHash: args_hash, outcome: { status }, body };
}

/**
 * How each ended, in order. A file that several wrote is as the last one left it: what an earlier one wrote is there if
 * that is, and what stands on something that is taken back is taken back with it.
 */
function endsOf(deps: RecoverDeps, rows: readonly CommandRow[]): End[] {
  const before = new Map<string, string | null>();
  const begun = rows.map((row) => ({ row, change: changeOf(deps.db, row.id) }));
  begun.sort((a, b) => (a.change?.number ?? 0) - (b.change?.number ?? 0));
  const ends = begun.reverse().map(({ row, change }) => endOf(deps, row, change, before));
  const taken = new Set<string>();
  for (const end of ends.reverse()) {
    const files = end.change?.files ?? [];
    if (files.some((each) => taken.has(`${each.file} ${each.before}`))) end.status = "interrupted";
    if (end.status === "interrupted") for (const { file, after } of files) taken.add(`${file} ${after}`);
  }
  return ends;
}

function endOf(
  { db, registry, files, nameOf, pathOf, intentOf }: RecoverDeps,
  row: CommandRow,
  change: Change | undefined,
  before: Map<string, string | null>,
): End {
  if (!change) {
    const skill = registry.find(skillName(row.skill));
    const stored = changesHomeOnly(skill) ? skill.stored : undefined;
    const isThere = typeof stored === "object" && stored.recall(db, row.id, undefined) !== undefined;
    return { row, status: isThere ? "done" : "interrupted", change, lines: 0, rest: {} };
  }
  const sql = `SELECT (SELECT count(*) FROM revisions WHERE cmd = :cmd) +
    (SELECT count(*) FROM tombstones WHERE cmd = :cmd) AS n`;
  const lines = (db.prepare(sql).get({ cmd: row.id }) as { n: number }).n;
  const isWritten = ({ file, after }: Change["files"][number]): boolean => {
    const path = pathOf(file);
    // Not even its path is on disk: the crash came before anything was written.
    return path !== undefined && (before.has(file) ? before.get(file) : nameOf(files.read(path))) === after;
  };
  const written = change.files.filter(isWritten);
  const isWhole = lines === change.lines && written.length === change.files.length;
  for (const each of written) before.set(each.file, each.before);
  const rest = (intentOf(row.id)?.body?.wrote ?? {}) as Changes;
  return { row, status: isWhole ? "done" : "interrupted", change, lines, rest };
}

/** A process that was killed may not have waited for the disk: what is now told as done must be there after a power cut, too. */
function outlast({ db, files, pathOf }: RecoverDeps, { row, change }: End): void {
  const sql = "SELECT file FROM revisions WHERE cmd = :cmd UNION SELECT file FROM tombstones WHERE cmd = :cmd";
  const lines = (db.prepare(sql).all({ cmd: row.id }) as { file: string }[]).map(({ file }) => file);
  for (const path of [...lines, ...(change?.files ?? []).flatMap(({ file }) => pathOf(file) ?? [])])
    files.outlast(path);
}

function undo(tx: Transaction, deps: RecoverDeps, { row, change, lines }: End): void {
  if (!change) return;
  for (const file of change.files) putBack(tx, deps, row.id, file);
  if (lines > 0) takeLinesBack(tx, deps, { ...change, lines, files: [] });
}

function finish(tx: Transaction, deps: RecoverDeps, { row, status, change, rest }: End): void {
  if (status === "done") for (const each of change?.files ?? []) take(tx, deps, each);
  const isForgotten = forgetAll(tx, deps, row.id, rest.erased ?? []);
  if (status === "done" || isForgotten)
    for (const object of rest.dropped ?? []) rest.forgets ? tx.eraseObject(object) : tx.dropObject(object);
  if (status !== "done") return;
  for (const record of rest.records ?? []) tx.append(record);
}

/** Takes away whatever a crash left of what a command forgot; false where it forgot nothing. */
function forgetAll(tx: Transaction, deps: RecoverDeps, commandId: string, erased: readonly string[]): boolean {
  const buried = tx.db.prepare("SELECT line FROM tombstones WHERE cmd = ?").all(commandId) as { line: string }[];
  if (buried.length === 0) return false;
  const known = tx.db.prepare("SELECT path FROM documents").all() as { path: string }[];
  // What says the path of a file may be gone before the index knows that the file is.
  const documents = known.map(({ path }) => path).filter((path) => erased.includes(deps.fileOf(path)));
  const paths = erased.flatMap((file) => deps.pathOf(file) ?? []);
  for (const path of documents) {
    const kind = kindFor(deps.kinds, path);
    if (kind) dropDocument(tx.db, kind, path);
  }
  for (const { line } of buried)
    forgetRest(tx, { ...deps.takeBack, files: deps.files }, JSON.parse(line) as Tombstone, [
      ...new Set([...documents, ...paths]),
    ]);
  return true;
}

/** The index read the files of a command that was cut off as if a hand had changed them: the command did, as is known now. */
function take(tx: Transaction, deps: RecoverDeps, { file, after, byHand }: Change["files"][number]): void {
  const path = deps.pathOf(file);
  const kind = path === undefined ? undefined : kindFor(deps.kinds, path);
  // A later one of these left it otherwise, and takes it.
  if (path !== undefined && deps.nameOf(tx.read(path)) !== after) return;
  if (path !== undefined && kind) {
    const changedAt = deps.files.facts(path)?.mtimeMs ?? tx.now;
    if (after === null) dropDocument(tx.db, kind, path);
    else projectDocument(tx.db, kind, path, documentText(tx, path), { changedAt, byHand: byHand === true });
  }
  // What it took away nobody misses.
  if (after === null) tx.db.prepare("DELETE FROM missing_documents WHERE file = ?").run(file);
}

/** Lines that no longer fit stay, and the command is told as interrupted: a home must open whatever lies in it. */
function takeLinesBack(tx: Transaction, deps: RecoverDeps, change: Change): void {
  try {
    takeBack(tx, deps.takeBack, deps.newId(), [change]);
  } catch (error) {
    if (!(error instanceof Fault) || error.code !== "history.stale") throw error;
  }
}

function putBack(tx: Transaction, deps: RecoverDeps, commandId: string, change: Change["files"][number]): void {
  const { file, before, after } = change;
  const path = deps.pathOf(file);
  if (!path || after === before || deps.nameOf(tx.read(path)) !== after) return;
  const bytes = before === null ? undefined : deps.takeBack.readObject(before);
  if (before !== null && !bytes) return;
  tx.db.prepare("DELETE FROM missing_documents WHERE file = ?").run(file);
  const byHand = before !== null && !wasWritten(tx.db, file, before);
  try {
    writeDocumentBytes(tx, deps.kinds, commandId, path, bytes, byHand);
  } catch (error) {
    if (!(error instanceof Fault) || error.code !== "document.invalid") throw error;
    // It was broken before and is again: whoever looks at the documents names it.
    tx.write(path, bytes, byHand);
  }
  // The command came before anybody had read what a hand wrote there.
  if (before !== null && byHand && expectedHash(tx.db, file) !== before)
    tx.append(adoption(deps.newId(), { what: "document", file, after: before }));
}

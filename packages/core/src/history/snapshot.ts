import { snapshotCreate, snapshotList, snapshotPreview, snapshotRestore } from "@mh/contract/history.ts";
import { Fault } from "@mh/contract/values/fault.ts";
import type { MemoryRecord } from "@mh/contract/values/memory.ts";
import { type DocumentKind, kindFor, writeDocument } from "../documents/document.ts";
import { isByHand } from "../documents/put-back.ts";
import type { Transaction } from "../journal/transaction.ts";
import { always, defineAdmin, defineOwn, defineQuery, type OwnContext } from "../kernel/skill.ts";
import { isByCommand, isHandOrigin } from "../memory/hand-written.ts";
import { isForgotten, type MemoryDeps, memoryBySource, restore } from "../memory/store.ts";
import { canonical } from "../model/canonical.ts";
import { decodeUtf8 } from "../ports/bytes.ts";
import type { Database } from "../ports/database.ts";
import type { Files } from "../ports/files.ts";
import { readSnapshot, type Snapshot, type SnapshotLine, snapshotParts } from "./snapshot-file.ts";
import { snapshotFolder, snapshotName, snapshots } from "./snapshots.ts";

export interface SnapshotDeps extends MemoryDeps {
  files: Files;
  kinds: readonly DocumentKind[];
}

/** Copies every live memory and every document, with what a hand wrote into it, into one file. Forgetting later takes what is forgotten out of it. */
export function createSnapshotSkill(deps: SnapshotDeps) {
  return defineOwn(snapshotCreate, {
    classify: always("write", "medium"),
    stored: "kept",
    apply({ name }, { tx }) {
      const path = `${snapshotFolder}/${snapshotName(tx.now, name)}.ndjson`;
      if (tx.read(path)) throw new Fault("args.invalid", `There is a snapshot of that name already: ${path}.`);
      const count = (from: string) => (tx.db.prepare(`SELECT count(*) AS n FROM ${from}`).get() as { n: number }).n;
      const counts = { memories: count(live), documents: count("documents") };
      const header = { at: new Date(tx.now).toISOString(), ...counts };
      const byHand = textsByHand(deps.kinds, tx);
      tx.writeParts(
        path,
        snapshotParts(deps, header, () => allOf(tx.db, byHand)),
      );
      return { name: nameOf(path), path, ...counts };
    },
  });
}

const live = "memories WHERE cmd <> ''";

/** A line for each memory and each document, read one at a time. */
function* allOf(db: Database, byHand: ReadonlyMap<string, string>): Generator<string> {
  for (const row of db.prepare(`SELECT record FROM ${live} ORDER BY id`).iterate())
    yield (row as { record: string }).record;
  for (const { path, text } of documentsIn(db)) yield canonical({ document: path, text: byHand.get(path) ?? text });
}

const documentsIn = (db: Database) =>
  db.prepare("SELECT path, text FROM documents ORDER BY path").iterate() as Iterable<{ path: string; text: string }>;

/** What a hand wrote into documents and nobody took in yet, read once: it may go on writing. */
function textsByHand(kinds: SnapshotDeps["kinds"], tx: Transaction): Map<string, string> {
  const texts = new Map<string, string>();
  for (const { path, text } of documentsIn(tx.db)) {
    const written = textByHand(kinds, tx, path, text);
    if (written !== undefined) texts.set(path, written);
  }
  return texts;
}

/** Undefined where that is nothing, or is not this document any more. */
function textByHand(kinds: SnapshotDeps["kinds"], tx: Transaction, path: string, known: string): string | undefined {
  const kind = kindFor(kinds, path);
  try {
    const bytes = tx.read(path);
    const text = bytes && decodeUtf8(bytes);
    if (text === undefined || text === known) return undefined;
    kind?.check(path, text);
    return kind?.idOf?.(path, text) === kind?.idOf?.(path, known) ? text : undefined;
  } catch (error) {
    if (error instanceof Fault) return undefined;
    throw error;
  }
}

export function listSnapshotsSkill(deps: Pick<SnapshotDeps, "files">) {
  return defineQuery(snapshotList, {
    run: () => ({
      snapshots: snapshots(deps.files).map((path) => ({
        name: nameOf(path),
        path,
        bytes: deps.files.facts(path)?.size ?? 0,
      })),
    }),
  });
}

const none = { brought: 0, reverted: 0, documents: 0, same: 0, forgotten: 0 };

/**
 * Makes everything in a snapshot as it was then. What came since stays; what was forgotten since stays forgotten. The
 * settings are left alone: they bound what others may do. One that is not as it was written is refused.
 */
export function restoreSnapshotSkill(deps: SnapshotDeps) {
  return defineAdmin(snapshotRestore, {
    stored: "kept",
    apply({ name }, context) {
      const counts = { ...none };
      const { path, state, lines } = find(deps, name);
      if (state === "damaged") throw damaged(path);
      for (const { line } of lines()) {
        if (line === null) continue;
        if ("document" in line) counts[putDocument(deps, context, line)] += 1;
        else counts[putMemory(deps, context, line)] += 1;
      }
      return counts;
    },
  });
}

/** What a restore would do, and which lines of the snapshot are not as they were written. */
export function previewSnapshotSkill(deps: SnapshotDeps) {
  return defineQuery(snapshotPreview, {
    run({ name }, { db }) {
      const { path, state, lines } = find(deps, name);
      const counts = { ...none };
      const damage: { line: number; about: string | null }[] = [];
      for (const { number, line } of lines()) {
        if (line !== null) counts["document" in line ? becomesOfDocument(deps, line) : becomesOfMemory(db, line)] += 1;
        if (line !== null && (state !== "damaged" || isAsWritten(db, deps, line))) continue;
        damage.push({ line: number, about: line === null ? null : "document" in line ? line.document : line.id });
      }
      return { ...{ name: nameOf(path), path, state, ...counts }, damage };
    },
  });
}

/** By its whole name, or by the one that the owner gave it: the latest of these. */
function find(deps: SnapshotDeps, name: string): Snapshot & { path: string } {
  const isCalled = (each: string) => nameOf(each).replace(/^\d{4}-\d{2}-\d{2}T\d{6}Z-/, "") === name;
  const all = snapshots(deps.files);
  const path = all.find((each) => nameOf(each) === name || each === name) ?? all.filter(isCalled).sort().at(-1);
  if (!path || !deps.files.facts(path))
    throw new Fault("snapshot.not-found", `There is no snapshot ${name}. \`mh snapshot list\` shows them.`);
  return { path, ...readSnapshot(deps, () => deps.files.lines(path)) };
}

const damaged = (path: string): Fault =>
  new Fault(
    "snapshot.damaged",
    `${path} is not as it was written. Nothing was changed. \`mh snapshot restore ${nameOf(path)} --preview\` shows which lines, \`mh snapshot list\` other snapshots.`,
  );

/** Whether a line says what a command wrote, word for word. */
function isAsWritten(db: Database, deps: SnapshotDeps, line: SnapshotLine): boolean {
  if ("document" in line)
    return kindFor(deps.kinds, line.document)?.isGuarded === true || !isByHand(db, deps, line.document, line.text);
  return isByCommand(db, deps, line) || line.origins.every(isHandOrigin);
}

function putMemory(deps: SnapshotDeps, { tx, commandId }: OwnContext, record: MemoryRecord) {
  const becomes = becomesOfMemory(tx.db, record);
  if (becomes === "reverted" || becomes === "brought") restore(tx, deps, commandId, record, revOf(tx.db, record.id));
  return becomes;
}

function becomesOfMemory(db: Database, record: MemoryRecord): keyof typeof none {
  const { id, source, externalId } = record;
  if (isForgotten(db, id)) return "forgotten";
  const live = db.prepare("SELECT record FROM memories WHERE id = ?").get(id) as { record: string } | undefined;
  if (live && said(JSON.parse(live.record)) === said(record)) return "same";
  // The same thing was imported anew under another id.
  if (!live && externalId !== undefined && memoryBySource(db, source, externalId)) return "same";
  return live ? "reverted" : "brought";
}

/** A memory without what only its revision knows. */
function said({ rev, cmd, recordedAt, ...rest }: MemoryRecord): string {
  return canonical(rest);
}

const revOf = (db: Database, id: string): number =>
  (db.prepare("SELECT coalesce(max(rev), 0) AS rev FROM revisions WHERE id = ?").get(id) as { rev: number }).rev;

function putDocument(deps: SnapshotDeps, { tx, commandId }: OwnContext, line: InDocument) {
  const becomes = becomesOfDocument({ ...deps, files: { read: tx.read } }, line);
  const { document, text } = line;
  // The snapshot is a file as the others are: what no command wrote before vouches for nobody now.
  if (becomes === "documents")
    writeDocument(tx, deps.kinds, commandId, document, text, isByHand(tx.db, deps, document, text));
  return becomes;
}

type InDocument = Extract<SnapshotLine, { document: string }>;

function becomesOfDocument(
  { files, kinds }: { files: Pick<Files, "read">; kinds: SnapshotDeps["kinds"] },
  { document, text }: InDocument,
): keyof typeof none {
  const bytes = files.read(document);
  return kindFor(kinds, document)?.isGuarded || (bytes && decodeUtf8(bytes) === text) ? "same" : "documents";
}

const nameOf = (path: string): string => path.slice(snapshotFolder.length + 1, -".ndjson".length);

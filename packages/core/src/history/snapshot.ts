import { snapshotCreate, snapshotList, snapshotRestore } from "@mh/contract/history.ts";
import { once } from "@mh/contract/once.ts";
import { Fault } from "@mh/contract/values/fault.ts";
import { type MemoryRecord, memoryRecordSchema } from "@mh/contract/values/memory.ts";
import { z } from "zod";
import { type DocumentKind, kindFor, writeDocument } from "../documents/document.ts";
import { isByHand } from "../documents/put-back.ts";
import { always, defineAdmin, defineOwn, defineQuery, type OwnContext } from "../kernel/skill.ts";
import { type MemoryDeps, memoryBySource, restore } from "../memory/store.ts";
import { canonical } from "../model/canonical.ts";
import { decodeLossy, decodeUtf8, utf8 } from "../ports/bytes.ts";
import type { Database } from "../ports/database.ts";
import type { Files } from "../ports/files.ts";
import { snapshotFolder, snapshotName, snapshots } from "./snapshots.ts";

export interface SnapshotDeps extends MemoryDeps {
  files: Files;
  kinds: readonly DocumentKind[];
}

/** Copies every live memory and every document into one file. Forgetting later takes what is forgotten out of it. */
export function createSnapshotSkill() {
  return defineOwn(snapshotCreate, {
    classify: always("write", "medium"),
    stored: "kept",
    apply({ name }, { tx }) {
      const path = `${snapshotFolder}/${snapshotName(tx.now, name)}.ndjson`;
      if (tx.read(path)) throw new Fault("args.invalid", `There is a snapshot of that name already: ${path}.`);
      const records = tx.db.prepare("SELECT record FROM memories WHERE cmd <> '' ORDER BY id").all() as {
        record: string;
      }[];
      const documents = tx.db.prepare("SELECT path, text FROM documents ORDER BY path").all() as {
        path: string;
        text: string;
      }[];
      const lines = [
        canonical({ v: 1, at: new Date(tx.now).toISOString(), memories: records.length, documents: documents.length }),
        ...records.map(({ record }) => record),
        ...documents.map(({ path, text }) => canonical({ document: path, text })),
      ];
      tx.write(path, utf8.encode(`${lines.join("\n")}\n`));
      return { name: nameOf(path), path, memories: records.length, documents: documents.length };
    },
  });
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

/**
 * Makes everything in a snapshot as it was then. What came since stays; what was forgotten since stays forgotten. The
 * settings are left alone: they bound what others may do.
 */
export function restoreSnapshotSkill(deps: SnapshotDeps) {
  return defineAdmin(snapshotRestore, {
    stored: "kept",
    apply({ name }, context) {
      const counts = { brought: 0, reverted: 0, documents: 0, same: 0, forgotten: 0 };
      for (const line of linesOf(deps, name)) {
        if ("document" in line) counts[putDocument(deps, context, line)] += 1;
        else counts[putMemory(deps, context, line)] += 1;
      }
      return counts;
    },
  });
}

const lineSchema = once(() =>
  z.union([memoryRecordSchema(), z.strictObject({ document: z.string(), text: z.string() })]),
);

function linesOf(deps: SnapshotDeps, name: string): z.infer<ReturnType<typeof lineSchema>>[] {
  // By its whole name, or by the one that the owner gave it: the latest of these.
  const isCalled = (each: string) => nameOf(each).replace(/^\d{4}-\d{2}-\d{2}T\d{6}Z-/, "") === name;
  const all = snapshots(deps.files);
  const path = all.find((each) => nameOf(each) === name || each === name) ?? all.filter(isCalled).sort().at(-1);
  const bytes = path && deps.files.read(path);
  if (!bytes) throw new Fault("snapshot.not-found", `There is no snapshot ${name}. \`mh snapshot list\` shows them.`);
  const [, ...rest] = decodeLossy(bytes).split("\n").filter(Boolean);
  return rest.map((stored, n) => {
    try {
      return lineSchema().parse(JSON.parse(stored));
    } catch (cause) {
      throw new Fault("snapshot.not-found", `${path} line ${n + 2} cannot be read. Nothing was changed.`, { cause });
    }
  });
}

function putMemory(deps: SnapshotDeps, { tx, commandId }: OwnContext, record: MemoryRecord) {
  const { id, source, externalId } = record;
  if (tx.db.prepare("SELECT 1 FROM tombstones WHERE id = ?").get(id)) return "forgotten";
  const live = tx.db.prepare("SELECT record FROM memories WHERE id = ?").get(id) as { record: string } | undefined;
  if (live && said(JSON.parse(live.record)) === said(record)) return "same";
  // The same thing was imported anew under another id.
  if (!live && externalId !== undefined && memoryBySource(tx.db, source, externalId)) return "same";
  restore(tx, deps, commandId, record, revOf(tx.db, id));
  return live ? "reverted" : "brought";
}

/** A memory without what only its revision knows. */
function said({ rev, cmd, recordedAt, ...rest }: MemoryRecord): string {
  return canonical(rest);
}

const revOf = (db: Database, id: string): number =>
  (db.prepare("SELECT coalesce(max(rev), 0) AS rev FROM revisions WHERE id = ?").get(id) as { rev: number }).rev;

function putDocument(
  deps: SnapshotDeps,
  { tx, commandId }: OwnContext,
  { document, text }: { document: string; text: string },
) {
  const bytes = tx.read(document);
  const kind = kindFor(deps.kinds, document);
  if (kind?.isGuarded || (bytes && decodeUtf8(bytes) === text)) return "same";
  // The snapshot is a file as the others are: what no command wrote before vouches for nobody now.
  writeDocument(tx, deps.kinds, commandId, document, text, isByHand(tx.db, deps, document, text));
  return "documents";
}

const nameOf = (path: string): string => path.slice(snapshotFolder.length + 1, -".ndjson".length);

import { memoryForget } from "@mh/contract/memory.ts";
import type { MemoryRecord, Tombstone } from "@mh/contract/values/memory.ts";
import { fileName } from "../../documents/file-name.ts";
import { objectsFolder } from "../../journal/objects-folder.ts";
import type { Transaction } from "../../journal/transaction.ts";
import type { ChangeBody } from "../../kernel/changes.ts";
import { closedPayloadsOf, keptValuesOf } from "../../kernel/kept-values.ts";
import { always, defineOwn } from "../../kernel/skill.ts";
import { decodeLossy } from "../../ports/bytes.ts";
import type { Database } from "../../ports/database.ts";
import type { Files } from "../../ports/files.ts";
import { bearsId, forget } from "../forgetting.ts";
import { isDocument, type MemoryDeps, memory } from "../store.ts";

export type ForgetDeps = MemoryDeps & {
  files: Files;
  /** Caches that drop what they made of a memory, at once. */
  onForgotten: ReadonlySet<(memory: string) => void>;
};

/** Removes what a memory said, everywhere, for good. A tombstone keeps importers from bringing it back. */
export function forgetSkill(deps: ForgetDeps) {
  return defineOwn(memoryForget, {
    classify: always("destroy", "medium"),
    stored: {
      recall(db, commandId) {
        const row = db.prepare("SELECT line FROM tombstones WHERE cmd = ?").get(commandId);
        if (!row) return undefined;
        const { id, externalId } = JSON.parse((row as { line: string }).line) as Tombstone;
        return { id, ...(externalId !== undefined && { externalId }) };
      },
    },
    // By its revision: what it says has no place in what is kept of the approval.
    async pin({ id }, { db }) {
      const { id: what, rev } = memory(db, id);
      return { pins: [{ argument: "id", what, hash: `revision ${rev}` }] };
    },
    // Nobody is asked about a memory that is not there.
    async prepare({ id }, { db }) {
      memory(db, id);
    },
    apply({ id }, { tx, commandId, note }) {
      const tombstone = forgetWhole(tx, deps, commandId, memory(tx.db, id), note);
      const { externalId } = tombstone;
      return { id: tombstone.id, ...(externalId !== undefined && { externalId }) };
    },
  });
}

/** Removes what a memory said, with every object and cache that holds its words. */
export function forgetWhole(
  tx: Transaction,
  deps: ForgetDeps,
  commandId: string,
  record: MemoryRecord,
  note: (more: Partial<ChangeBody>) => void,
): Tombstone {
  // First: what is gone too early is made again, and what stays too long is not forgotten.
  for (const drop of deps.onForgotten) drop(record.id);
  for (const name of objectsAbout(tx, deps, record)) tx.dropObject(name);
  return forget(tx, deps, commandId, record, note);
}

/**
 * Objects that hold this memory's words: earlier texts of its file, whatever its name was, payloads of approval requests
 * that are closed, and what any command gave.
 */
function objectsAbout(tx: Transaction, deps: ForgetDeps, { id, content }: MemoryRecord): string[] {
  const { file: path } = tx.db.prepare("SELECT file FROM memories WHERE id = ?").get(id) as { file: string };
  const sql = `SELECT object FROM approvals WHERE status <> 'open' AND id IN (SELECT cmd FROM revisions WHERE id = :id)
    UNION SELECT object FROM images WHERE file = :file`;
  const rows = tx.db.prepare(sql).all({ id, file: fileName(deps, path) }) as { object: string }[];
  const traces = isDocument(path) ? tracesOf(tx.db, deps, id, path) : { texts: [], files: [] };
  // The name of its file says what it says.
  const paths = isDocument(path) ? [path, ...traces.files.map((file) => textOf(deps, file))] : [];
  const words = [content, ...paths].filter((text) => text !== "").map((text) => JSON.stringify(text).slice(1, -1));
  const holds = (text: string) => words.some((each) => text.includes(each));
  return [
    ...rows.map(({ object }) => object),
    ...[...traces.texts, ...traces.files],
    ...closedPayloadsOf(tx, holds),
    // Beside its id may stand a part of its words.
    ...keptValuesOf(tx, `memory:${id}`, (text) => text.includes(id) || holds(text)),
  ];
}

/** Texts that say they are this memory, and the objects that hold the paths that its file ever had. */
function tracesOf(db: Database, deps: ForgetDeps, id: string, path: string): { texts: string[]; files: string[] } {
  const { files, crypto, hmacKey } = deps;
  const images = db.prepare("SELECT DISTINCT object FROM images").all() as { object: string }[];
  const own = images.map(({ object }) => object).filter((object) => bearsId(textOf(deps, object), id));
  const now = files.read(path);
  const sql = `SELECT DISTINCT f.value ->> 'file' AS file FROM changes, json_each(changes.files) f
    WHERE f.value ->> 'after' IN (SELECT value FROM json_each(:texts))
      OR f.value ->> 'before' IN (SELECT value FROM json_each(:texts))`;
  const texts = JSON.stringify([...own, ...(now ? [crypto.hmacHex(hmacKey, now)] : [])]);
  const paths = db.prepare(sql).all({ texts }) as { file: string }[];
  return { texts: own, files: paths.map(({ file }) => file) };
}

const textOf = ({ files }: ForgetDeps, object: string): string =>
  decodeLossy(files.read(`${objectsFolder}/${object}`) ?? new Uint8Array());

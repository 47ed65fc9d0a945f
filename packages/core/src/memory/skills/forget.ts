import { z } from "zod";
import { fileName } from "../../documents/file-name.ts";
import { objectsFolder } from "../../journal/ledger.ts";
import { defineOwn } from "../../kernel/legacy.ts";
import { always } from "../../kernel/skill.ts";
import { decodeLossy } from "../../ports/bytes.ts";
import type { Database } from "../../ports/database.ts";
import type { Files } from "../../ports/files.ts";
import { bearsId, forget, isDocument, type MemoryDeps, memory } from "../store.ts";

const input = z.strictObject({ id: z.string() });
const output = z.strictObject({ id: z.string(), externalId: z.string().optional() });

type ForgetDeps = MemoryDeps & { files: Files };

/** Removes what a memory said, everywhere, for good. A tombstone keeps importers from bringing it back. */
export function forgetSkill(deps: ForgetDeps) {
  return defineOwn<z.infer<typeof input>, z.infer<typeof output>, void>({
    manifest: {
      name: "memory.forget",
      version: "1.0.0",
      title: "Forget a memory for good",
      input,
      output,
      effects: ["destroy"],
      permissions: {},
      control: ["id"],
      provenance: { types: { id: "id" }, takes: { id: "memory" } },
      undo: null,
      retry: "safe",
      event: "memory.forgotten",
    },
    classify: always("destroy", "medium"),
    // Nobody is asked about a memory that is not there.
    async prepare({ id }, { db }) {
      memory(db, id);
    },
    apply({ id }, { tx, commandId, note }) {
      const record = memory(tx.db, id);
      for (const name of objectsAbout(tx.db, deps, record.id)) tx.dropObject(name);
      const tombstone = forget(tx, deps, commandId, record, note);
      const { externalId } = tombstone;
      return { id: tombstone.id, ...(externalId !== undefined && { externalId }) };
    },
    recall(db, commandId) {
      const row = db.prepare("SELECT line FROM tombstones WHERE json_extract(line, '$.cmd') = ?").get(commandId);
      if (!row) return undefined;
      const { id, externalId } = JSON.parse((row as { line: string }).line) as { id: string; externalId?: string };
      return { id, ...(externalId !== undefined && { externalId }) };
    },
  });
}

/** Payloads of answered questions that held this memory's words, and earlier texts of its file, whatever its name was. */
function objectsAbout(db: Database, deps: ForgetDeps, id: string): string[] {
  const { file: path } = db.prepare("SELECT file FROM memories WHERE id = ?").get(id) as { file: string };
  const sql = `SELECT object FROM approvals WHERE status <> 'open' AND id IN (SELECT cmd FROM revisions WHERE id = :id)
    UNION SELECT object FROM images WHERE file = :file`;
  const rows = db.prepare(sql).all({ id, file: fileName(deps, path) }) as { object: string }[];
  return [...rows.map((row) => row.object), ...(isDocument(path) ? tracesOf(db, deps, id, path) : [])];
}

/** Texts that say they are this memory, and the objects that hold the paths that its file ever had. */
function tracesOf(db: Database, { files, crypto, hmacKey }: ForgetDeps, id: string, path: string): string[] {
  const images = db.prepare("SELECT DISTINCT object FROM images").all() as { object: string }[];
  const textOf = (object: string) => decodeLossy(files.read(`${objectsFolder}/${object}`) ?? new Uint8Array());
  const own = images.map(({ object }) => object).filter((object) => bearsId(textOf(object), id));
  const now = files.read(path);
  const sql = `SELECT DISTINCT f.value ->> 'file' AS file FROM deeds, json_each(deeds.files) f
    WHERE f.value ->> 'after' IN (SELECT value FROM json_each(:texts))
      OR f.value ->> 'before' IN (SELECT value FROM json_each(:texts))`;
  const texts = JSON.stringify([...own, ...(now ? [crypto.hmacHex(hmacKey, now)] : [])]);
  const paths = db.prepare(sql).all({ texts }) as { file: string }[];
  return [...own, ...paths.map(({ file }) => file)];
}

import type { Principal } from "@mh/contract/values/principal.ts";
import { z } from "zod";
import type { TableSet } from "../kernel/tables.ts";
import type { Database } from "../ports/database.ts";

const schema = `
CREATE TABLE extensions (
  kind TEXT NOT NULL, name TEXT NOT NULL, hash TEXT NOT NULL, manifest TEXT NOT NULL, files TEXT NOT NULL,
  object TEXT NOT NULL, since_ms INTEGER NOT NULL, PRIMARY KEY (kind, name)
);`;

/** What an `adopt` record says of an extension; without a hash it is taken out. */
export const extensionAdoptionSchema = z.object({
  what: z.enum(["skill", "mcp"]),
  name: z.string(),
  hash: z.string().nullable(),
  /** What it declares, as the owner saw it. */
  manifest: z.record(z.string(), z.unknown()),
  /** SHA-256 of each of its files. */
  files: z.record(z.string(), z.string()),
  /** The object that keeps where it came from, and its texts. */
  object: z.string(),
});
export type ExtensionAdoption = z.infer<typeof extensionAdoptionSchema>;

export interface ExtensionRow {
  kind: ExtensionAdoption["what"];
  name: string;
  hash: string;
  /** JSON. */
  manifest: string;
  /** JSON. */
  files: string;
  object: string;
  since_ms: number;
}

/** Packages of skills and MCP servers that the owner let in, at which version: folded from the journal. */
export const extensionTables: TableSet = {
  name: "extensions",
  version: 1,
  schema,
  folds: {
    adopt: (db, { body }, now) => (body?.what === "skill" || body?.what === "mcp") && foldExtension(db, body, now),
  },
};

function foldExtension(db: Database, body: unknown, now: number): void {
  const { what, name, hash, manifest, files, object } = extensionAdoptionSchema.parse(body);
  if (hash === null) return void db.prepare("DELETE FROM extensions WHERE kind = ? AND name = ?").run(what, name);
  db.prepare("INSERT OR REPLACE INTO extensions VALUES (?, ?, ?, ?, ?, ?, ?)").run(
    ...[what, name, hash, JSON.stringify(manifest), JSON.stringify(files), object, now],
  );
}

export const extensionRows = (db: Database, kind: ExtensionRow["kind"]): ExtensionRow[] =>
  db.prepare("SELECT * FROM extensions WHERE kind = ? ORDER BY name").all(kind) as ExtensionRow[];

export function extensionRow(db: Database, kind: ExtensionRow["kind"], name: string): ExtensionRow | undefined {
  return db.prepare("SELECT * FROM extensions WHERE kind = ? AND name = ?").get(kind, name) as ExtensionRow | undefined;
}

/** What a package declared that its scripts may call; undefined where it was never let in. */
export function skillMay(db: Database, principal: Principal): readonly string[] | undefined {
  if (!principal.startsWith("skill:")) return undefined;
  const row = extensionRow(db, "skill", principal.slice("skill:".length));
  if (!row) return undefined;
  return (
    (JSON.parse(row.manifest) as { mh: { permissions: { skills: string[] } } | null }).mh?.permissions.skills ?? []
  );
}

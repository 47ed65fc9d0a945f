import type { Principal } from "@mh/contract/values/principal.ts";
import { type AdoptionRow, adoptionRow, adoptionRows } from "../adoption/adoptions-table.ts";
import type { Database } from "../ports/database.ts";

/** Packages of skills and MCP servers that the owner allowed. */
export type ExtensionRow = Omit<AdoptionRow, "kind" | "state" | "from_seq"> & { kind: "skill" | "mcp" };

export const extensionRows = (db: Database, kind: ExtensionRow["kind"]): ExtensionRow[] =>
  adoptionRows(db, kind) as ExtensionRow[];

export const extensionRow = (db: Database, kind: ExtensionRow["kind"], name: string): ExtensionRow | undefined =>
  adoptionRow(db, kind, name) as ExtensionRow | undefined;

/** What a package declared that its scripts may call; undefined where it was never allowed. */
export function skillMay(db: Database, principal: Principal): readonly string[] | undefined {
  if (!principal.startsWith("skill:")) return undefined;
  const row = extensionRow(db, "skill", principal.slice("skill:".length));
  if (!row) return undefined;
  return (
    (JSON.parse(row.manifest) as { mh: { permissions: { skills: string[] } } | null }).mh?.permissions.skills ?? []
  );
}

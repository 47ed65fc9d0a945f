import type { Database } from "../../ports/database.ts";
import { memoryBySource } from "../store.ts";
import type { Vault } from "./source.ts";

/** A part of a folder whose notes are filed under `source`: those `below` it there, `within` that vault. Both end in a slash. */
export type VaultPart = { source: string; below: string; within: string };

/**
 * The vaults that a folder is, or is a part of, or holds: one that was imported from there, one that it lies in, ones that
 * lie in it, or one whose notes it has, which was moved, cloned or comes from another machine. The deepest first, and at last
 * the one that all the rest belongs to: a new one, named by where it lies, where nothing is known.
 */
export async function partsKnown(db: Database, vault: Vault): Promise<VaultPart[]> {
  const sources = sourcesLike(db, `${vault.prefix}:`);
  const rootOf = (source: string) => source.slice(vault.prefix.length + 1);
  const inside = sources
    .filter((source) => rootOf(source).startsWith(`${vault.base}/`))
    .map((source) => ({ source, below: `${rootOf(source).slice(vault.base.length + 1)}/`, within: "" }));
  return [...inside.sort((a, b) => b.below.length - a.below.length), await wholeOf(db, vault, sources, rootOf)];
}

async function wholeOf(db: Database, vault: Vault, sources: string[], rootOf: (source: string) => string) {
  if (sources.includes(vault.source)) return { source: vault.source, below: "", within: "" };
  const [around] = sources
    .filter((source) => vault.base.startsWith(`${rootOf(source)}/`))
    .sort((a, b) => b.length - a.length);
  if (around !== undefined)
    return { source: around, below: "", within: `${vault.base.slice(rootOf(around).length + 1)}/` };
  return { source: (await sameNotes(db, vault, sources)) ?? vault.source, below: "", within: "" };
}

/**
 * The vault of which at least half of the sampled notes are, in the same places with the same words, and of whose notes they
 * are no mere handful: a note that every new vault begins with makes no two of them one.
 */
async function sameNotes(db: Database, vault: Vault, known: readonly string[]): Promise<string | undefined> {
  if (known.length === 0) return undefined;
  const same = new Map<string, number>();
  let sampled = 0;
  for await (const { externalId, content } of vault.sample()) {
    sampled += 1;
    for (const source of known)
      if (memoryBySource(db, source, externalId)?.content === content) same.set(source, (same.get(source) ?? 0) + 1);
  }
  const [best] = [...same].sort((a, b) => b[1] - a[1]);
  return best && best[1] * 2 >= Math.max(sampled, notesOf(db, best[0])) ? best[0] : undefined;
}

const notesMax = 20;

/** How many notes of a vault are known, as far as that matters. */
function notesOf(db: Database, source: string): number {
  const sql = `SELECT count(*) AS n FROM (SELECT DISTINCT session FROM memories
    WHERE source = ? AND external_id IS NOT NULL AND session IS NOT NULL LIMIT ${notesMax})`;
  return (db.prepare(sql).get(source) as { n: number }).n;
}

/** The sources whose names begin so, each looked up by the index, not by its memories. */
export function sourcesLike(db: Database, beginning: string): string[] {
  const next = db.prepare(
    `SELECT source FROM memories WHERE source > ? AND source < ? AND external_id IS NOT NULL
     ORDER BY source LIMIT 1`,
  );
  const found: string[] = [];
  for (let after = beginning; ; ) {
    const row = next.get(after, `${beginning}\u{10ffff}`) as { source: string } | undefined;
    if (!row) return found;
    found.push(row.source);
    after = row.source;
  }
}

import { entityKey } from "../memory/project.ts";
import type { Database } from "../ports/database.ts";

/** What the owner calls themselves, in English and German. */
const ownerWords = new Set("i me myself ich mich mir".split(" "));

/** A name as facts keep it: "I" is the owner, by name where the settings tell it. */
export const nameKept = (name: string, owner: string): string =>
  ownerWords.has(entityKey(name)) ? owner.trim() || "I" : name;

const isOwnerName = (name: string, owner: string): boolean =>
  ownerWords.has(entityKey(name)) || (owner.trim() !== "" && entityKey(name) === entityKey(owner.trim()));

/** By these facts somebody or something has more than one name. */
const aliasPredicates = ["nickname", "also-known-as"] as const;

const aliasesMax = 50;

/**
 * The keys by which facts and memories name somebody or something: the name that was told first, then the other ones. An
 * alias leads to the one who bears it, and to that one's other aliases.
 */
export function keysOf(db: Database, name: string, owner: string): string[] {
  const asked = entityKey(name.trim());
  const own = isOwnerName(name, owner) ? ["i", ...(owner.trim() ? [entityKey(owner.trim())] : [])] : [];
  const keys = new Set([asked, ...own]);
  const among = "IN (SELECT value FROM json_each(:keys))";
  const sql = `SELECT subject_key AS a, object_key AS b FROM facts
    WHERE status <> 'revoked' AND predicate IN (${aliasPredicates.map((each) => `'${each}'`).join(", ")})
      AND (subject_key ${among} OR object_key ${among}) LIMIT ${aliasesMax}`;
  // Twice: from an alias to its bearer, and from there to the other aliases.
  for (const _ of [1, 2]) {
    const rows = db.prepare(sql).all({ keys: JSON.stringify([...keys]) }) as { a: string; b: string }[];
    for (const { a, b } of rows) keys.add(a).add(b);
  }
  return [...keys];
}

/** As words alone: a name is written with and without its hyphens, apostrophes and dots. */
const inWords = (text: string): string => entityKey(text.replace(/[^\p{L}\p{N}\p{M}]+/gu, " ")).trim();

/** Says of names, by their keys, whether a text has any of them, as words of their own. */
export function namesIn(text: string): (keys: readonly string[]) => boolean {
  const said = ` ${inWords(text)} `;
  return (keys) => keys.map(inWords).some((key) => key !== "" && said.includes(` ${key} `));
}

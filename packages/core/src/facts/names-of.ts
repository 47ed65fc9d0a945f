import { Fault } from "@mh/contract/values/fault.ts";
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

const aliasSql = aliasPredicates.map((each) => `'${each}'`).join(", ");

const aliasesMax = 50;
const shownMax = 10;

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
    WHERE status <> 'revoked' AND predicate IN (${aliasSql})
      AND (subject_key ${among} OR object_key ${among}) LIMIT ${aliasesMax}`;
  // Twice: from an alias to its bearer, and from there to the other aliases.
  for (const _ of [1, 2]) {
    const rows = db.prepare(sql).all({ keys: JSON.stringify([...keys]) }) as { a: string; b: string }[];
    for (const { a, b } of rows) keys.add(a).add(b);
  }
  return [...keys];
}

/**
 * Whom or what a name means, by its own name: itself where memories or facts have it, else all the people who have it as a whole part of
 * a name or an alias, each once.
 */
export function namesMeant(db: Database, name: string, owner: string): string[] {
  const isKnown = db.prepare(`SELECT 1 FROM entities WHERE key = :key
    UNION ALL SELECT 1 FROM facts WHERE (subject_key = :key OR object_key = :key) AND status <> 'revoked' LIMIT 1`);
  if (isOwnerName(name, owner) || isKnown.get({ key: entityKey(name.trim()) })) return [name];
  const part = inWords(name);
  const [word = ""] = part.split(" ");
  const sql = `SELECT key, name FROM people WHERE instr(key, :word) > 0
    UNION SELECT f.object_key, m.record ->> '$.fact.object' FROM facts f JOIN memories m ON m.rowid = f.memory
      WHERE f.status <> 'revoked' AND f.predicate IN (${aliasSql}) AND instr(f.object_key, :word) > 0
    ORDER BY 1`;
  const rows = word === "" ? [] : (db.prepare(sql).all({ word }) as { key: string; name: string }[]);
  const met = new Set<string>();
  return rows.flatMap((row) => {
    if (met.has(row.key) || !` ${inWords(row.key)} `.includes(` ${part} `)) return [];
    for (const key of keysOf(db, row.name, owner)) met.add(key);
    return [row.name];
  });
}

/** The one whom a name means; the name itself where nobody is known by it. Throws where several are. */
export function nameMeant(db: Database, name: string, owner: string): string {
  const [only = name, ...others] = namesMeant(db, name, owner);
  if (others.length === 0) return only;
  const shown = [only, ...others].slice(0, shownMax).join(", ");
  throw new Fault("args.invalid", `“${name}” may mean ${shown}. Say which.`);
}

/** As words alone: a name is written with and without its hyphens, apostrophes and dots. */
const inWords = (text: string): string => entityKey(text.replace(/[^\p{L}\p{N}\p{M}]+/gu, " ")).trim();

/** Says of names, by their keys, whether a text has any of them, as words of their own. */
export function namesIn(text: string): (keys: readonly string[]) => boolean {
  const said = ` ${inWords(text)} `;
  return (keys) => keys.map(inWords).some((key) => key !== "" && said.includes(` ${key} `));
}

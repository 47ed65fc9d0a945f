import { memoryArchive, memoryUnarchive } from "@mh/contract/memory.ts";
import { memorySpot } from "@mh/contract/memory-look.ts";
import { Fault } from "@mh/contract/values/fault.ts";
import type { MemoryRecord } from "@mh/contract/values/memory.ts";
import { factText, sourcedFacts } from "../../facts/facts.ts";
import { withStanding } from "../../facts/list.ts";
import { defineAdmin, defineQuery } from "../../kernel/skill.ts";
import { localDay } from "../../model/wall-clock.ts";
import type { Database } from "../../ports/database.ts";
import { proposedOnce } from "../../proposals/proposals.ts";
import { archive, isArchivable, unarchive } from "../archive.ts";
import { memoryRow } from "../project.ts";
import { type MemoryDeps, memory } from "../store.ts";

export function archiveSkill(deps: MemoryDeps) {
  return defineAdmin(memoryArchive, {
    stored: "kept",
    apply({ ids }, { tx, commandId }) {
      const records = named(tx.db, ids);
      const odd = records.find((record) => !isArchivable(record));
      if (odd) throw new Fault("args.invalid", `${odd.id} is ${odd.kind}: only what was lived or written is archived.`);
      return { ids: changed(records, (record) => archive(tx, deps, commandId, record), "archived already") };
    },
  });
}

export function unarchiveSkill(deps: MemoryDeps) {
  return defineAdmin(memoryUnarchive, {
    stored: "kept",
    apply({ ids }, { tx, commandId }) {
      const records = named(tx.db, ids);
      return { ids: changed(records, (record) => unarchive(tx, deps, commandId, record), "not archived") };
    },
  });
}

/** Each once, however often its id was given. */
const named = (db: Database, ids: readonly string[]): MemoryRecord[] => [
  ...new Map(ids.map((id) => memory(db, id)).map((record) => [record.id, record])).values(),
];

function changed(records: readonly MemoryRecord[], does: (record: MemoryRecord) => boolean, else_: string): string[] {
  const ids = records.filter(does).map(({ id }) => id);
  if (ids.length > 0) return ids;
  throw new Fault("memory.unchanged", `${records.map(({ id }) => id).join(", ")}: ${else_}; nothing was written.`);
}

const dayMs = 86_400_000;
/** What was told again is old after a season, what is over after half a year; so many old ones are worth a question. */
const repeatedAfterMs = 90 * dayMs;
const supersededAfterMs = 180 * dayMs;
const repeatsMin = 3;
const textCharsMax = 200;

/** What could be archived: words that were told later again, and short notes of which all that rests on them is over. */
export function spotArchivableSkill({ timeZone }: { timeZone: () => string }) {
  return defineQuery(memorySpot, {
    run({ limit }, { db, now }) {
      const asked = proposedOnce(db, "archive");
      const repeated = repeatedIn(db, now - repeatedAfterMs, limit, asked);
      const superseded = supersededIn(db, now - supersededAfterMs, localDay(now, timeZone()), asked);
      return { found: [...repeated, ...superseded].slice(0, limit) };
    },
  });
}

interface Spotted {
  why: "repeated" | "superseded";
  memories: string[];
  text: string;
  last: string | null;
}

/** The text's index alone tells which words were told often; of these the last telling stays. */
function repeatedIn(db: Database, beforeMs: number, limit: number, asked: ReadonlySet<string>): Spotted[] {
  const often = db.prepare("SELECT text_key AS key FROM memories GROUP BY text_key HAVING count(*) > ?");
  const told = db.prepare(
    `SELECT id, at_ms AS ms, content FROM memories WHERE text_key = ? AND kind = 'episodic' AND archived = 0 ORDER BY at_ms, id`,
  );
  const found: Spotted[] = [];
  for (const { key } of often.all(repeatsMin) as { key: string }[]) {
    const all = told.all(key) as { id: string; ms: number; content: string }[];
    const last = all.at(-1);
    const old = all.slice(0, -1).filter(({ id, ms }) => ms < beforeMs && !asked.has(id));
    if (!last || old.length < repeatsMin) continue;
    const memories = old.map(({ id }) => id).slice(0, 500);
    found.push({ why: "repeated", memories, text: begins(last.content), last: new Date(last.ms).toISOString() });
    if (found.length === limit) break;
  }
  return found;
}

/** Notes of one statement, as far as their length tells, that no fact which holds rests on. */
function supersededIn(db: Database, beforeMs: number, day: string, asked: ReadonlySet<string>): Spotted[] {
  const facts = withStanding(db, sourcedFacts(db), day);
  const holding = new Set(
    facts.filter(({ standing }) => standing === "now" || standing === "later").flatMap(({ fact }) => fact.sources),
  );
  const over = facts.filter(({ standing }) => standing === "before" || standing === "revoked");
  const found = new Map<string, Spotted>();
  for (const { fact } of over)
    for (const id of fact.sources.filter((source) => !holding.has(source) && !asked.has(source))) {
      const row = memoryRow(db, id);
      const record = row && (JSON.parse(row.record) as MemoryRecord);
      if (record?.kind !== "episodic" || record.archived !== undefined) continue;
      if (Date.parse(record.at) >= beforeMs || record.content.length > textCharsMax) continue;
      found.set(id, { why: "superseded", memories: [id], text: factText(fact), last: null });
    }
  return [...found.values()];
}

const begins = (text: string): string => text.replace(/\s+/g, " ").trim().slice(0, textCharsMax).toWellFormed();

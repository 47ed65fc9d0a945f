import type { ArgsOf } from "@mh/contract/contract.ts";
import { type Hit, memoryAsk, memoryList, memorySearch, memoryShow } from "@mh/contract/memory-look.ts";
import { relationshipList } from "@mh/contract/relationships.ts";
import type { MemoryRecord } from "@mh/contract/values/memory.ts";
import { lastContact } from "../../facts/contact.ts";
import { keysOf, namesMeant } from "../../facts/names-of.ts";
import { defineQuery, type QueryContext } from "../../kernel/skill.ts";
import type { Database } from "../../ports/database.ts";
import { loadAskedTimes } from "../language.ts";
import { entityKey } from "../project.ts";
import type { SearchQuery } from "../search/search.ts";
import type { WordVectors } from "../search/word-vectors.ts";
import { memory } from "../store.ts";
import type { QuestionMeanings } from "../vectors/question-meaning.ts";

export interface ReadDeps {
  timeZone: () => string;
  /** Says whether a row is what was written; throws where the cache is damaged. */
  checkRow: (record: string, checkSum: string) => void;
  checkMemory: CheckMemory;
  /** How close memories are to a question in meaning. */
  meanings: Pick<QuestionMeanings, "of">;
  wordVectors: () => Promise<WordVectors>;
}

/** Says whether a memory of the index is one that a command wrote, or says itself that none did; throws otherwise. */
export type CheckMemory = (db: Database, record: MemoryRecord) => void;

type SearchArgs = ArgsOf<typeof memorySearch>;

/** Finds memories by words, dates and people, and by meaning where there is an embedder. */
export function searchSkill(deps: ReadDeps) {
  return defineQuery(memorySearch, {
    run: (args, context) => find(deps, args, context),
  });
}

/** Answers a question from memory, with the ids of what it rests on. */
export function askSkill(deps: ReadDeps) {
  return defineQuery(memoryAsk, {
    async run({ q, k }, context) {
      const { db, now } = context;
      const askedTimes = await loadAskedTimes(q);
      const { ask } = await import("../ask/ask.ts");
      const asked = await deps.meanings.of(q, context);
      const { meaning } = asked;
      const setting = { at: new Date(now), timeZone: deps.timeZone(), meaning, vectors: await deps.wordVectors() };
      const answer = ask(db, { text: q, k, askedTimes, ...setting });
      for (const { id } of answer.citations) checkRow(db, deps, id);
      const besides = (apart: Pick<SearchQuery, "kinds" | "archived">) => {
        if (answer.sureness !== "nothing") return undefined;
        const other = ask(db, { text: q, k: 1, askedTimes, ...setting, ...apart });
        return other.sureness === "nothing" ? undefined : other.citations[0];
      };
      const first = besides(written);
      const old = besides(shelved);
      return {
        ...answer,
        ...noted(
          asked.note,
          first && `Agents or assistants may have it: [${first.id}]. ${toFind}`,
          old && `Something that you archived may have it: [${old.id}]. ${toFindArchived}`,
        ),
      };
    },
  });
}

/** The memories that a question finds, each compared with what was written. */
export async function find(
  deps: ReadDeps,
  { q, k, kinds, from, to, archived, explain }: SearchArgs,
  context: QueryContext,
): Promise<{ hits: Hit[]; note?: string }> {
  const { db, now } = context;
  const askedTimes = await loadAskedTimes(q);
  const { search } = await import("../search/search.ts");
  const asked = await deps.meanings.of(q, context);
  const timeZone = deps.timeZone();
  const query: SearchQuery = {
    text: q,
    k,
    at: new Date(now),
    timeZone,
    meaning: asked.meaning,
    vectors: await deps.wordVectors(),
    extractDates: (text, at) => askedTimes(text, at, timeZone),
    ...(kinds && { kinds }),
    ...(from && { from: Date.parse(from) }),
    ...(to && { to: Date.parse(to) }),
    ...(archived && { archived }),
    ...(explain && { explain }),
  };
  const hits = search(db, query);
  for (const { id } of hits) checkRow(db, deps, id);
  const isFound = (apart: Partial<SearchQuery>) => search(db, { ...query, k: 1, ...apart }).length > 0;
  const [isWritten, isArchived] = hits.length > 0 ? [] : [!kinds && isFound(written), !archived && isFound(shelved)];
  return {
    hits,
    ...noted(
      asked.note,
      isWritten && `Agents or assistants may have it. ${toFind}`,
      isArchived && `Something that you archived has it. ${toFindArchived}`,
    ),
  };
}

/** What is kept apart, and looked at where nothing else is found: an empty answer says what else there would be. */
const written = { kinds: ["artifact"] as const };
const shelved = { archived: "only" } as const;
const toFindArchived = "`mh search --archived` finds what was archived.";
const toFind = "`mh search --artifacts` finds what they keep.";

function noted(...notes: (string | false | undefined)[]): { note?: string } {
  const all = notes.filter(Boolean);
  return all.length > 0 ? { note: all.join(" ") } : {};
}

/** Memories in order of recording (by id), a page at a time; `latest` turns the order round. */
export function listSkill(check: CheckMemory) {
  return defineQuery(memoryList, {
    run({ limit, kinds, ...wanted }, { db }) {
      const memories = memoryPage(db, wanted, limit, kinds);
      for (const each of memories) check(db, each);
      return { memories, next: memories.length === limit ? (memories.at(-1)?.id ?? null) : null };
    },
  });
}

type PageWanted = Omit<ArgsOf<typeof memoryList>, "limit" | "kinds">;

/** Of several kinds each has its own stretch of an index, and they are merged: a rare one is not looked for among others. */
function memoryPage(db: Database, wanted: PageWanted, limit: number, kinds?: readonly string[]): MemoryRecord[] {
  const { after, about, latest } = wanted;
  const of = (kind?: string) => {
    const args = {
      ...(after !== undefined && { after }),
      ...(about !== undefined && { about: entityKey(about) }),
      ...(kind !== undefined && { kind }),
    };
    const rows = db.prepare(memoryPageSql(wanted, kind !== undefined)).all({ limit, ...args });
    return (rows as { record: string }[]).map(({ record }) => JSON.parse(record) as MemoryRecord);
  };
  if (!kinds) return of();
  const order = latest ? -1 : 1;
  const found = [...new Set(kinds)].flatMap((kind) => of(kind));
  return found.sort((a, b) => (a.id < b.id ? -order : order)).slice(0, limit);
}

/** It says only what is asked for, so that SQLite begins at its place in an index: a page costs what it shows. */
export function memoryPageSql({ after, latest, about, archived }: PageWanted, ofOneKind: boolean): string {
  const where = [
    ...(ofOneKind ? ["kind = :kind"] : []),
    ...(archived === "too" ? [] : [archived === "only" ? "archived = 1" : "archived = 0"]),
    ...(after === undefined ? [] : [`id ${latest ? "<" : ">"} :after`]),
    ...(about === undefined ? [] : ["rowid IN (SELECT memory FROM entities WHERE key = :about)"]),
  ];
  const which = where.length > 0 ? `WHERE ${where.join(" AND ")}` : "";
  return `SELECT record FROM memories ${which} ORDER BY id ${latest ? "DESC" : "ASC"} LIMIT :limit`;
}

/** One memory, whole, with what links to it. */
export function showSkill(check: CheckMemory) {
  return defineQuery(memoryShow, {
    run({ id }, { db }) {
      const record = memory(db, id);
      check(db, record);
      const sql = "SELECT m.id FROM links l JOIN memories m ON m.rowid = l.memory WHERE l.target = ? ORDER BY m.rowid";
      const linkedFrom = (db.prepare(sql).all(record.id) as { id: string }[]).map((row) => row.id);
      return { memory: record, linkedFrom };
    },
  });
}

/** The people your memories speak of: how often, first and last. */
export function peopleSkill({ config }: { config: () => { owner: string } }) {
  return defineQuery(relationshipList, {
    run({ limit, name }, { db, now }) {
      const { owner } = config();
      const named =
        name === undefined ? undefined : namesMeant(db, name, owner).flatMap((each) => keysOf(db, each, owner));
      const keys = named === undefined ? null : JSON.stringify(named);
      const sql = `SELECT e.name, sum(json_extract(m.record, '$.count')) AS mentions, min(m.at_ms) AS first, max(m.at_ms) AS last
        FROM entities e JOIN memories m ON m.rowid = e.memory
        WHERE e.kind = 'person' AND (:keys IS NULL OR e.key IN (SELECT value FROM json_each(:keys)))
        GROUP BY e.key ORDER BY mentions DESC, last DESC LIMIT :limit`;
      const rows = db.prepare(sql).all({ limit, keys }) as PersonRow[];
      const iso = (ms: number) => new Date(ms).toISOString();
      const people = rows.map((p) => ({
        name: p.name,
        mentions: p.mentions,
        firstAt: iso(p.first),
        lastAt: iso(p.last),
        lastContact: lastContact(db, keysOf(db, p.name, owner), { now, lookAt: 20 }) ?? null,
      }));
      return { people };
    },
  });
}

interface PersonRow {
  name: string;
  mentions: number;
  first: number;
  last: number;
}

function checkRow(db: Database, deps: ReadDeps, id: string): void {
  const row = db.prepare("SELECT record, check_sum FROM memories WHERE id = ?").get(id);
  const { record, check_sum } = row as { record: string; check_sum: string };
  deps.checkRow(record, check_sum);
  deps.checkMemory(db, JSON.parse(record) as MemoryRecord);
}

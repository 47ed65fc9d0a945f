import type { ArgsOf } from "@mh/contract/contract.ts";
import {
  type Hit,
  memoryAsk,
  memoryList,
  memorySearch,
  memoryShow,
  relationshipList,
} from "@mh/contract/memory-look.ts";
import type { MemoryRecord } from "@mh/contract/values/memory.ts";
import { defineQuery, type QueryContext } from "../../kernel/skill.ts";
import type { Database } from "../../ports/database.ts";
import { templateAnswer } from "../answer.ts";
import { isAskedInChat } from "../asked-in-chat.ts";
import { entityKey } from "../project.ts";
import { search } from "../search/search.ts";
import { memory } from "../store.ts";
import type { QuestionMeanings } from "../vectors/question-meaning.ts";
import type { Extractor } from "./capture.ts";

export interface ReadDeps {
  extractor: () => Promise<Extractor>;
  timeZone: () => string;
  /** Says whether a row is what was written; throws where the cache is damaged. */
  checkRow: (record: string, checkSum: string) => void;
  checkMemory: CheckMemory;
  /** How close memories are to a question in meaning. */
  meanings: Pick<QuestionMeanings, "of">;
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

/** So many of the best may be questions that were put to chats. */
const askedMax = 20;

/** Answers a question from memory, with the ids of what it rests on. */
export function askSkill(deps: ReadDeps) {
  return defineQuery(memoryAsk, {
    async run(args, context) {
      const { q, k } = args;
      const { hits, note } = await find(deps, { ...args, k: k + askedMax }, context);
      const answering = hits.filter(({ record }) => !isAskedInChat(record, q)).slice(0, k);
      return { ...templateAnswer(q, answering, deps.timeZone()), ...(note !== undefined && { note }) };
    },
  });
}

async function find(
  deps: ReadDeps,
  { q, k, kinds, from, to }: SearchArgs,
  context: QueryContext,
): Promise<{ hits: Hit[]; note?: string }> {
  const { db, now } = context;
  const extract = await deps.extractor();
  const { meaning, note } = await deps.meanings.of(q, context);
  const timeZone = deps.timeZone();
  const hits = search(db, {
    text: q,
    k,
    at: new Date(now),
    timeZone,
    meaning,
    extractDates: (text, at) => extract(text, { at, timeZone, known: [] }).eventAt,
    ...(kinds && { kinds }),
    ...(from && { from: Date.parse(from) }),
    ...(to && { to: Date.parse(to) }),
  });
  for (const { id } of hits) checkRow(db, deps, id);
  return { hits, ...(note !== undefined && { note }) };
}

/** Memories in order of recording (by id), a page at a time; `latest` turns the order round. */
export function listSkill(check: CheckMemory) {
  return defineQuery(memoryList, {
    run({ after, limit, latest, about, kinds }, { db }) {
      const where = [
        latest ? "(:after IS NULL OR id < :after)" : "(:after IS NULL OR id > :after)",
        "(:about IS NULL OR rowid IN (SELECT memory FROM entities WHERE key = :about))",
        "(:kinds IS NULL OR kind IN (SELECT value FROM json_each(:kinds)))",
      ];
      const sql = `SELECT record FROM memories WHERE ${where.join(" AND ")} ORDER BY id ${latest ? "DESC" : "ASC"} LIMIT :limit`;
      const rows = db.prepare(sql).all({
        limit,
        after: after ?? null,
        about: about === undefined ? null : entityKey(about),
        kinds: kinds === undefined ? null : JSON.stringify(kinds),
      }) as { record: string }[];
      const memories = rows.map(({ record }) => JSON.parse(record) as MemoryRecord);
      for (const each of memories) check(db, each);
      return { memories, next: rows.length === limit ? (memories.at(-1)?.id ?? null) : null };
    },
  });
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
export function peopleSkill() {
  return defineQuery(relationshipList, {
    run({ limit, name }, { db }) {
      const sql = `SELECT e.name, sum(json_extract(m.record, '$.count')) AS mentions, min(m.at_ms) AS first, max(m.at_ms) AS last
        FROM entities e JOIN memories m ON m.rowid = e.memory
        WHERE e.kind = 'person' AND (:name IS NULL OR e.key = lower(:name))
        GROUP BY e.key ORDER BY mentions DESC, last DESC LIMIT :limit`;
      const rows = db.prepare(sql).all({ limit, name: name ?? null }) as PersonRow[];
      const iso = (ms: number) => new Date(ms).toISOString();
      const people = rows.map((p) => ({
        name: p.name,
        mentions: p.mentions,
        firstAt: iso(p.first),
        lastAt: iso(p.last),
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

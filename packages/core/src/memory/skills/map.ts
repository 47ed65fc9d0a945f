import type { OutputOf } from "@mh/contract/contract.ts";
import { memoryMap } from "@mh/contract/memory-look.ts";
import { Fault } from "@mh/contract/values/fault.ts";
import type { MemoryRecord } from "@mh/contract/values/memory.ts";
import { contradictions } from "../../facts/facts.ts";
import { defineQuery } from "../../kernel/skill.ts";
import { idLike, shortIdCharsMin } from "../../model/short-id.ts";
import type { Database } from "../../ports/database.ts";
import { entityKey } from "../project.ts";

/** Of what is named often, so many of its latest memories lead on; what stands in the middle fills the map. */
const memoriesEach = 8;
const labelCharsMax = 80;
const edgesMax = 1000;

type Node = OutputOf<typeof memoryMap>["nodes"][number];
type Edge = OutputOf<typeof memoryMap>["edges"][number];

/** What is near a memory or a name, nearest first: a walk over what memories name and link, as far as there is room. */
export function mapSkill() {
  return defineQuery(memoryMap, {
    run({ around, limit }, { db }) {
      const found = new Map<string, Node>();
      const middle = middleOf(db, around);
      found.set(middle.id, middle);
      let more = false;
      // A map grows while it is walked: what was found last is looked at last.
      for (const node of found.values()) {
        const room = node.distance === 0 ? limit : memoriesEach;
        for (const next of neighbours(db, node, room)) {
          if (found.has(next.id)) continue;
          if (found.size >= limit) {
            more = true;
            break;
          }
          found.set(next.id, { ...next, distance: node.distance + 1 });
        }
      }
      return { nodes: [...found.values()], edges: edgesAmong(db, found), more };
    },
  });
}

function middleOf(db: Database, around: string): Node {
  const named = nameNode(db, entityKey(around));
  if (named) return { ...named, distance: 0 };
  const sql = `SELECT record FROM memories WHERE ${idLike("id", around)} LIMIT 2`;
  const rows = around.length < shortIdCharsMin ? [] : (db.prepare(sql).all({ text: around }) as { record: string }[]);
  if (rows.length === 1) return memoryNode(recordOf(rows[0] as { record: string }));
  const why = rows.length > 1 ? "Several memories fit" : "No memory is, and none names,";
  throw new Fault("memory.not-found", `${why} ${around}. \`mh memory people\` shows whom they name.`);
}

function neighbours(db: Database, node: Node, room: number): Node[] {
  if (node.kind !== "memory") return memoriesNaming(db, keyOf(node), room);
  const names = (
    db
      .prepare(
        "SELECT DISTINCT e.key FROM entities e JOIN memories m ON m.rowid = e.memory WHERE m.id = ? ORDER BY e.rowid",
      )
      .all(node.id) as { key: string }[]
  ).flatMap(({ key }) => nameNode(db, key) ?? []);
  const linked = `SELECT record FROM memories WHERE id IN (
      SELECT l.target FROM links l JOIN memories m ON m.rowid = l.memory WHERE m.id = :id
      UNION SELECT m.id FROM links l JOIN memories m ON m.rowid = l.memory WHERE l.target = :id)
    ORDER BY id DESC LIMIT :room`;
  const beside = (db.prepare(linked).all({ id: node.id, room }) as { record: string }[]).map(recordOf);
  return [...names, ...[...beside, ...against(db, node.id)].map(memoryNode)];
}

function memoriesNaming(db: Database, key: string, room: number): Node[] {
  const sql = `SELECT m.record FROM memories m WHERE m.rowid IN (SELECT memory FROM entities WHERE key = :key
      UNION SELECT memory FROM facts WHERE subject_key = :key OR object_key = :key)
    ORDER BY m.at_ms DESC, m.id DESC LIMIT :room`;
  return (db.prepare(sql).all({ key, room }) as { record: string }[]).map((row) => memoryNode(recordOf(row)));
}

/** Facts that cannot hold together with this one. */
function against(db: Database, id: string): MemoryRecord[] {
  const sql = "SELECT record FROM memories WHERE id = ? AND kind = 'semantic'";
  const row = db.prepare(sql).get(id) as { record: string } | undefined;
  const record = row && recordOf(row);
  return record?.fact ? contradictions(db, { at: record.at, fact: record.fact }, [id]) : [];
}

function edgesAmong(db: Database, nodes: ReadonlyMap<string, Node>): Edge[] {
  const edges: Edge[] = [];
  const add = (from: string, to: string, why: Edge["why"], label = "") => {
    if (nodes.has(from) && nodes.has(to) && from !== to) edges.push({ from, to, why, label });
  };
  for (const { id, kind } of nodes.values()) {
    if (kind !== "memory") continue;
    const record = recordOf(db.prepare("SELECT record FROM memories WHERE id = ?").get(id) as { record: string });
    const { fact } = record;
    const named = [...record.entities.map(({ name }) => name), ...(fact ? [fact.subject, fact.object] : [])];
    for (const key of new Set(named.map(entityKey))) add(id, idOf(key), "names");
    for (const { to, type } of record.links) add(id, to, type === "source" ? "rests" : "links");
    if (!fact || fact.status === "revoked") continue;
    add(idOf(entityKey(fact.subject)), idOf(entityKey(fact.object)), "fact", fact.predicate);
    for (const other of against(db, id)) if (id < other.id) add(id, other.id, "contradicts");
  }
  return edges.slice(0, edgesMax);
}

function nameNode(db: Database, key: string): Node | undefined {
  const sql = `SELECT name, kind, (SELECT count(DISTINCT memory) FROM entities WHERE key = :key) AS memories
    FROM entities WHERE key = :key ORDER BY rowid LIMIT 1`;
  const row = db.prepare(sql).get({ key }) as { name: string; kind: string; memories: number } | undefined;
  return row && { id: idOf(key), kind: row.kind, label: row.name, memories: row.memories, distance: 0 };
}

function memoryNode({ id, content }: MemoryRecord): Node {
  const line = content.replace(/\s+/g, " ").trim();
  const label = line.length > labelCharsMax ? `${line.slice(0, labelCharsMax - 1).trimEnd()}…` : line;
  return { id, kind: "memory", label, memories: 1, distance: 0 };
}

const recordOf = ({ record }: { record: string }): MemoryRecord => JSON.parse(record);
const idOf = (key: string): string => `name:${key}`;
const keyOf = ({ id }: Node): string => id.slice("name:".length);

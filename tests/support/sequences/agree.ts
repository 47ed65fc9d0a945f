import type { MemoryRecord } from "@mh/contract/values/memory.ts";
import { expect } from "vitest";
import { type Said, saidIn } from "./model.ts";
import { linesIn, listed, notesIn, type World } from "./world.ts";

const evidence = ["episodic", "semantic", "procedural", "preference"];

/** Files, list, counts, search, timeline, facts, graph and review list say what the model says, and nothing else. */
export async function agree(world: World, word: string): Promise<void> {
  const { home, model } = world;
  const records = await listed(world);
  const live = [...model.live].sort(([a], [b]) => (a < b ? -1 : 1));
  expect(Object.fromEntries(records.map((record) => [record.id, saidIn(record)]))).toEqual(Object.fromEntries(live));
  const { lines } = onDisk(world, records);
  expect(await home.own("damage.list")).toEqual({ lines: [], unknown: [], documents: [] });
  await countsAgree(world, records, lines);
  await searchAgrees(world, records, word);
  const { moments } = await home.own("memory.timeline", { limit: 1000 });
  const told = moments.filter(({ why }) => why === "told").map(({ memory }) => memory.id);
  expect(told.sort()).toEqual(live.filter(([, { kind }]) => kind === "episodic").map(([id]) => id));
  await graphAgrees(world, live);
  const { proposals } = await home.own("proposal.list", { limit: 1000 });
  const open = live.filter(([, { proposal, byHand }]) => proposal === "open" && !byHand).map(([id]) => id);
  expect(proposals.map(({ id }) => id).sort()).toEqual(open);
}

function onDisk(world: World, records: readonly MemoryRecord[]) {
  const { last, count } = linesIn(world);
  const notes = records.filter(({ kind }) => kind === "procedural" || kind === "preference");
  const texts = [...notesIn(world).values()];
  expect(texts).toHaveLength(notes.length);
  const put = [...last].filter(([, { op }]) => op === "put").map(([id, { content }]) => [id, content]);
  const said = records.filter((record) => !notes.includes(record)).map(({ id, content }) => [id, content]);
  expect(Object.fromEntries(put)).toEqual(Object.fromEntries(said));
  for (const { content } of notes)
    expect(texts.some((text) => text.includes(content.split("\n").at(-1) as string))).toBe(true);
  const gone = [...last].filter(([, { op }]) => op === "tombstone").map(([id]) => id);
  expect(gone.sort()).toEqual([...world.model.forgotten].sort());
  const retracted = [...last.values()].filter(({ op }) => op === "retract").length;
  return { lines: { count: count + notes.length, retracted } };
}

async function countsAgree(
  { home, model }: World,
  records: readonly MemoryRecord[],
  lines: { count: number; retracted: number },
) {
  const people = mentions(records);
  expect(await home.own("memory.stats", {})).toMatchObject({
    kinds: countBy(records.map(({ kind }) => kind)),
    facts: records.filter(({ fact }) => fact && fact.status !== "revoked").length,
    forgotten: model.forgotten.size,
    retracted: lines.retracted,
    lines: lines.count,
    people: Object.keys(people).length,
  });
  const told = await home.own("relationship.list", { limit: 1000 });
  expect(Object.fromEntries(told.people.map(({ name, mentions }) => [name.toLowerCase(), mentions]))).toEqual(people);
}

function mentions(records: readonly MemoryRecord[]): Record<string, number> {
  const counts: Record<string, number> = {};
  for (const { entities, count } of records)
    for (const { name, kind } of entities)
      if (kind === "person") counts[name.toLowerCase()] = (counts[name.toLowerCase()] ?? 0) + count;
  return counts;
}

/** Each memory that has the word is found; and what is found says what it says. */
async function searchAgrees({ home }: World, records: readonly MemoryRecord[], word: string): Promise<void> {
  const { hits } = await home.own("memory.search", { q: word, k: 1000 });
  const byId = new Map(records.map((record) => [record.id, record]));
  for (const { record } of hits) expect(record).toEqual(byId.get(record.id));
  const found = new Set(hits.map(({ id }) => id));
  const says = records.filter(({ kind, content }) => evidence.includes(kind) && content.toLowerCase().includes(word));
  expect(says.filter(({ id }) => !found.has(id)).map(({ content }) => content)).toEqual([]);
}

async function graphAgrees({ home }: World, live: readonly (readonly [string, Said])[]): Promise<void> {
  const facts = live.flatMap(([id, { fact }]) => (fact ? [{ id, fact }] : []));
  const known = await home.own("fact.list", { limit: 1000 });
  const counted = facts.filter(({ fact }) => fact.status !== "revoked");
  expect(known.facts.map(({ id }) => id).sort()).toEqual(counted.map(({ id }) => id));
  for (const name of new Set(facts.flatMap(({ fact }) => [fact.subject, fact.object]))) {
    const { relationships } = await home.own("relationship.show", { name });
    const ends = counted.flatMap(({ id, fact }) => {
      if (fact.subject === name) return [[id, "out", fact.object]];
      return fact.object === name ? [[id, "in", fact.subject]] : [];
    });
    expect(relationships.map(({ id, direction, other }) => [id, direction, other]).sort()).toEqual(ends.sort());
  }
}

function countBy(keys: readonly string[]): Record<string, number> {
  const counts: Record<string, number> = {};
  for (const key of keys) counts[key] = (counts[key] ?? 0) + 1;
  return counts;
}

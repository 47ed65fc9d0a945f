import type { MemoryRecord } from "@mh/contract/values/memory.ts";
import { agent, owner } from "@mh/contract/values/principal.ts";
import type { Event } from "@mh/contract/wire/event.ts";
import { makeHost } from "@mh/testing";
import { expect, test } from "vitest";

const text = "Met with Sarah about the ML project #work";
type Captured = { id: string; count: number; deduplicated: boolean };
type Listed = { memories: MemoryRecord[] };

test("H1 a captured sentence becomes one memory with its people, tags and time, announced once", async () => {
  await using home = await makeHost();
  const events: Event[] = [];
  using _listening = home.host.bus.subscribe("memory.*", (event) => events.push(event));
  const outcome = await home.act(owner, "memory.capture", { text });
  const { memories } = await home.own<Listed>("memory.list");
  expect(memories).toHaveLength(1);
  expect(memories[0]).toMatchObject({
    kind: "episodic",
    content: text,
    at: "2026-03-02T09:00:00.000Z",
    count: 1,
    cmd: outcome.id,
  });
  expect(memories[0]?.entities.map(({ name }) => name)).toEqual(expect.arrayContaining(["Sarah", "ML project"]));
  expect(memories[0]?.tags).toContain("work");
  expect(events).toEqual([
    {
      seq: expect.any(Number),
      name: "memory.captured",
      at: "2026-03-02T09:00:00.000Z",
      command: outcome.id,
      principal: owner,
      skill: "memory.capture",
      subjects: [`memory:${memories[0]?.id}`],
    },
  ]);
  expect([...home.host.replay({ pattern: "memory.*" })]).toEqual(events);
  const first = "2026-03-02T09:00:00.000Z";
  const met = { at: first, how: "told", memory: memories[0]?.id };
  expect(await home.own("relationship.list")).toEqual({
    people: [{ name: "Sarah", mentions: 1, firstAt: first, lastAt: first, lastContact: met }],
  });
  home.clock.set("2026-03-05T09:00:00Z");
  const { id } = await home.own<Captured>("memory.capture", { text: "Called Sarah." });
  const later = "2026-03-05T09:00:00.000Z";
  const called = { at: later, how: "told", memory: id };
  expect(await home.own("relationship.list")).toEqual({
    people: [{ name: "Sarah", mentions: 2, firstAt: first, lastAt: later, lastContact: called }],
  });
});

test("H1 an empty text, a NUL and half a surrogate are refused and leave no memory", async () => {
  await using home = await makeHost();
  const codes = [];
  for (const bad of ["", " \n", "a\0b", "a\ud800b"]) {
    const outcome = await home.act(owner, "memory.capture", { text: bad });
    codes.push(outcome.status === "failed" && outcome.fault.code);
  }
  expect(codes).toEqual(Array(4).fill("args.invalid"));
  expect(await home.own("memory.list")).toEqual({ memories: [], next: null });
});

test("H1 what an agent writes is an artifact, never something the owner lived", async () => {
  await using home = await makeHost();
  await home.own("grant.give", { principal: agent("scribe"), skill: "memory.capture" });
  await home.act(agent("scribe"), "memory.capture", { text });
  const { memories } = await home.own<Listed>("memory.list");
  expect(memories.map(({ kind, origins }) => ({ kind, origins }))).toEqual([
    { kind: "artifact", origins: ["agent:scribe"] },
  ]);
});

test("H2 the same words on the same day are one memory with a count, also after a restart", async () => {
  await using home = await makeHost();
  const first = await home.own<Captured>("memory.capture", { text });
  const second = await home.own<Captured>("memory.capture", { text });
  await home.reopen();
  const third = await home.own<Captured>("memory.capture", { text });
  const told = [first, second, third].map(({ id, count, deduplicated }) => ({ id, count, deduplicated }));
  expect(told).toEqual([
    { id: first.id, count: 1, deduplicated: false },
    { id: first.id, count: 2, deduplicated: true },
    { id: first.id, count: 3, deduplicated: true },
  ]);
  const { memories } = await home.own<Listed>("memory.list");
  expect(memories.map(({ id, count }) => ({ id, count }))).toEqual([{ id: first.id, count: 3 }]);
});

test("H2 the owner's day counts, not the day in UTC", async () => {
  await using home = await makeHost();
  home.clock.set("2026-03-02T22:30:00Z"); // 23:30 in Berlin
  const first = await home.own<Captured>("memory.capture", { text });
  home.clock.set("2026-03-02T23:30:00Z"); // 00:30 the day after
  const second = await home.own<Captured>("memory.capture", { text });
  expect(second.id).not.toBe(first.id);
});

test("H2 the same words the day after, or by somebody else, are a new memory, linked to the first", async () => {
  await using home = await makeHost();
  const first = await home.own<Captured>("memory.capture", { text });
  const bySarah = await home.own<Captured>("memory.capture", { text, speaker: "Sarah" });
  home.clock.set("2026-03-03T09:00:00Z");
  const next = await home.own<Captured>("memory.capture", { text });
  const { memories } = await home.own<Listed>("memory.list");
  expect(memories.map(({ id, count, links }) => ({ id, count, links }))).toEqual([
    { id: first.id, count: 1, links: [] },
    { id: bySarah.id, count: 1, links: [] },
    { id: next.id, count: 1, links: [{ type: "repeats", to: first.id }] },
  ]);
});

test("H2 an import never merges by text, and importing twice is importing once", async () => {
  await using home = await makeHost();
  await home.own("memory.capture", { text });
  const items = ["a", "b"].map((externalId) => ({ externalId, content: text }));
  const statuses = [];
  for (const _ of [1, 2]) {
    const { results } = await home.own<{ results: { status: string }[] }>("memory.import", {
      source: "notes",
      from: "n.md",
      items,
    });
    statuses.push(results.map(({ status }) => status));
  }
  expect(statuses).toEqual([
    ["added", "added"],
    ["duplicate", "duplicate"],
  ]);
  const { memories } = await home.own<Listed>("memory.list");
  expect(memories.map(({ externalId, count }) => ({ externalId, count }))).toEqual([
    { externalId: undefined, count: 1 },
    { externalId: "a", count: 1 },
    { externalId: "b", count: 1 },
  ]);
});

test("H2 showing a memory tells what links to it", async () => {
  await using home = await makeHost();
  const first = await home.own<Captured>("memory.capture", { text });
  home.clock.set("2026-03-03T09:00:00Z");
  const next = await home.own<Captured>("memory.capture", { text });
  const shown = await home.own<{ memory: MemoryRecord; linkedFrom: string[] }>("memory.show", { id: first.id });
  expect([shown.memory.id, shown.linkedFrom]).toEqual([first.id, [next.id]]);
});

test("H1 what the owner tells is theirs, also where an agent wrote the same words before; an agent's are no second memory of theirs", async () => {
  await using home = await makeHost();
  const scribe = agent("scribe");
  await home.own("grant.give", { principal: scribe, skill: "memory.capture" });
  await home.act(scribe, "memory.capture", { text });
  const own = await home.own<Captured>("memory.capture", { text });
  expect(own.deduplicated).toBe(false);
  expect(await home.act(scribe, "memory.capture", { text })).toMatchObject({ value: { deduplicated: true } });
  const { memories } = await home.own<Listed>("memory.list");
  expect(memories.map(({ kind, origins }) => ({ kind, origins }))).toEqual([
    { kind: "artifact", origins: ["agent:scribe"] },
    { kind: "episodic", origins: ["owner"] },
  ]);
});

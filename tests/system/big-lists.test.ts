import { memorySchema } from "@mh/core/memory/schema.ts";
import { memoryPageSql } from "@mh/core/memory/skills/read.ts";
import { pointsSql } from "@mh/core/memory/timeline.ts";
import { openProjection } from "@mh/host/adapters/sqlite.ts";
import { makeHost } from "@mh/testing";
import { expect, test } from "vitest";

/** How SQLite answers a query: what it reads and whether it sorts. */
function planOf(sql: string): string {
  const db = openProjection(":memory:");
  db.exec(memorySchema);
  const named = Object.fromEntries([...sql.matchAll(/:(\w+)/g)].map(([, name]) => [name as string, 1]));
  const rows = db.prepare(`EXPLAIN QUERY PLAN ${sql}`).all(named) as { detail: string }[];
  db.close();
  return rows.map(({ detail }) => detail).join("; ");
}

test("H22 a page of memories is read from its place in an index, with no sorting of all of them", () => {
  for (const latest of [true, false])
    for (const after of [undefined, "x"])
      for (const ofOneKind of [true, false]) {
        const plan = planOf(memoryPageSql({ ...(after && { after }), latest }, ofOneKind));
        expect(plan).toMatch(/USING INDEX/);
        expect(plan).not.toMatch(/TEMP B-TREE/);
        if (after || ofOneKind) expect(plan).toMatch(/^SEARCH/);
      }
  for (const forward of [true, false])
    for (const isAfter of [true, false]) {
      const told = planOf(pointsSql(0, { forward, isAfter, isAbout: false }));
      expect(told).toMatch(/^SEARCH m USING COVERING INDEX memories_kind_at/);
      expect(told).not.toMatch(/TEMP B-TREE/);
      // Of what happens at the very same time alone the order is worked out.
      const happens = planOf(pointsSql(1, { forward, isAfter, isAbout: false }));
      expect(happens).toMatch(/^SEARCH e USING INDEX event_times_span/);
      expect(happens).not.toMatch(/TEMP B-TREE FOR ORDER BY/);
    }
});

test("H22 pages of the timeline join without a gap or a double, though much was told at the same time", async () => {
  await using home = await makeHost();
  const at = "2026-11-20T10:00:00.000Z";
  const items = Array.from({ length: 25 }, (_, n) => ({
    externalId: `m${n}`,
    at: n < 15 ? at : "2026-11-21T10:00:00.000Z",
    content: n % 4 === 0 ? `Entry ${n}: lunch on 20 November 2026 with Ann` : `Entry ${n}`,
  }));
  await home.own("memory.import", { source: "s", from: "s.ndjson", items });
  for (const forward of [true, false]) {
    const whole = await home.own("memory.timeline", { limit: 1000, forward });
    const keys = ({ moments }: typeof whole) => moments.map(({ memory, at, why }) => `${memory.id} ${at} ${why}`);
    const paged: string[] = [];
    for (let after: string | null | undefined; after !== null; ) {
      const page: typeof whole = await home.own("memory.timeline", { limit: 4, forward, ...(after && { after }) });
      paged.push(...keys(page));
      expect(page.more).toBe(page.next !== null);
      after = page.next;
    }
    expect(whole.moments.length).toBeGreaterThan(25);
    expect(paged).toEqual(keys(whole));
  }
});

test("H22 pages of memories of some kinds join without a gap or a double", async () => {
  await using home = await makeHost();
  for (let n = 0; n < 9; n += 1) {
    await home.own("memory.capture", { text: `Told ${n}` });
    if (n % 3 === 0) await home.own("fact.add", { subject: `Ann ${n}`, predicate: "lives-in", object: "Bern" });
  }
  const kinds = ["semantic", "episodic"] as const;
  const whole = await home.own("memory.list", { kinds: [...kinds], latest: true });
  const ids: string[] = [];
  for (let after: string | null | undefined; after !== null; ) {
    const page: typeof whole = await home.own("memory.list", {
      kinds: [...kinds],
      latest: true,
      limit: 2,
      ...(after && { after }),
    });
    ids.push(...page.memories.map(({ id }) => id));
    after = page.next;
  }
  expect(ids).toEqual(whole.memories.map(({ id }) => id));
  expect(ids.length).toBeGreaterThanOrEqual(9);
});

test("H22 tasks come by the page and by their place in the day, and are counted", async () => {
  await using home = await makeHost();
  const add = async (title: string, more: object = {}) => (await home.own("task.add", { title, ...more })).id;
  const first = await add("First");
  const waits = await add("Waits", { after: [first] });
  for (let n = 0; n < 7; n += 1) await add(`Someday ${n}`);
  for (let n = 0; n < 5; n += 1) await add(`Later ${n}`, { due: `2031-01-0${(n % 3) + 1}` });
  const over = await add("Over");
  await home.own("task.finish", { id: over });
  const whole = await home.own("task.list", { all: true });
  const paged: string[] = [];
  for (let after: string | null | undefined; after !== null; ) {
    const page: typeof whole = await home.own("task.list", { all: true, limit: 3, ...(after && { after }) });
    paged.push(...page.tasks.map(({ id }) => id));
    after = page.next;
  }
  expect(paged).toEqual(whole.tasks.map(({ id }) => id));
  expect((await home.own("task.list", { place: "waiting" })).tasks.map(({ id }) => id)).toEqual([waits]);
  expect((await home.own("task.list", { place: "over" })).tasks.map(({ id }) => id)).toEqual([over]);
  expect((await home.own("task.count", {})).places).toEqual({
    ...{ now: 0, overdue: 0, today: 0, later: 5, someday: 8, waiting: 1, over: 1 },
  });
  // What it waited for is over: it waits no more.
  await home.own("task.finish", { id: first });
  expect((await home.own("task.show", { id: waits })).task).toMatchObject({ place: "someday", waitsFor: [] });
  expect(await home.act("owner", "task.list", { after: "anything" })).toMatchObject({
    fault: { code: "args.invalid" },
  });
});

test("H22 of the log only what came since is read, and a search says where to go on", async () => {
  await using home = await makeHost();
  for (let n = 0; n < 30; n += 1) await home.own("memory.capture", { text: `Told ${n}` });
  const { records } = await home.own("log.search", { limit: 1000 });
  const head = records.at(-1)?.seq ?? 0;
  await home.own("memory.capture", { text: "One more" });
  const since = await home.own("log.search", { after: head, limit: 1000 });
  const all = (await home.own("log.search", { limit: 1000 })).records.filter(({ seq }) => seq > head);
  expect(since.records.map(({ seq }) => seq)).toEqual(all.slice(0, since.records.length).map(({ seq }) => seq));
  expect([since.records[0]?.seq, since.next]).toEqual([head + 1, null]);
  const few = await home.own("log.search", { after: 0, limit: 5 });
  expect([few.records.length, few.next]).toEqual([5, few.records[0]?.seq]);
});

test("H22 of answered requests only the latest are listed where that is asked for", async () => {
  await using home = await makeHost();
  const ids: string[] = [];
  for (let n = 0; n < 3; n += 1) {
    const principal = `agent:clerk-${n}` as const;
    await home.own("grant.give", { principal, skill: "mail.send" });
    const asked = await home.act(principal, "mail.send", { to: [`p${n}@new.example`], subject: "Hi", body: "Hello" });
    if (asked.status !== "parked") throw new Error(asked.status);
    ids.push(asked.approval);
  }
  for (const id of ids.slice(0, 2)) await home.own("approval.deny", { id });
  const { approvals } = await home.own("approval.list", { all: true, answeredMax: 1 });
  expect(new Set(approvals.map(({ id }) => id))).toEqual(new Set(ids.slice(1)));
  expect((await home.own("approval.list", { all: true })).approvals).toHaveLength(3);
});

import { taskStatuses } from "@mh/contract/tasks.ts";
import { taskPlaces } from "@mh/contract/values/task-place.ts";
import { latestDone } from "@mh/core/history/history.ts";
import { changesSchema } from "@mh/core/kernel/changes.ts";
import { memorySchema } from "@mh/core/memory/schema.ts";
import { memoryPageSql } from "@mh/core/memory/skills/read.ts";
import { pointsSql } from "@mh/core/memory/timeline.ts";
import {
  countSql,
  countTasks,
  cursorAt,
  cursorOf,
  orderedTasks,
  type PlacedTask,
  placing,
  stretchesSql,
} from "@mh/core/tasks/task-order.ts";
import { taskTables } from "@mh/core/tasks/task-table.ts";
import { openProjection } from "@mh/host/adapters/sqlite.ts";
import { makeHost, randomFrom } from "@mh/testing";
import { expect, inject, test } from "vitest";

/** How SQLite answers a query: what it reads and whether it sorts. */
function planOf(sql: string, schema = memorySchema): string {
  const db = openProjection(":memory:");
  db.exec(schema);
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

test("R-15 of what was done only the latest is read, invocation by invocation", () => {
  for (const isOfOne of [true, false]) {
    const plan = planOf(`SELECT * FROM changes WHERE ${latestDone(isOfOne)}`, changesSchema);
    expect(plan).toMatch(
      /^SCAN changes; CORRELATED SCALAR SUBQUERY \d+; SEARCH later USING INDEX changes_task \(task=\? AND rowid>\?\)$/,
    );
  }
});

test("R-15 tasks of a place are read from where they lie in an index, with no sorting of all of them", () => {
  for (const place of taskPlaces.filter((each) => each !== "waiting"))
    for (const isAfter of [false, true])
      for (const sql of stretchesSql(place, { isAfter, withTags: false })) {
        const plan = planOf(sql, taskTables.schema);
        expect(plan, sql).toMatch(/^(SEARCH|SCAN) t USING INDEX tasks_(open|started|over|beginning)/);
        if (isAfter || !["now", "over"].includes(place)) expect(plan, sql).toMatch(/^SEARCH t/);
        expect(plan, sql).not.toMatch(/TEMP B-TREE/);
      }
});

test("R-15 pages of tasks are all tasks in the order of their places, whatever these say", () => {
  const pick = randomFrom(inject("seed"));
  const one = <T>(of: readonly T[]) => of[Math.floor(pick() * of.length)] as T;
  const day = { now: Date.parse("2026-11-29T22:30:00Z"), timeZone: "Europe/Berlin" };
  const whens = [
    ...["2026-01-05", "2026-11-28", "2026-11-29T23:00", "2026-11-29", "2026-11-29T23:45", "2026-11-30"],
    ...["2026-11-30T09:00", "2026-12-01", "2027-02-01", "9999-05-01", null, null, null],
  ];
  const db = openProjection(":memory:");
  db.exec(taskTables.schema);
  const tasks = Array.from({ length: 300 }, (_, n) => ({
    ...{ id: `${Math.floor(pick() * 1000)}-${n}`, status: one(["open", "open", "open", "started", "done", "dropped"]) },
    ...{
      due: one(whens),
      start: one(whens),
      closed: one(whens),
      waits: one([null, null, null, Math.floor(pick() * 300)]),
    },
  }));
  const [add, wait] = [
    db.prepare("INSERT INTO tasks VALUES (:id, :id, '', :status, NULL, :due, :start, :closed, '', '{}', NULL)"),
    db.prepare("INSERT INTO task_waits VALUES (?, ?)"),
  ];
  for (const { waits, ...task } of tasks) {
    add.run(task);
    if (waits !== null) wait.run(task.id, tasks[waits]?.id);
  }
  const isOver = (n: number | null) => n === null || ["done", "dropped"].includes(tasks[n]?.status ?? "");
  const placed = tasks.map((task): PlacedTask => {
    const place = placing(day)(task as Parameters<ReturnType<typeof placing>>[0], !isOver(task.waits));
    return { id: task.id, place, key: (place === "over" ? task.closed : task.due) ?? "9999" };
  });
  const by = (a: string, b: string) => (a < b ? -1 : a > b ? 1 : 0);
  placed.sort(
    (a, b) =>
      taskPlaces.indexOf(a.place) - taskPlaces.indexOf(b.place) ||
      (a.place === "over" ? by(b.key, a.key) : by(a.key, b.key)) ||
      by(a.id, b.id),
  );
  expect([...orderedTasks(db, day, { all: true })]).toEqual(placed);
  const paged: PlacedTask[] = [];
  for (let more = true; more; ) {
    const last = paged.at(-1);
    const page = [...orderedTasks(db, day, { all: true }, last && cursorOf(cursorAt(last))).take(7)];
    paged.push(...page);
    more = page.length > 0;
  }
  expect(paged).toEqual(placed);
  const counts = Object.fromEntries(
    taskPlaces.map((place) => [place, placed.filter((each) => each.place === place).length]),
  );
  expect(countTasks(db, day)).toEqual(counts);
  for (const status of ["open", "dropped"] as const) {
    const ids = new Set(tasks.filter((task) => task.status === status).map(({ id }) => id));
    expect([...orderedTasks(db, day, { status })]).toEqual(placed.filter(({ id }) => ids.has(id)));
  }
  db.close();
});

test("R-15 tasks are counted by their days, whatever is added, changed and taken out", () => {
  const db = openProjection(":memory:");
  db.exec(taskTables.schema);
  const day = { now: Date.parse("2026-11-29T22:30:00Z"), timeZone: "Europe/Berlin" };
  const counted = () => {
    const places = Object.fromEntries(taskPlaces.map((place) => [place, 0]));
    for (const { place } of orderedTasks(db, day, { all: true })) places[place] = (places[place] ?? 0) + 1;
    return places;
  };
  const random = randomFrom(inject("seed"));
  const one = <T>(of: readonly T[]) => of[Math.floor(random() * of.length)] as T;
  const around = () => new Date(day.now + (random() - 0.5) * one([1, 10, 1000]) * 86_400_000).toISOString();
  const when = () => one([null, around().slice(0, 10), around().slice(0, 16)]);
  const [drop, add, wait] = [
    db.prepare("DELETE FROM tasks WHERE id = ?"),
    db.prepare("INSERT INTO tasks VALUES (?, ?, '', ?, NULL, ?, ?, NULL, '', '{}', NULL)"),
    db.prepare("INSERT OR IGNORE INTO task_waits VALUES (?, ?)"),
  ];
  const ids = Array.from({ length: 60 }, (_, n) => `t${n}`);
  for (let n = 0; n < 600; n += 1) {
    const id = one(ids);
    drop.run(id);
    if (n % 4 > 0) add.run(id, id, one(taskStatuses), when(), when());
    if (n % 9 === 0) wait.run(id, one(ids));
    if (n % 5 === 0) expect(countTasks(db, day)).toEqual(counted());
  }
  for (const id of ids) drop.run(id);
  expect(db.prepare("SELECT * FROM task_tally").all()).toEqual([]);
  db.close();
});

test("R-15 a count of tasks reads a row for each day, and of the tasks those that lie about today or wait", () => {
  const steps = Object.values(countSql).flatMap((sql) => planOf(sql, taskTables.schema).split("; "));
  const whole = steps.filter((step) => step.startsWith("SCAN"));
  expect(whole.map((step) => step.replace(/ USING.*/, ""))).toEqual(["SCAN w"]);
  const db = openProjection(":memory:");
  db.exec(taskTables.schema);
  const add = db.prepare("INSERT INTO tasks VALUES (?, ?, '', ?, NULL, ?, NULL, ?, '', '{}', NULL)");
  for (let n = 0; n < 1000; n += 1)
    add.run(`t${n}`, `t${n}`, taskStatuses[n % 4], `2027-01-0${1 + (n % 3)}T10:${10 + (n % 50)}`, `2026-02-03T10:${n}`);
  // Open and started ones of three days each, done and dropped ones.
  expect(db.prepare("SELECT count(*) AS rows FROM task_tally").get()).toEqual({ rows: 2 * 3 + 2 });
  db.close();
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

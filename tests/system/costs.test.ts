import * as fs from "node:fs";
import { makeHost, randomFrom, type TestHost } from "@mh/testing";
import Sqlite from "better-sqlite3";
import { expect, inject, onTestFinished, test, vi } from "vitest";
import { doReady } from "../support/do-ready.ts";

/** What may be read whole, because it does not grow with what is remembered. */
const bounded = [
  // As long as the command or the approval request itself.
  ...[/^SCAN json_each\b/, /^SCAN q VIRTUAL TABLE/],
  // Looked up by their words.
  ...[/^SCAN memory_text VIRTUAL TABLE INDEX \d+:M/, /^SCAN memory_terms VIRTUAL TABLE INDEX (25\d|1539):/],
  // The latest memories, up to a limit of the statement.
  /^SCAN latest$/,
  // What the group that is being committed wrote.
  /^SCAN pending$/,
  // What waits for the owner, what is under way, what is damaged: none of it stays.
  ...[/INDEX approvals_open$/, /INDEX commands_open$/, /INDEX lines_missing$/, /^SCAN missing_documents$/],
  // Read once, as long as what the step before it found; that step is judged by itself.
  /^SCAN \(subquery-\d+\)$/,
  // One row.
  ...[/^SCAN memory_total$/, /^SCAN counted_lines$/],
  // A few rows for each part of the product.
  /^SCAN meta USING COVERING INDEX sqlite_autoindex_meta_1$/,
  ...[
    /^SCAN main\.meta USING INDEX sqlite_autoindex_meta_1$/,
    /^SCAN sqlite_master$/,
    /^SCAN pragma_table_info VIRTUAL/,
  ],
  // One row for each time that the machine's clock jumped.
  /^SCAN clock_jumps$/,
  // Whether there is any at all: up to the first.
  ...[/^SCAN tombstones USING (?:COVERING )?INDEX tombstones_imported$/, /^SCAN CONSTANT ROW$/],
  // What gives rights, as much as the owner gave and a day's actions: each row is checked when a home opens.
  ...[/^SCAN r$/, /^SCAN r USING INDEX \w+$/, /^SCAN temp\.rights_digest$/],
  // The people mentioned most, up to a limit, in the order of the index.
  /^SCAN people USING COVERING INDEX people_mentions$/,
  // From the latest on, up to the first that fits.
  ...[/^SCAN changes USING INDEX changes_undoable$/, /^SCAN changes USING INDEX changes_undone$/],
  // Opening asks the disk about each of these files, whatever the index says.
  ...[/^SCAN data_files\b/, /^SCAN documents\b/, /^SCAN expected_files\b/],
];

test("no statement of a command, of opening or of closing reads a table whole that grows with the memory", async () => {
  const plans = watchPlans();
  const agent = "agent:mail";
  await using home = await makeHost({ declared: new Map([[agent, ["memory.capture"]]]) });
  await home.own("grant.give", { principal: agent, skill: "memory.capture" });
  await everyDay(home);
  expect(await home.act(agent, "memory.capture", { text: "Sarah wrote" })).toMatchObject({ status: "done" });
  await home.reopen();
  await everyDay(home);
  await home.close();
  const whole = (step: string) => step.startsWith("SCAN") && !bounded.some((each) => each.test(step));
  expect([...plans].filter(([, plan]) => plan.some(whole))).toEqual([]);
  // That nothing was found is worth something only where the statements were seen.
  const seen = [...plans.keys()].join("\n");
  for (const part of [
    "FROM people ORDER BY",
    "UPDATE people SET",
    "INTO memories",
    "FROM grants",
    "INTO counted_lines",
  ])
    expect(seen).toContain(part);
});

test("R-15 a to-do is compared with the tasks of its title, and an index made anew counts lines without reading them", async () => {
  const plans = watchPlans();
  const stepsOf = (part: string) => [...plans].filter(([sql]) => sql.includes(part)).flatMap(([, plan]) => plan);
  await using home = await makeHost();
  for (let n = 0; n < 3; n += 1) await home.own("task.add", { title: `Call Ann ${n}` });
  const { id } = await home.own<{ id: string }>("memory.capture", { text: "TODO: call Ann 2" });
  const [found] = (await home.own("task.spot", { from: "2000-01-01T00:00:00Z", to: "2100-01-01T00:00:00Z" })).found;
  expect(found).toMatchObject({ title: "call Ann 2", task: expect.any(String) });
  const does = { type: "task", title: "call ann 2" };
  const known = await home.own("proposal.make", { does, why: "Your note says so.", sources: [id] });
  expect(known).toMatchObject({ id: found?.task, known: true });
  expect(stepsOf("WHERE title_key = ?")).toContain("SEARCH tasks USING INDEX tasks_title (title_key=?)");
  expect([...plans].filter(([, plan]) => plan.some((step) => /^SCAN tasks\b/.test(step)))).toEqual([]);
  await home.close();
  fs.rmSync(home.file("memory/index"), { recursive: true });
  await home.reopen();
  await home.own("damage.list", {});
  const counting = stepsOf("FROM changes d").filter((step) => step.includes(" l "));
  expect([...new Set(counting)]).toEqual(["SEARCH l USING COVERING INDEX lines_cmd (cmd=?)"]);
});

/** The query plan of each statement from here on, those of triggers among them, by its text. */
function watchPlans(): Map<string, string[]> {
  const plans = new Map<string, string[]>();
  const prepare = Sqlite.prototype.prepare;
  const planOf = (db: Sqlite.Database, sql: string): string[] => {
    const bare = sql.replace(/'[^']*'/g, "");
    const named = Object.fromEntries([...bare.matchAll(/:(\w+)/g)].map(([, name]) => [name, null]));
    const values = Array(bare.split("?").length - 1).fill(null);
    const explained = prepare.call(db, `EXPLAIN QUERY PLAN ${sql}`) as Sqlite.Statement<unknown[], { detail: string }>;
    return explained.all(...values, named).map(({ detail }) => detail);
  };
  const spy = vi.spyOn(Sqlite.prototype, "prepare").mockImplementation(function (this: Sqlite.Database, sql) {
    if (/^\s*(SELECT|INSERT|UPDATE|DELETE|WITH)\b/.test(sql) && !sql.includes("sqlite_master")) {
      plans.set(sql, planOf(this, sql));
      const ofTriggers = "SELECT sql FROM sqlite_master WHERE type = 'trigger'";
      const triggers = (prepare.call(this, ofTriggers) as Sqlite.Statement<unknown[], { sql: string }>).all();
      for (const part of triggers.flatMap((each) => statementsOf(each.sql))) plans.set(part, planOf(this, part));
    }
    return prepare.call(this, sql) as never;
  });
  onTestFinished(() => spy.mockRestore());
  return plans;
}

/** What a trigger does, its row's columns as parameters. */
function statementsOf(trigger: string): string[] {
  const body = trigger.slice(trigger.indexOf("BEGIN") + "BEGIN".length, trigger.lastIndexOf("END"));
  const parts = body.replaceAll(/\b(?:old|new)\.\w+/g, "?").split(";");
  return parts.map((part) => part.trim()).filter((part) => part !== "");
}

/** What is done day by day, and what takes it back. */
async function everyDay(home: TestHost): Promise<void> {
  const text = `Met Sarah Miller about the Lindau project yesterday, ${home.clock.now()}`;
  await home.own("memory.capture", { text });
  const items = ["a", "b"].map((id) => ({ externalId: id, content: `Bob wrote about ${id}`, session: "s" }));
  await home.own("memory.import", { source: "notes", from: "here", items });
  const { id } = await home.own<{ id: string }>("memory.capture", { text: `${text}, again` });
  await home.own("memory.search", { q: "When did I meet Sarah about Lindau yesterday?" });
  await home.own("memory.ask", { q: "What did Bob write?" });
  await home.own("memory.show", { id });
  await home.own("memory.edit", { id, text: "Met Jane" });
  await home.own("memory.prefer", { text: `Window seats, ${home.clock.now()}` });
  await home.own("history.undo");
  await home.own("history.redo");
  home.clock.forward(1000);
}

test("the people whom a capture knows are those of the memories, whatever was changed, taken back or forgotten", async () => {
  const random = randomFrom(inject("seed"));
  const pick = <T>(all: readonly T[]): T => all[Math.floor(random() * all.length)] as T;
  const names = ["Sarah Miller", "sarah miller", "Bob Stone", "BOB STONE", "Ann Lee", "Jörg Weiß"];
  const entities = () => [{ name: pick(names), kind: pick(["person", "person", "place"] as const) }];
  await using home = await makeHost();
  const ids: string[] = [];
  const bring = async (externalId: string) => {
    const item = { externalId, content: `Note ${random()}`, entities: [...entities(), ...entities()] };
    const args = { source: "x", from: "x", items: [item], update: true };
    const { results } = await home.own<{ results: { id: string }[] }>("memory.import", args);
    if (results[0]?.id) ids.push(results[0].id);
  };
  const steps = [
    () => bring(String(Math.floor(random() * 8))),
    () => home.own("memory.capture", { text: `Met ${pick(names)} and ${pick(names)}`, speaker: String(random()) }),
    () => home.act("owner", "memory.edit", { id: pick(ids), text: `Wrote to ${pick(names)}, ${random()}` }),
    () => home.act("owner", "history.undo"),
    () => home.act("owner", "history.redo"),
    () => doReady(home, "memory.forget", { args: { id: pick(ids) } }),
    () => home.reopen(),
  ];
  await bring("0");
  for (let n = 0; n < 80; n += 1) {
    await pick(steps)();
    if (n % 10 === 9) expect(peopleIn(home)).toEqual(peopleCounted(home));
  }
  expect(peopleCounted(home).length).toBeGreaterThan(0);
});

const peopleIn = (home: TestHost) => rows(home, "SELECT key, name, mentions FROM people ORDER BY key");

/** Counted from the rows themselves, each under its first spelling. */
const peopleCounted = (home: TestHost) =>
  rows(
    home,
    `SELECT key, (SELECT name FROM entities f WHERE f.key = e.key AND f.kind = 'person' ORDER BY rowid LIMIT 1) AS name,
       count(*) AS mentions FROM entities e WHERE kind = 'person' GROUP BY key ORDER BY key`,
  );

function rows(home: TestHost, sql: string): unknown[] {
  const db = new Sqlite(home.file("memory/index/index.db"), { readonly: true });
  try {
    return db.prepare(sql).all();
  } finally {
    db.close();
  }
}

test("closing counts the lines of what changed since it counted last, and still finds what was lost before", async () => {
  await using home = await makeHost();
  for (const text of ["One", "Two", "Three"]) await home.own("memory.capture", { text });
  const counted = () => rows(home, "SELECT number FROM counted_lines");
  await home.close();
  expect(counted()).toEqual([{ number: 3 }]);
  const file = home.file("memory/episodic/2026/03/02.ndjson");
  const kept = fs.readFileSync(file, "utf8");
  fs.writeFileSync(file, kept.split("\n").slice(1).join("\n"));
  fs.rmSync(home.file("memory/index"), { recursive: true });
  await home.reopen();
  const lost = await home.own<{ unknown: { lines: number }[] }>("damage.list");
  expect(lost.unknown.map(({ lines }) => lines)).toEqual([1]);
  await home.close();
  expect(counted()).toEqual([]);
});

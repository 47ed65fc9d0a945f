import * as fs from "node:fs";
import { agent, owner } from "@mh/contract/values/principal.ts";
import { makeHost, type TestHost } from "@mh/testing";
import { expect, test } from "vitest";

const helper = agent("helper");

async function lived(): Promise<TestHost> {
  const home = await makeHost();
  for (let n = 0; n < 30; n += 1) await home.own("memory.capture", { text: `Thing number ${n}` });
  await home.act(helper, "memory.capture", { text: "not allowed" });
  return home;
}

const numbers = ({ records }: { records: { seq: number }[] }) => records.map(({ seq }) => seq);

test("K3 the log is shown a page at a time, the earliest of a page first, and nothing twice", async () => {
  await using home = await lived();
  const first = await home.own("audit.tail", { limit: 25 });
  const seen = [numbers(first)];
  for (let next = first.next; next !== null; ) {
    const page = await home.own("audit.tail", { limit: 25, before: next });
    seen.unshift(numbers(page));
    next = page.next;
  }
  const all = seen.flat();
  expect(all).toEqual(all.map((_, n) => n));
  expect(await home.own("audit.tail", { limit: 5, before: 0 })).toEqual({ records: [], next: null });
  const { record } = await home.own("audit.show", { seq: 3 });
  expect(record.seq).toBe(3);
  expect(await home.act(owner, "audit.show", { seq: 1_000_000 })).toMatchObject({
    status: "failed",
    fault: { code: "command.not-found" },
  });
});

test("K3 records are found by who, what and how it ended, over all of the log", async () => {
  await using home = await lived();
  const denied = await home.own("log.search", { principal: helper, phase: "deny" });
  expect(denied.records.map(({ verdict, skill }) => [verdict, skill?.split("@")[0]])).toEqual([
    ["deny", "memory.capture"],
  ]);
  const done = await home.own("log.search", { skill: "memory", outcome: "done", limit: 10 });
  expect(done.records).toHaveLength(10);
  const earlier = await home.own("log.search", {
    skill: "memory",
    outcome: "done",
    limit: 1000,
    before: done.next ?? 0,
  });
  expect(earlier.records).toHaveLength(20);
  expect(await home.own("log.search", { until: "2020-01-01T00:00:00Z" })).toMatchObject({ records: [], next: null });
});

test("K3 records say in words what was done, and what only read is left out where it is not wanted", async () => {
  await using home = await lived();
  await home.own("grant.give", { principal: helper, skill: "memory.list" });
  await home.act(helper, "memory.list", {});
  const skillsOf = ({ records }: { records: { skill?: string | undefined; phase: string }[] }) =>
    new Set(records.map(({ skill, phase }) => skill?.split("@")[0] ?? phase));
  const all = await home.own("log.search", { limit: 1000 });
  expect(all.titles).toMatchObject({ "memory.capture": "Remember a text" });
  expect(skillsOf(all)).toContain("memory.list");
  const acts = await home.own("log.search", { limit: 1000, withoutReads: true });
  expect(skillsOf(acts)).not.toContain("memory.list");
  expect(skillsOf(acts)).toContain("memory.capture");
  expect(acts.records.some(({ phase }) => phase === "deny")).toBe(true);
});

test("K3 why is asked as a query, and gives what the log alone tells", async () => {
  await using home = await lived();
  const { records } = await home.own("log.search", { principal: helper, phase: "deny" });
  const told = await home.own("command.explain", { which: records[0]?.id ?? "" });
  expect(told).toMatchObject({ decided: { verdict: "deny" }, rejudged: { isSame: true } });
  expect(await home.act(owner, "command.explain", { which: "ffffffff" })).toMatchObject({ status: "failed" });
});

test("H20 the log is verified as a query, in slices, and a changed line is named", async () => {
  await using home = await lived();
  const whole = await home.own("audit.verify", {});
  expect(whole).toMatchObject({ status: "ok", from: 0 });
  const [file = ""] = fs.readdirSync(home.file("logs/audit")).map((name) => home.file(`logs/audit/${name}`));
  fs.writeFileSync(file, fs.readFileSync(file, "utf8").replace('"seq":7', '"seq":8'));
  expect(await home.own("audit.verify", {})).toMatchObject({ status: "changed", seq: 7 });
});

test("the home's status and its check are queries, and so is what can be set", async () => {
  await using home = await lived();
  expect(await home.own("home.status", {})).toMatchObject({ owner: "Ada", checked: null });
  await home.own("config.set", { name: "owner", value: "Greg" });
  await home.own("audit.verify", {});
  expect(await home.own("home.status", {})).toMatchObject({ owner: "Greg", checked: { status: "ok" } });
  expect(await home.own("home.status", {})).toMatchObject({ memories: 30, stopped: false, approvals: 0, running: 0 });
  const { findings } = await home.own("home.check", {});
  expect(findings.map(({ what }) => what)).toEqual(expect.arrayContaining(["home", "log", "memory", "sandbox"]));
  const { schema, names, guarded } = await home.own("config.schema", {});
  expect(names).toEqual(expect.arrayContaining(["owner", "spend.perDay", "mail.accounts"]));
  expect(guarded).toEqual(expect.arrayContaining(["spend.perDay", "mail.accounts", "agents.*", "decision.threshold"]));
  expect(schema).toMatchObject({ type: "object", properties: { calendar: { type: "object" } } });
});

test("nobody but the owner looks at the log without being granted it", async () => {
  await using home = await lived();
  for (const skill of ["audit.tail", "log.search", "home.check", "config.schema"])
    expect(await home.act(helper, skill, {})).toMatchObject({ status: "denied", layer: "capability" });
});

import * as fs from "node:fs";
import type { MemoryRecord } from "@mh/contract/values/memory.ts";
import { agent } from "@mh/contract/values/principal.ts";
import type { JournalRecord } from "@mh/contract/values/record.ts";
import type { Outcome } from "@mh/contract/wire/command.ts";
import { readRecords } from "@mh/core/journal/walk.ts";
import { journalReader } from "@mh/host/audit/journal-reader.ts";
import { makeHost, type TestHost } from "@mh/testing";
import { randomFrom } from "@mh/testing/random.ts";
import { expect, inject, test } from "vitest";
import { indexRows } from "../support/sequences/index-rows.ts";

const hour = 3_600_000;
const day = 24 * hour;
const year = 365 * day;
const busy = agent("busy");

const write = (home: TestHost, text: string) => home.act(busy, "outbox.append", { text, effect: "write" });
const ask = (home: TestHost, text: string) => home.act(busy, "memory.forget", { id: text });
const records = (home: TestHost): JournalRecord[] =>
  [...readRecords(journalReader(home.root))].map(({ record }) => record);
const jumps = (home: TestHost) =>
  records(home)
    .filter(({ phase, body }) => phase === "recovered" && body?.what === "clock")
    .map(({ ts, body }) => [ts, body?.from, body?.to, body?.isMeasured]);

async function limited(): Promise<TestHost> {
  const home = await makeHost();
  await home.own("grant.give", { principal: busy, skill: "outbox.append" });
  await home.own("config.set", { name: "rate.commandsPerHour", value: 2 });
  return home;
}

test("R-14 a clock that was a year ahead is named in the log each time, orders nothing, and what it dated is dated right again", async () => {
  await using home = await makeHost();
  const memory = async (id: string) => (await home.own<{ memory: MemoryRecord }>("memory.show", { id })).memory;
  const capture = async (text: string, at?: string) =>
    (await home.own("memory.capture", { text, ...(at && { at }) })).id;
  const before = await capture("Before");
  home.clock.forward(hour);
  home.clock.jump(year);
  const wrong = await capture("Sarah comes tomorrow");
  const told = await capture("Lunch with Tom", "2027-03-02T06:00:00Z");
  await home.own("memory.edit", { id: wrong, text: "Sarah comes tomorrow for lunch" });
  home.clock.forward(hour);
  home.clock.jump(-year);
  const after = await capture("After");
  expect(jumps(home)).toEqual([
    ["2027-03-02T10:00:00.000Z", "2026-03-02T10:00:00.000Z", "2027-03-02T10:00:00.000Z", true],
    ["2026-03-02T11:00:00.000Z", "2027-03-02T11:00:00.000Z", "2026-03-02T11:00:00.000Z", true],
  ]);
  const logical = records(home).map(({ hlc }) => hlc.split(".").map(Number) as [number, number]);
  expect(logical).toEqual([...logical].sort(([a, n], [b, m]) => a - b || n - m));
  expect((await memory(wrong)).at).toBe("2027-03-02T10:00:00.000Z");
  expect((await home.own("memory.redate", {})).ids).toEqual([wrong]);
  expect(await memory(wrong)).toMatchObject({
    at: "2026-03-02T10:00:00.000Z",
    content: "Sarah comes tomorrow for lunch",
    eventAt: [{ from: "2026-03-02T23:00:00.000Z" }],
  });
  expect((await memory(told)).at).toBe("2027-03-02T06:00:00.000Z");
  expect([(await memory(before)).at, (await memory(after)).at]).toEqual([
    "2026-03-02T09:00:00.000Z",
    "2026-03-02T11:00:00.000Z",
  ]);
  expect(await home.act("owner", "memory.redate")).toMatchObject({ fault: { code: "memory.unchanged" } });
});

test("R-14 what a clock that went back dated too early is dated right once it is put forward, and nothing else is", async () => {
  await using home = await makeHost();
  const { id: before } = await home.own("memory.capture", { text: "Before" });
  home.clock.forward(hour);
  home.clock.jump(-20 * year);
  const { id } = await home.own("memory.capture", { text: "In between" });
  home.clock.jump(20 * year);
  await home.own("memory.capture", { text: "After" });
  expect((await home.own("memory.redate", {})).ids).toEqual([id]);
  const at = async (each: string) => (await home.own<{ memory: MemoryRecord }>("memory.show", { id: each })).memory.at;
  expect([await at(before), await at(id)]).toEqual(["2026-03-02T09:00:00.000Z", "2026-03-02T10:00:00.000Z"]);
});

test("R-14 no jump of the clock refills a window, and one that was put right leaves none full for longer", async () => {
  await using home = await limited();
  for (const text of ["a", "b"]) expect((await write(home, text)).status).toBe("done");
  for (const by of [year, -year, -30 * day, 30 * day]) {
    home.clock.jump(by);
    expect([by, (await write(home, `${by}`)).status]).toEqual([by, "denied"]);
  }
  home.clock.forward(hour + 1);
  expect((await write(home, "c")).status).toBe("done");
});

test("R-14 an approval request and a grant lapse no later than their time, by whichever clock", async () => {
  await using home = await makeHost();
  await home.own("grant.give", { principal: busy, skill: "memory.forget" });
  const { id } = await home.own("memory.capture", { text: "Something" });
  const open = async () => (await home.own("approval.list", {})).approvals.map((each) => each.id);
  const grants = async () => (await home.own("grant.list", {})).grants.map((each) => each.skill);
  const parked = await ask(home, id);
  expect([parked.status, await open()]).toEqual(["parked", [parked.id]]);
  const inADay = (ms: number) => new Date(ms + day).toISOString();
  await home.own("grant.give", { principal: busy, skill: "task.list", expiresAt: inADay(home.clock.now()) });
  home.clock.jump(year);
  expect([await open(), await grants()]).toEqual([[], ["memory.forget"]]);
  // Given while the clock is wrong, for a day.
  await home.own("grant.give", { principal: busy, skill: "task.show", expiresAt: inADay(home.clock.now()) });
  const late = await ask(home, id.slice(0, -1));
  home.clock.forward(hour);
  home.clock.jump(-year);
  await home.own("task.list", {});
  // What was over by the wrong clock is over; what it would have kept for a year lasts what was left of its day.
  expect([await open(), (await grants()).sort()]).toEqual([[late.id], ["memory.forget", "task.show"]]);
  home.clock.forward(23 * hour - 1);
  expect([await open(), (await grants()).sort()]).toEqual([[late.id], ["memory.forget", "task.show"]]);
  home.clock.forward(1);
  expect([await open(), await grants()]).toEqual([[], ["memory.forget"]]);
  const hash = "0".repeat(64);
  expect((await home.act("owner", "approval.approve", { id: late.id, hash })).status).toBe("failed");
});

test("R-14 after the machine was started again the log alone tells that the clock went back, and a new index folds it the same", async () => {
  await using home = await limited();
  await write(home, "a");
  home.clock.jump(30 * day);
  home.clock.restart();
  await home.reopen();
  await write(home, "ahead");
  home.clock.forward(hour);
  await write(home, "ahead, too");
  await home.close();
  home.clock.restart();
  home.clock.jump(-30 * day);
  await home.reopen();
  expect(jumps(home)).toEqual([
    ["2026-03-02T10:00:00.000Z", "2026-04-01T10:00:00.000Z", "2026-03-02T10:00:00.000Z", false],
  ]);
  await home.close();
  const index = home.file("memory/index/index.db");
  const grown = indexRows(index);
  fs.rmSync(home.file("memory/index"), { recursive: true });
  await home.reopen();
  await home.close();
  expect(indexRows(index)).toEqual(grown);
  await home.reopen();
});

test("R-14 an hour is seen however long a process has run, small jumps add up, and an uptime that runs back measures nothing", async () => {
  await using home = await makeHost();
  const capture = (text: string) => home.own("memory.capture", { text });
  // For sixty days it is written to once a day.
  for (let n = 0; n < 60; n += 1) {
    home.clock.forward(day);
    await capture(`day ${n}`);
  }
  expect(jumps(home)).toEqual([]);
  home.clock.jump(hour);
  await capture("an hour ahead");
  expect(jumps(home)).toHaveLength(1);
  for (let n = 0; n < 4; n += 1) {
    home.clock.jump(-50_000);
    await capture(`a little back ${n}`);
  }
  expect(jumps(home).length).toBeGreaterThan(1);
  const before = jumps(home).length;
  // A container may count anew while the machine goes on under the same name.
  const { steady } = home.clock;
  const counted = steady();
  home.clock.steady = () => steady() - counted;
  for (let n = 0; n < 3; n += 1) {
    home.clock.forward(40 * day);
    await capture(`counted anew ${n}`);
  }
  expect(jumps(home)).toHaveLength(before);
});

test("R-14 however the clock jumps, once it is right all windows heal, nothing lives longer, and the order stays", async () => {
  const seed = inject("seed");
  const random = randomFrom(seed);
  for (let round = 0; round < 6; round += 1) {
    await using home = await limited();
    await home.own("grant.give", { principal: busy, skill: "memory.forget" });
    const { id } = await home.own("memory.capture", { text: "Something" });
    let aheadMs = 0;
    // Time that really passed, and until when the right to look at tasks was to last at the latest.
    const real = () => home.clock.now() - aheadMs;
    let untilMs = 0;
    for (let step = 0; step < 12; step += 1) {
      const byMs = Math.round((random() - 0.5) * 2 * (random() < 0.5 ? 3 * hour : 2 * year));
      if (random() < 0.4) {
        home.clock.jump(byMs);
        aheadMs += byMs;
      } else home.clock.forward(Math.round(random() * 2 * hour));
      if (random() < 0.3) await home.reopen();
      await write(home, `${step}`);
      if (random() < 0.5) await ask(home, `${id}${step}`);
      if (random() < 0.3) {
        const expiresAt = new Date(home.clock.now() + hour).toISOString();
        const given = await home.act("owner", "grant.give", { principal: busy, skill: "task.list", expiresAt });
        expect([seed, given.status]).toEqual([seed, "done"]);
        untilMs = real() + hour;
      }
      const isGiven = (await home.act(busy, "task.list", {})).status === "done";
      expect([seed, round, step, isGiven && real() >= untilMs]).toEqual([seed, round, step, false]);
    }
    home.clock.jump(-aheadMs);
    const at = records(home).map(({ seq }) => seq);
    expect([seed, at]).toEqual([seed, at.map((_, n) => n)]);
    await home.own("task.list", {});
    home.clock.forward(day + hour);
    const ends: Outcome["status"][] = [];
    for (const text of ["x", "y", "z"]) ends.push((await write(home, `${text} ${round}`)).status);
    expect([seed, round, ends]).toEqual([seed, round, ["done", "done", "denied"]]);
    expect([seed, round, (await home.own("approval.list", {})).approvals]).toEqual([seed, round, []]);
  }
});

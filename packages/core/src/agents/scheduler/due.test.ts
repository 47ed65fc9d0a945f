import type { AgentRunRow } from "@mh/contract/values/agent.ts";
import { expect, test } from "vitest";
import type { Trigger } from "../../agent.ts";
import type { AgentManifest } from "./agent-manifest.ts";
import { backOffMs, type DueRun, dueRuns, type Moment, nextDue, triggerKey } from "./due.ts";

const berlin = "Europe/Berlin";
const on = "2026-03-01T00:00:00Z";

function manifest(trigger: Trigger, more: Partial<AgentManifest> = {}): AgentManifest {
  return {
    ...{ name: "clerk", title: "Does things", may: [], ensures: ["memory.list"], triggers: [trigger] },
    ...{ missed: "latest", quietHours: "wait", priority: "normal", retries: 2 },
    limits: { timeMs: 60_000, cpuMs: 30_000, memoryBytes: 2 ** 28 },
    ...more,
  };
}

/** Plays a scheduler through time: every run that is due begins, and ends as `end` says. */
function play(
  declared: AgentManifest,
  at: readonly string[],
  more: Partial<Moment> & { end?: (run: DueRun) => AgentRunRow["status"] } = {},
): string[] {
  const runs: AgentRunRow[] = [];
  const begun: string[] = [];
  for (const iso of at) {
    const nowMs = Date.parse(iso);
    for (;;) {
      const moment: Moment = {
        ...{ nowMs, timeZone: berlin, quietHours: undefined, ownerSeenMs: 0, eventFor: () => undefined },
        runsOf: () => [...runs].sort((a, b) => b.at_ms - a.at_ms || b.attempt - a.attempt),
        ...more,
      };
      const [due] = dueRuns({ name: "clerk", manifest: declared, sinceMs: Date.parse(on) }, moment);
      if (!due) break;
      const status = more.end?.(due) ?? "done";
      begun.push(`${due.slot}${due.attempt > 1 ? ` again ${due.attempt}` : ""}`);
      runs.push({
        ...{ id: "", agent: "clerk", trigger: due.trigger, slot: due.slot, attempt: due.attempt, at_ms: due.atMs },
        ...{ begun_ms: nowMs, ended_ms: nowMs, status, fault: null, body: null },
      });
      if (status === "begun") break;
    }
  }
  return begun;
}

const daily = { cron: "0 7 * * *" };

test("K13 a slot begins one run, however often and late it is looked at", () => {
  const looks = ["2026-03-02T05:59:59Z", "2026-03-02T06:00:00Z", "2026-03-02T06:00:30Z", "2026-03-02T09:00:00Z"];
  expect(play(manifest(daily, { missed: "skip" }), looks)).toEqual(["2026-03-02T07:00"]);
});

test("H14 runs missed while asleep follow the declared policy", () => {
  const wakes = ["2026-03-05T12:00:00Z"];
  expect(play(manifest(daily, { missed: "skip" }), wakes)).toEqual([]);
  expect(play(manifest(daily, { missed: "latest" }), wakes)).toEqual(["2026-03-05T07:00"]);
  expect(play(manifest(daily, { missed: "all" }), wakes)).toEqual(
    [2, 3, 4, 5].map((day) => `2026-03-0${day}T07:00`).toSpliced(0, 0, "2026-03-01T07:00"),
  );
  expect(play(manifest(daily, { missed: "skip" }), ["2026-03-05T06:01:00Z"])).toEqual(["2026-03-05T07:00"]);
});

test("H14 a year asleep gives no flood", () => {
  expect(play(manifest({ every: "1m" }, { missed: "all" }), ["2027-03-05T12:00:00Z"]).length).toBeLessThanOrEqual(100);
});

test("H14 a day with a clock change has one run of each slot", () => {
  const looks = Array.from({ length: 48 * 4 }, (_, n) =>
    new Date(Date.parse("2026-03-28T12:00Z") + n * 900_000).toISOString(),
  );
  expect(play(manifest({ cron: "30 2 * * *" }), looks).slice(1)).toEqual(["2026-03-29T02:30", "2026-03-30T02:30"]);
  const autumn = looks.map((iso) => new Date(Date.parse(iso) + 210 * 86_400_000).toISOString());
  expect(play(manifest({ cron: "30 2 * * *" }, { missed: "skip" }), autumn)).toEqual([
    "2026-10-25T02:30",
    "2026-10-26T02:30",
  ]);
});

test("H14 in quiet hours a run waits for their end, is left out, or runs, as declared", () => {
  const quietHours = { from: "22:00", to: "07:30" };
  const looks = ["2026-03-02T05:00:00Z", "2026-03-02T06:00:00Z", "2026-03-02T06:29:59Z", "2026-03-02T06:30:00Z"];
  const played = (more: Partial<AgentManifest>) => {
    const seen: string[] = [];
    for (const [n, look] of looks.entries()) {
      const before = seen.length;
      seen.push(
        ...play(manifest(daily, { missed: "skip", ...more }), looks.slice(0, n + 1), { quietHours })
          .slice(before)
          .map((slot) => `${slot} at ${look.slice(11, 16)}`),
      );
    }
    return seen;
  };
  expect(played({ quietHours: "wait" })).toEqual(["2026-03-02T07:00 at 06:30"]);
  expect(played({ quietHours: "skip" })).toEqual([]);
  expect(played({ quietHours: "run" })).toEqual(["2026-03-02T07:00 at 06:00"]);
});

test("H14 what failed is tried again after growing pauses, and then no more", () => {
  const minute = (n: number) => new Date(Date.parse("2026-03-02T06:00:00Z") + n * 60_000).toISOString();
  const looks = Array.from({ length: 200 }, (_, n) => minute(n));
  const failing = { end: () => "failed" as const };
  expect(play(manifest(daily), looks, failing)).toEqual([
    "2026-03-02T07:00",
    "2026-03-02T07:00 again 2",
    "2026-03-02T07:00 again 3",
  ]);
  expect(play(manifest(daily, { retries: 0 }), looks, failing)).toEqual(["2026-03-02T07:00"]);
  expect([1, 2, 3, 9].map(backOffMs)).toEqual([60_000, 240_000, 960_000, 3_600_000]);
});

test("H14 an interval keeps its beat across restarts, and skips what it could not make", () => {
  const looks = ["2026-03-02T10:05:00Z", "2026-03-02T10:31:00Z", "2026-03-02T12:10:00Z"];
  expect(play(manifest({ every: "30m" }), looks)).toEqual([
    "2026-03-02T10:00:00.000Z",
    "2026-03-02T10:30:00.000Z",
    "2026-03-02T12:00:00.000Z",
  ]);
});

test("H14 events that come together are one run, and an event that was answered is not answered again", () => {
  const declared = manifest({ event: "memory.captured", settle: "10s" });
  const eventFor = () => ({ seq: 41, atMs: Date.parse("2026-03-02T10:00:00Z"), name: "memory.captured", command: "c" });
  expect(play(declared, ["2026-03-02T10:00:05Z"], { eventFor })).toEqual([]);
  expect(play(declared, ["2026-03-02T10:00:10Z", "2026-03-02T10:01:00Z"], { eventFor })).toEqual(["41"]);
});

test("H14 idle comes once each time the owner has done nothing for so long", () => {
  const declared = manifest({ idle: "20m" });
  const ownerSeenMs = Date.parse("2026-03-02T10:00:00Z");
  expect(play(declared, ["2026-03-02T10:19:59Z"], { ownerSeenMs })).toEqual([]);
  const looks = ["2026-03-02T10:20:00Z", "2026-03-02T15:00:00Z"];
  expect(play(declared, looks, { ownerSeenMs })).toEqual(["2026-03-02T10:00:00.000Z"]);
});

test("H14 nothing begins beside a run of the same trigger", () => {
  expect(
    play(manifest({ every: "1m" }), [on, "2026-03-01T00:01:00Z", "2026-03-01T00:09:00Z"], { end: () => "begun" }),
  ).toHaveLength(1);
});

test("H14 the next time is told", () => {
  const agent = { name: "clerk", manifest: manifest(daily), sinceMs: 0 };
  const nowMs = Date.parse("2026-03-28T12:00:00Z");
  expect(nextDue(agent, { nowMs, timeZone: berlin })).toBe(Date.parse("2026-03-29T05:00:00Z"));
  expect(nextDue({ ...agent, manifest: manifest({ idle: "20m" }) }, { nowMs, timeZone: berlin })).toBeUndefined();
  expect(triggerKey({ event: "a.b", settle: "1s" })).toBe("event a.b, settle 1s");
});

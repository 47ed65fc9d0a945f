import * as fs from "node:fs";
import * as os from "node:os";
import * as path from "node:path";
import { agent, owner } from "@mh/contract/values/principal.ts";
import { makeHost } from "@mh/testing";
import { expect, test } from "vitest";
import { agentsDay } from "../support/agents-day.ts";
import { calendarOf, eventOf } from "../support/calendars.ts";
import { doReady } from "../support/do-ready.ts";

/** A week from Monday on, at that time of each day on the wall in Berlin, in winter. */
const days = (count: number, from: string) =>
  Array.from({ length: count }, (_, n) => new Date(Date.parse(from) + n * 24 * 3_600_000));

test("H17 each week habits that were counted and one look over are proposed, with their evidence; nothing is learned silently", async () => {
  using folder = fs.mkdtempDisposableSync(path.join(os.tmpdir(), "mh-align-"));
  const history = path.join(folder.path, "history");
  // Two working weeks: make in the morning, and something else at any time.
  const working = days(14, "2026-03-02T08:10:00Z").filter((day) => ![0, 6].includes(day.getUTCDay()));
  const lines = working.flatMap((day, n) => [
    `#${day.getTime() / 1_000}\nmake test --token=abc`,
    `#${day.getTime() / 1_000 + (n % 5) * 7_200}\nvim notes`,
  ]);
  fs.writeFileSync(history, `${lines.join("\n")}\n`);
  await using day = await agentsDay(["align"], () => ({ observe: { shell: { on: true, paths: [history] } } }));
  const { home } = day;
  for (const each of working) {
    home.clock.set(each.toISOString());
    const options = [
      { name: "archive", score: 0.4 },
      { name: "notify", score: 0.6 },
    ];
    const { id } = await home.own("decision.make", { situation: "A newsletter came", options, threshold: 0 });
    await home.own("decision.correct", { id, option: "archive" });
  }
  await home.own("observe.shell", {});
  const before = (await home.own("memory.list", { limit: 200 })).memories;
  expect(before.filter(({ source }) => source === "observed:shell").length).toBe(working.length);
  await day.look("2026-03-16T05:00:00Z");
  expect([day.ends, day.troubles]).toEqual([[["align", "done", ""]], []]);
  const open = (await home.own("proposal.list", {})).proposals;
  expect(open.map(({ does, origins }) => [does.type, origins])).toEqual([
    ["routine", ["agent:align", "observed:shell"]],
    ["routine", ["agent:align", "observed:shell"]],
    ["review", ["agent:align"]],
  ]);
  expect(open[0]).toMatchObject({
    text: "make, on working days around 09:00\nmake {when mon-fri 09:00-10:00}",
    why: "It was seen on 10 of the last 28 days.",
  });
  expect(open[0]?.sources.length).toBe(10);
  expect(open[1]?.text).toContain("Most active from 09:00 to 10:00 on working days");
  expect(open[1]?.why).toMatch(/^Of 10 days half of them or more have something on record then/);
  expect(open[2]?.text).toMatch(
    /Last week you answered 5 decisions, \d of them otherwise than expected\. Drift is 0\.\d\d/,
  );
  expect(open[2]?.text).toContain("You took “archive” 10 of 10 times");
  // Nothing but proposals came of it, and a verdict least of all.
  const after = (await home.own("memory.list", { limit: 200 })).memories;
  expect(after.filter(({ source }) => source !== "proposal").map(({ id }) => id)).toEqual(before.map(({ id }) => id));
  const [habit, busy, review] = open.map(({ id }) => id);
  await home.own("proposal.accept", { ids: [habit ?? "", review ?? ""] });
  const routines = (await home.own("memory.list", { kinds: ["procedural"] })).memories;
  expect(routines.map(({ tags, origins }) => [tags, origins])).toEqual([
    [["routine"], ["agent:align", "observed:shell", "owner"]],
  ]);
  await home.own("proposal.dismiss", { ids: [busy ?? ""] });
  // Another look the same week proposes nothing twice; the next week has a look of its own only where there was something to answer.
  await home.act(owner, "agent.pause", { name: "align" });
  await home.own("agent.resume", { name: "align" });
  await day.look("2026-03-23T05:00:00Z");
  await day.look("2026-03-30T05:00:00Z");
  const later = (await home.own("proposal.list", {})).proposals;
  expect(later.map(({ does }) => (does.type === "review" ? does.period : does.type))).toEqual(["2026-W13"]);
});

test("H17 what was brought in under the name of an observed source is evidence of no habit", async () => {
  await using home = await makeHost();
  home.clock.set("2026-03-16T05:00:00Z");
  const helper = agent("helper");
  for (const skill of ["memory.import", "proposal.make"]) await home.own("grant.give", { principal: helper, skill });
  await home.own("trust.set", { principal: helper, level: "bounded_auto" });
  const items = days(10, "2026-03-02T08:10:00Z").map((day) => ({
    externalId: day.toISOString().slice(0, 10),
    content: "Programs run in a terminal\n09:00 make (2)",
    ...{ kind: "artifact", at: day.toISOString() },
  }));
  const brought = await home.act(helper, "memory.import", { source: "observed:shell", from: "f", items });
  expect(brought.status).toBe("done");
  expect((await home.own("pattern.spot", {})).habits).toEqual([]);
  const sources = (await home.own("memory.list", {})).memories.map(({ id }) => id);
  expect(sources.length).toBe(10);
  const does = { type: "routine", title: "make", text: "Each morning" };
  const made = await home.act(helper, "proposal.make", { does, why: "It was seen.", sources });
  expect(made).toMatchObject({ status: "failed", fault: { code: "proposal.refused" } });
});

test("H6 what a calendar has each week and when the owner is active are proposed as routines, and bear on situations once accepted", async () => {
  await using day = await agentsDay(["align"], () => ({ calendar: { sources: [{ name: "work", file: "work.ics" }] } }));
  const { home } = day;
  const event = (uid: string, title: string, start: string, ...more: string[]) =>
    eventOf(`UID:${uid}`, `SUMMARY:${title}`, `DTSTART${start}`, ...more);
  const events = [
    event("1", "Standup {hard}", ":20260112T080000Z", "RRULE:FREQ=WEEKLY;BYDAY=MO"),
    event("2", "Gym", ":20260113T170000Z", "RRULE:FREQ=WEEKLY;BYDAY=TU,TH"),
    event("3", "Report", ":20260112T110000Z", "RRULE:FREQ=WEEKLY;INTERVAL=2"),
    event("4", "Off", ":20260112T120000Z", "RRULE:FREQ=WEEKLY", "STATUS:CANCELLED"),
    event("5", "Bin", ";VALUE=DATE:20260113", "RRULE:FREQ=WEEKLY"),
  ];
  fs.writeFileSync(home.file("work.ics"), calendarOf(...events.flat()));
  for (const each of days(12, "2026-03-02T07:10:00Z").filter((at) => ![0, 6].includes(at.getUTCDay()))) {
    home.clock.set(each.toISOString());
    await home.own("memory.capture", { text: `A note of ${each.toISOString()}` });
  }
  await doReady(home, "calendar.keep", { args: {} });
  const before = (await home.own("persona.show", {})).sections;
  await day.look("2026-03-16T05:00:00Z");
  expect([day.ends, day.troubles]).toEqual([[["align", "done", ""]], []]);
  const open = (await home.own("proposal.list", {})).proposals;
  expect(open.map(({ text, why, origins }) => [text, why, origins])).toEqual([
    [
      "Gym, every Tuesday and Thursday around 18:00\nGym {when tue thu 18:00-19:00}",
      "It stood in your calendars on 8 of the last 28 days.",
      ["agent:align", "calendar:work"],
    ],
    [
      "Standup (hard), every Monday around 09:00\nStandup (hard) {when mon 09:00-10:00}",
      "It stood in your calendars on 4 of the last 28 days.",
      ["agent:align", "calendar:work"],
    ],
    [
      "Most active from 08:00 to 09:00 on working days\nMost active {when mon-fri 08:00-09:00, energy high}",
      expect.stringMatching(/^Of 10 days half of them or more/),
      ["agent:align", "owner"],
    ],
  ]);
  expect(open.map(({ sources }) => sources.length)).toEqual([1, 1, 10]);
  const bearing = async (situation: string) =>
    (await home.own("persona.query", { situation })).bearings.filter(({ kind }) => kind === "routine");
  home.clock.set("2026-03-17T17:10:00Z");
  // Nothing holds before the owner says so, and the persona's own files stay as they are.
  expect(await bearing("A call this evening, instead of gym?")).toEqual([]);
  await home.own("proposal.accept", { ids: open.map(({ id }) => id) });
  expect(await bearing("A call this evening, instead of gym?")).toMatchObject([
    { text: "Gym, tue thu 18:00-19:00", why: "speaks of gym; it is the time for it", source: /^memory:/ },
  ]);
  home.clock.set("2026-03-18T07:30:00Z");
  expect(await bearing("xyzzy")).toMatchObject([{ text: "Most active, mon-fri 08:00-09:00, energy high" }]);
  expect((await home.own("persona.show", {})).sections).toEqual(before);
});

test("H6 what was brought in under the name of a calendar is evidence of no routine", async () => {
  await using home = await makeHost();
  home.clock.set("2026-03-16T05:00:00Z");
  const helper = agent("helper");
  await home.own("grant.give", { principal: helper, skill: "memory.import" });
  await home.own("trust.set", { principal: helper, level: "bounded_auto" });
  const items = days(3, "2026-02-23T08:00:00Z").map((_, n) => {
    const from = new Date(Date.parse("2026-02-23T08:00:00Z") + n * 7 * 24 * 3_600_000).toISOString();
    const eventAt = [{ from, to: from.replace("08:00", "08:30"), text: "then", grain: "minute" }];
    return {
      externalId: from,
      content: "Call Eve",
      source: "calendar:work",
      at: from,
      entities: [],
      tags: [],
      eventAt,
    };
  });
  expect((await home.act(helper, "memory.import", { source: "calendar:work", from: "f", items })).status).toBe("done");
  expect((await home.own("pattern.spot", {})).habits).toEqual([]);
});

test("H17 the weekly look over is turned off by a setting", async () => {
  await using day = await agentsDay(["align"], () => ({ agents: { align: { review: false } } }));
  const { home } = day;
  home.clock.set("2026-03-12T08:00:00Z");
  const options = [{ name: "archive", score: 0.4 }, { name: "notify" }];
  const { id } = await home.own("decision.make", { situation: "A newsletter came", options });
  await home.own("decision.correct", { id, option: "archive" });
  await day.look("2026-03-16T05:00:00Z");
  expect([day.ends, day.troubles]).toEqual([[["align", "done", ""]], []]);
  expect((await home.own("proposal.list", {})).proposals).toEqual([]);
});

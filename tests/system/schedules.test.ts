import * as fs from "node:fs";
import type { DueRun } from "@mh/core/agents/scheduler/due.ts";
import { raiseStop } from "@mh/host/home/raise-stop.ts";
import { makeHost } from "@mh/testing";
import { describe, expect, test } from "vitest";
import { lateBy } from "../support/late-by.ts";
import { agentFile, capturing, scheduled, texts } from "../support/scheduled.ts";

describe("K13 a schedule with proof", () => {
  test("a run begins once for its time, however often it is looked at and after a restart", async () => {
    await using day = await scheduled({ agents: { brief: agentFile("brief", capturing) } });
    await day.look("2026-03-03T05:59:59Z");
    expect(day.runs).toEqual([]);
    await day.look("2026-03-03T06:00:00Z");
    await day.look();
    await day.reopen();
    await day.look("2026-03-03T06:05:00Z");
    expect(day.runs.map(({ due }) => due.slot)).toEqual(["2026-03-03T07:00"]);
    expect(await texts(day.home)).toEqual(["Run for 2026-03-03T06:00:00.000Z"]);
  });

  test("an agent that imports its API by the name of an earlier version runs", async () => {
    const brief = agentFile("brief", capturing).replace("@mh/core/agent", "@mh/core/agent.ts");
    await using day = await scheduled({ agents: { brief } });
    await day.look("2026-03-03T06:00:00Z");
    expect(await texts(day.home)).toEqual(["Run for 2026-03-03T06:00:00.000Z"]);
  });

  test("two looks at the same moment begin it once", async () => {
    await using day = await scheduled({ agents: { brief: agentFile("brief", capturing) } });
    day.home.clock.set("2026-03-03T06:00:00Z");
    await Promise.all([day.tick(), day.tick(), day.tick()]);
    await day.settled();
    expect(day.runs).toHaveLength(1);
  });

  test("a run that did not do what its file says it must is no success, whatever it says", async () => {
    const body = 'agent.log("ok"); console.log("done, all fine");';
    await using day = await scheduled({ agents: { brief: agentFile("brief", body, { more: "retries: 0," }) } });
    await day.look("2026-03-03T06:00:00Z");
    expect(day.runs[0]?.outcome).toMatchObject({ status: "failed", fault: { code: "agent.unmet" } });
    const { runs } = await day.home.own("agent.show", { name: "brief" });
    expect(runs).toMatchObject([{ status: "failed", fault: "agent.unmet" }]);
  });

  test("a run that did all it was to do but for the owner's answer waits, is not tried again, and ends with the answer", async () => {
    const body = `await agent.need("memory.capture", { text: "The brief" });
      await agent.need("mail.send", { to: ["tom@example.org"], subject: "The brief", body: "All is well." });`;
    const may = ["memory.capture", "mail.send"];
    await using day = await scheduled({ agents: { brief: agentFile("brief", body, { may, ensures: may }) } });
    await day.look("2026-03-03T06:00:00Z");
    await day.look("2026-03-03T06:10:00Z");
    expect(day.ends()).toEqual({ brief: "agent.waits" });
    expect(day.runs).toHaveLength(1);
    const shown = async () => (await day.home.own("agent.show", { name: "brief" })).runs;
    expect(await shown()).toMatchObject([{ status: "parked", fault: null }]);
    const { approvals } = await day.home.own("approval.list", {});
    await day.home.own("approval.deny", { id: approvals[0]?.id ?? "" });
    expect(await shown()).toMatchObject([{ status: "failed", fault: "agent.waits" }]);
  });

  test("what went wrong after a parked command is a failure", async () => {
    const body = `await agent.act("mail.send", { to: ["tom@example.org"], subject: "The brief", body: "All is well." });
      await agent.need("memory.capture", { text: "" });`;
    const may = ["memory.capture", "mail.send"];
    const brief = agentFile("brief", body, { may, ensures: ["mail.send"], more: "retries: 0," });
    await using day = await scheduled({ agents: { brief } });
    await day.look("2026-03-03T06:00:00Z");
    expect(day.ends()).toEqual({ brief: "agent.failed" });
  });

  test("what another agent did does not count for a run", async () => {
    const agents = {
      idler: agentFile("idler", "", { more: "retries: 0," }),
      brief: agentFile("brief", capturing),
    };
    await using day = await scheduled({ agents });
    await day.look("2026-03-03T06:00:00Z");
    const ends = Object.fromEntries(day.runs.map(({ due, outcome }) => [due.agent, outcome.status]));
    expect(ends).toEqual({ idler: "failed", brief: "done" });
  });

  test.each([
    ["skip", 0],
    ["latest", 1],
    ["all", 3],
  ])("runs missed while the machine slept: %s", async (missed, count) => {
    await using day = await scheduled({
      agents: { brief: agentFile("brief", capturing, { more: `missed: "${missed}",` }) },
    });
    day.home.clock.set("2026-03-05T12:00:00Z");
    for (let n = 0; n < 5; n += 1) await day.look();
    expect(day.runs).toHaveLength(count);
    expect(await texts(day.home)).toHaveLength(count);
  });

  test("a run that fails is tried again after growing pauses, and what it did is not done twice", async () => {
    const body = `await agent.need("memory.capture", { text: "First part" });
      await agent.need("outbox.append", { text: "Sent once", effect: "notify" });
      const { length } = (await agent.need("memory.list", {})).memories;
      if (length < 3) throw new Error("not yet");`;
    const may = ["memory.capture", "outbox.append", "memory.list"];
    await using day = await scheduled({ agents: { brief: agentFile("brief", body, { may, more: "retries: 3," }) } });
    await day.look("2026-03-03T06:00:00Z");
    await day.look("2026-03-03T06:00:30Z");
    expect(day.runs).toHaveLength(1);
    await day.look("2026-03-03T06:01:01Z");
    await day.look("2026-03-03T06:04:00Z");
    expect(day.runs).toHaveLength(2);
    for (const text of ["One", "Two"]) await day.home.own("memory.capture", { text });
    await day.look("2026-03-03T06:05:10Z");
    expect(day.runs.map(({ due, outcome }) => [due.attempt, outcome.status])).toEqual([
      [1, "failed"],
      [2, "failed"],
      [3, "done"],
    ]);
    expect(day.home.outbox()).toEqual(["Sent once"]);
    expect(await texts(day.home)).toEqual(["First part", "One", "Two"]);
    await day.look("2026-03-03T08:00:00Z");
    expect(day.runs).toHaveLength(3);
  });

  test("after its last try a run rests until its next time", async () => {
    await using day = await scheduled({
      agents: { brief: agentFile("brief", 'throw new Error("broken");', { more: "retries: 1," }) },
    });
    for (let minute = 0; minute < 60; minute += 5) {
      await day.look(`2026-03-03T06:${String(minute).padStart(2, "0")}:00Z`);
    }
    expect(day.runs).toHaveLength(2);
    await day.look("2026-03-04T06:00:00Z");
    expect(day.runs.at(-1)?.due).toMatchObject({ slot: "2026-03-04T07:00", attempt: 1 });
  });
});

describe("H14 the scheduler", () => {
  test("a day on which the clocks change has one run", async () => {
    await using day = await scheduled({
      agents: {
        night: agentFile("night", capturing, { triggers: '[{ cron: "30 2 * * *" }]', more: 'quietHours: "run",' }),
      },
    });
    day.home.clock.set("2026-03-28T23:00:00Z");
    for (let half = 0; half < 12; half += 1) {
      await day.look();
      day.home.clock.forward(1_800_000);
    }
    expect(day.runs.filter(({ due }) => due.slot.startsWith("2026-03-29"))).toHaveLength(1);
  });

  test("an event starts a run when it is quiet again; the agent's own events do not", async () => {
    const agents = {
      tidy: agentFile(
        "tidy",
        'await agent.need("memory.capture", { text: "Tidied after " + agent.trigger.event.name });',
        {
          triggers: '[{ event: "memory.captured", settle: "10s" }]',
        },
      ),
    };
    await using day = await scheduled({ agents });
    await day.home.own("memory.capture", { text: "One" });
    day.home.clock.forward(5_000);
    await day.home.own("memory.capture", { text: "Two" });
    await day.look();
    expect(day.runs).toEqual([]);
    day.home.clock.forward(10_001);
    await day.look();
    day.home.clock.forward(60_000);
    await day.look();
    expect(day.runs).toHaveLength(1);
    expect(await texts(day.home)).toContain("Tidied after memory.captured");
  });

  test("an event that came while nothing ran is heard after a restart", async () => {
    const agents = { tidy: agentFile("tidy", capturing, { triggers: '[{ event: "task.*" }]' }) };
    await using day = await scheduled({ agents });
    await day.home.own("task.add", { title: "Buy milk" });
    await day.reopen();
    day.home.clock.forward(3_000);
    await day.look();
    await day.reopen();
    await day.look();
    expect(day.runs).toHaveLength(1);
  });

  test("an idle trigger fires once for each time that the owner has gone", async () => {
    const agents = { organizer: agentFile("organizer", capturing, { triggers: '[{ idle: "10m" }]' }) };
    await using day = await scheduled({ agents });
    day.home.clock.forward(9 * 60_000);
    await day.look();
    expect(day.runs).toEqual([]);
    day.home.clock.forward(2 * 60_000);
    await day.look();
    day.home.clock.forward(60 * 60_000);
    await day.look();
    expect(day.runs).toHaveLength(1);
    await day.home.own("memory.capture", { text: "Back again" });
    day.home.clock.forward(11 * 60_000);
    await day.look();
    expect(day.runs).toHaveLength(2);
  });

  test("what falls into the owner's quiet hours waits for their end", async () => {
    const agents = { brief: agentFile("brief", capturing, { triggers: '[{ cron: "0 23 * * *" }]' }) };
    await using day = await scheduled({ agents });
    fs.appendFileSync(day.home.file("config.yaml"), '\nquietHours:\n  from: "22:00"\n  to: "07:00"\n');
    day.home.clock.forward(1_000);
    await day.look("2026-03-02T22:00:00Z");
    await day.look("2026-03-03T05:59:00Z");
    expect(day.runs).toEqual([]);
    await day.look("2026-03-03T06:00:30Z");
    expect(day.runs.map(({ due }) => due.slot)).toEqual(["2026-03-02T23:00"]);
  });

  test("K2 STOP blocks schedules and new runs until it is lifted, over a restart", async () => {
    await using day = await scheduled({ agents: { brief: agentFile("brief", capturing) } });
    raiseStop(day.home.root);
    await day.look("2026-03-03T06:00:00Z");
    await day.reopen();
    await day.look("2026-03-03T06:00:30Z");
    expect(day.runs).toEqual([]);
    await day.home.own("kernel.resume", {});
    await day.look("2026-03-03T06:00:40Z");
    expect(day.runs.map(({ outcome }) => outcome.status)).toEqual(["done"]);
  });

  test("K2 STOP ends a run in the middle of its batch within a second", async () => {
    const body = 'for (let n = 0; ; n += 1) await agent.act("memory.capture", { text: "Number " + n });';
    await using day = await scheduled({ agents: { brief: agentFile("brief", body) } });
    const first = Promise.withResolvers<void>();
    using _hear = day.home.host.bus.subscribe("memory.captured", () => first.resolve());
    day.home.clock.set("2026-03-03T06:00:00Z");
    await day.tick();
    await first.promise;
    const late = await lateBy(1_000, () => {
      raiseStop(day.home.root);
      return day.settled();
    });
    expect(late).toBe(0);
    expect(day.runs[0]?.outcome.status).toBe("interrupted");
    const before = (await texts(day.home)).length;
    await day.look("2026-03-03T06:30:00Z");
    expect(await texts(day.home)).toHaveLength(before);
  });

  test("what goes wrong with one agent, or with a look, is told once, and stands in nobody's way", async () => {
    await using day = await scheduled({
      agents: { brief: agentFile("brief", capturing), odd: agentFile("odd", capturing) },
    });
    const settings = fs.readFileSync(day.home.file("config.yaml"), "utf8");
    const odd = `${settings}\nagents:\n  odd:\n    schedule: "every now"\n`;
    await day.home.own("config.write", { text: odd });
    await day.look("2026-03-03T06:00:00Z");
    await day.look();
    expect(day.ends()).toEqual({ brief: "done" });
    expect(day.troubles).toEqual([expect.stringContaining("odd: config.yaml, agents.odd.schedule")]);
    await day.home.own("config.write", { text: settings });
    await day.look();
    expect(day.ends()).toEqual({ brief: "done", odd: "done" });
    await day.home.own("config.write", { text: odd });
    await day.look();
    expect(day.troubles).toHaveLength(2);
  });

  test("a look that fails is told, and the next one is as good as ever", async () => {
    await using home = await makeHost({ agents: { brief: agentFile("brief", capturing) } });
    await home.own("agent.allow", { name: "brief" });
    const told = Promise.withResolvers<unknown>();
    const ran = Promise.withResolvers<void>();
    let isBroken = true;
    const now = home.clock.now;
    await using scheduler = home.host.schedule({ onRun: () => ran.resolve(), onTrouble: (why) => told.resolve(why) });
    home.clock.now = () => {
      if (!isBroken || !new Error().stack?.includes("lookAtAll")) return now();
      isBroken = false;
      throw new RangeError("no such time");
    };
    home.clock.set("2026-03-03T06:00:00Z");
    scheduler.start();
    expect(await told.promise).toEqual(new RangeError("no such time"));
    await home.own("memory.capture", { text: "Wakes nobody" });
    await scheduler.tick();
    await ran.promise;
  });

  test("a clock that was years ahead for an hour costs no run once it is right again", async () => {
    const agents = {
      brief: agentFile("brief", capturing),
      tidy: agentFile("tidy", capturing, { triggers: '[{ event: "task.*", settle: "10s" }]' }),
    };
    await using day = await scheduled({ agents });
    await day.look("2031-03-03T06:00:00Z");
    expect(day.runs.map(({ due }) => due.slot)).toEqual(["2031-03-03T07:00"]);
    day.home.clock.set("2026-03-04T05:30:00Z");
    await day.look();
    await day.home.own("task.add", { title: "Set the clock" });
    await day.look("2026-03-04T05:31:00Z");
    await day.look("2026-03-04T06:00:00Z");
    await day.look("2026-03-04T06:10:00Z");
    const slots = day.runs.slice(1).map(({ due }) => (due.kind === "event" ? due.agent : due.slot));
    expect(slots).toEqual(["2026-03-03T07:00~1", "tidy", "2026-03-04T07:00~1"]);
    expect(day.ends()).toEqual({ tidy: "done", brief: "done" });
  });

  test("an hour that comes twice because its owner travels has one run, and is not asked for again", async () => {
    await using day = await scheduled({ agents: { brief: agentFile("brief", capturing) } });
    await day.look("2026-03-03T06:00:00Z");
    const settings = fs.readFileSync(day.home.file("config.yaml"), "utf8");
    fs.writeFileSync(day.home.file("config.yaml"), settings.replace("Europe/Berlin", "America/New_York"));
    await day.look("2026-03-03T12:00:30Z");
    await day.look("2026-03-03T12:01:00Z");
    expect(day.runs.map(({ due }) => due.slot)).toEqual(["2026-03-03T07:00"]);
    await day.look("2026-03-04T12:00:30Z");
    expect(day.runs).toHaveLength(2);
  });

  test("a look that is under way when the scheduler ends begins nothing any more", async () => {
    await using home = await makeHost({ agents: { brief: agentFile("brief", capturing) } });
    await home.own("agent.allow", { name: "brief" });
    const runs: DueRun[] = [];
    const scheduler = home.host.schedule({ onRun: (due) => void runs.push(due), onTrouble: () => undefined });
    home.clock.set("2026-03-03T06:00:00Z");
    home.agent("brief", agentFile("brief", 'await agent.need("memory.capture", { text: "New" });'));
    const looked = scheduler.tick();
    await scheduler[Symbol.asyncDispose]();
    await looked;
    await home.close();
    expect(runs).toEqual([]);
  });
});

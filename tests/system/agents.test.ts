import * as fs from "node:fs";
import { owner } from "@mh/contract/values/principal.ts";
import type { Outcome } from "@mh/contract/wire/command.ts";
import type { DueRun } from "@mh/core/agents/scheduler/due.ts";
import { raiseStop } from "@mh/host/home/raise-stop.ts";
import { type HostOptions, makeHost, type TestHost } from "@mh/testing";
import { describe, expect, test } from "vitest";
import { lateBy } from "../support/late-by.ts";

interface Declared {
  triggers?: string;
  may?: string[];
  ensures?: string[];
  more?: string;
}

/** An agent's file with the body of its `run`. */
const file = (name: string, body: string, { triggers, may, ensures, more = "" }: Declared = {}): string => `
import { type AgentContext, defineAgent } from "@mh/core/agent";
export const agent = defineAgent({
  name: "${name}", title: "Tries things", triggers: ${triggers ?? '[{ cron: "0 7 * * *" }]'},
  may: ${JSON.stringify(may ?? ["memory.capture"])}, ensures: ${JSON.stringify(ensures ?? [may?.[0] ?? "memory.capture"])}, ${more}
  async run(agent: AgentContext) { ${body} },
});`;

const capturing = 'await agent.need("memory.capture", { text: "Run for " + agent.trigger.at });';

interface Begun {
  due: DueRun;
  outcome: Outcome;
}

/** A home whose scheduler looks when the test says so. */
async function scheduled(options: HostOptions & { allow?: string[] } = {}) {
  const home = await makeHost(options);
  const runs: Begun[] = [];
  const troubles: string[] = [];
  const listener = {
    onRun: (due: DueRun, outcome: Outcome) => void runs.push({ due, outcome }),
    onTrouble: (why: unknown, agent?: string) =>
      void troubles.push(`${agent ?? "all"}: ${why instanceof Error ? why.message : why}`),
  };
  for (const name of options.allow ?? Object.keys(options.agents ?? {})) await home.own("agent.allow", { name });
  let scheduler = home.host.schedule(listener);
  return {
    home,
    runs,
    troubles,
    /** Looks, and waits for what it began. */
    async look(iso?: string) {
      if (iso) home.clock.set(iso);
      await scheduler.tick();
      await scheduler.settled();
    },
    tick: () => scheduler.tick(),
    /** Fault or status of each agent's last run that has ended. */
    ends: () =>
      Object.fromEntries(
        runs.map(({ due, outcome }) => [due.agent, outcome.status === "failed" ? outcome.fault.code : outcome.status]),
      ),
    /** Waits until so many runs stand in the log. */
    begun: (count: number) =>
      expect
        .poll(async () => {
          const { agents } = await home.own("agent.list", {});
          return agents.filter(({ last }) => last !== null).length;
        })
        .toBe(count),
    runNow(name: string) {
      const args = { agent: name, trigger: "owner", kind: "owner", slot: "1", attempt: 1, at: "2026-03-03T06:00:00Z" };
      return home.act(`agent:${name}`, "agent.run", args);
    },
    settled: () => scheduler.settled(),
    async reopen() {
      await scheduler[Symbol.asyncDispose]();
      await home.reopen();
      scheduler = home.host.schedule(listener);
    },
    async [Symbol.asyncDispose]() {
      await scheduler[Symbol.asyncDispose]();
      await home[Symbol.asyncDispose]();
    },
  };
}

const texts = async (home: TestHost): Promise<string[]> => {
  const { memories } = await home.own<{ memories: { content: string }[] }>("memory.list", {});
  return memories.map(({ content }) => content).sort();
};

describe("K13 a schedule with proof", () => {
  test("a run begins once for its time, whatever looks again and whoever starts anew", async () => {
    await using day = await scheduled({ agents: { brief: file("brief", capturing) } });
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
    const brief = file("brief", capturing).replace("@mh/core/agent", "@mh/core/agent.ts");
    await using day = await scheduled({ agents: { brief } });
    await day.look("2026-03-03T06:00:00Z");
    expect(await texts(day.home)).toEqual(["Run for 2026-03-03T06:00:00.000Z"]);
  });

  test("two looks at the same moment begin it once", async () => {
    await using day = await scheduled({ agents: { brief: file("brief", capturing) } });
    day.home.clock.set("2026-03-03T06:00:00Z");
    await Promise.all([day.tick(), day.tick(), day.tick()]);
    await day.settled();
    expect(day.runs).toHaveLength(1);
  });

  test("a run that did not do what its file says it must is no success, whatever it says", async () => {
    const body = 'agent.log("ok"); console.log("done, all fine");';
    await using day = await scheduled({ agents: { brief: file("brief", body, { more: "retries: 0," }) } });
    await day.look("2026-03-03T06:00:00Z");
    expect(day.runs[0]?.outcome).toMatchObject({ status: "failed", fault: { code: "agent.unmet" } });
    const { runs } = await day.home.own("agent.show", { name: "brief" });
    expect(runs).toMatchObject([{ status: "failed", fault: "agent.unmet" }]);
  });

  test("what another agent did does not count for a run", async () => {
    const agents = {
      idler: file("idler", "", { more: "retries: 0," }),
      brief: file("brief", capturing),
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
      agents: { brief: file("brief", capturing, { more: `missed: "${missed}",` }) },
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
    await using day = await scheduled({ agents: { brief: file("brief", body, { may, more: "retries: 3," }) } });
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
      agents: { brief: file("brief", 'throw new Error("broken");', { more: "retries: 1," }) },
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
      agents: { night: file("night", capturing, { triggers: '[{ cron: "30 2 * * *" }]', more: 'quietHours: "run",' }) },
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
      tidy: file("tidy", 'await agent.need("memory.capture", { text: "Tidied after " + agent.trigger.event.name });', {
        triggers: '[{ event: "memory.captured", settle: "10s" }]',
      }),
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
    const agents = { tidy: file("tidy", capturing, { triggers: '[{ event: "task.*" }]' }) };
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
    const agents = { organizer: file("organizer", capturing, { triggers: '[{ idle: "10m" }]' }) };
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
    const agents = { brief: file("brief", capturing, { triggers: '[{ cron: "0 23 * * *" }]' }) };
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
    await using day = await scheduled({ agents: { brief: file("brief", capturing) } });
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
    await using day = await scheduled({ agents: { brief: file("brief", body) } });
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

  test("an agent does only what its file names and its owner gave", async () => {
    const body = `for (const [skill, args] of [["memory.list", {}], ["task.list", {}],
        ["kernel.stop", {}], ["agent.run", { agent: "brief", trigger: "owner", kind: "owner", slot: "x", attempt: 1, at: agent.trigger.at }],
        ["outbox.append", { text: "sent", effect: "send" }]])
        agent.log(skill + " " + (await agent.act(skill, args)).status);
      ${capturing}`;
    const may = ["memory.capture", "outbox.append"];
    await using day = await scheduled({ agents: { brief: file("brief", body, { may, ensures: ["memory.capture"] }) } });
    await day.look("2026-03-03T06:00:00Z");
    const { runs } = await day.home.own("agent.log", {
      name: "brief",
    });
    const said = runs[0]?.lines.filter(({ stream }) => stream === "log").map(({ text }) => text);
    expect(said?.slice(1)).toEqual([
      "memory.list denied",
      "task.list denied",
      "kernel.stop denied",
      "agent.run failed",
      "outbox.append parked",
    ]);
    expect(day.home.outbox()).toEqual([]);
  });

  test("a changed file is taken in by itself, one that asks for more waits for the owner", async () => {
    await using day = await scheduled({ agents: { brief: file("brief", capturing) } });
    day.home.agent("brief", file("brief", 'await agent.need("memory.capture", { text: "The new version" });'));
    await day.look("2026-03-03T06:00:00Z");
    expect(await texts(day.home)).toEqual(["The new version"]);
    const wide = file("brief", 'await agent.need("task.add", { title: "Wider" });', {
      may: ["memory.capture", "task.add"],
    });
    day.home.agent("brief", wide);
    await day.look("2026-03-04T06:00:00Z");
    await day.look();
    expect(day.troubles).toEqual([expect.stringContaining("asks for task.add too")]);
    expect((await day.home.own<{ tasks: unknown[] }>("task.list", {})).tasks).toEqual([]);
    const { agents } = await day.home.own("agent.list", {});
    expect(agents).toMatchObject([{ state: "changed", asksFor: ["task.add"] }]);
    await day.home.own("agent.allow", { name: "brief" });
    await day.look("2026-03-05T06:00:00Z");
    expect((await day.home.own<{ tasks: unknown[] }>("task.list", {})).tasks).toHaveLength(1);
  });

  test("S8 a text that changed after it was allowed vouches for nothing, not even where it came with mh", async () => {
    const sending = (to: string) =>
      file("brief", `await agent.act("outbox.append", { text: "Hi", to: ${to}, effect: "write" });`, {
        may: ["outbox.append"],
        ensures: ["outbox.append?"],
      });
    await using day = await scheduled({ agents: { brief: sending('["evil", "example.net"].join("@")') } });
    await day.home.own("trust.set", { principal: "agent:brief", level: "adaptive_auto" });
    await day.look("2026-03-03T06:00:00Z");
    expect(day.home.outbox()).toEqual([]);
    day.home.agent("brief", sending('"evil@example.net"'));
    await day.look("2026-03-04T06:00:00Z");
    await day.look("2026-03-05T06:00:00Z");
    // A pause and a new start are no permission for the words.
    for (const skill of ["agent.pause", "agent.resume"] as const) await day.home.own(skill, { name: "brief" });
    await day.look("2026-03-06T06:00:00Z");
    expect([day.ends(), day.home.outbox()]).toEqual([{ brief: "done" }, []]);
    await day.home.own("agent.allow", { name: "brief" });
    await day.look("2026-03-07T06:00:00Z");
    expect(day.home.outbox()).toEqual(["Hi"]);
  });

  test("S8 a file that somebody else changed waits, the text that was allowed stays, and what it asks for no longer is gone", async () => {
    const allowed = file("brief", capturing, { may: ["memory.capture", "task.add"] });
    await using day = await scheduled({
      agents: { brief: allowed },
      isShippedAgent: () => false,
    });
    const before = fs.statSync(day.home.file("../agents/brief.ts"));
    const changed = file("brief", capturing.replace("Run", "Fun"), { may: ["memory.capture", "task.add"] });
    day.home.agent("brief", changed);
    fs.utimesSync(day.home.file("../agents/brief.ts"), before.atime, before.mtime);
    await day.look();
    const state = async () => (await day.home.own("agent.list", {})).agents[0]?.state;
    expect([await state(), day.troubles]).toEqual(["changed", [expect.stringContaining("its file changed")]]);
    const may = async (skill: string) => (await day.home.act("agent:brief", skill, { title: "T" })).status;
    expect(await may("task.add")).not.toBe("denied");
    // By a link, and with less and more in it than before.
    fs.rmSync(day.home.file("../agents/brief.ts"));
    fs.writeFileSync(day.home.file("../other.ts"), file("brief", capturing, { may: ["memory.capture", "mail.send"] }));
    fs.symlinkSync("../other.ts", day.home.file("../agents/brief.ts"));
    await day.look();
    expect([await state(), await may("task.add")]).toEqual(["changed", "denied"]);
    expect((await day.home.act("agent:brief", "mail.send", {})).status).not.toBe("done");
    // Put back as it was, it does not get back by itself what was taken away.
    fs.rmSync(day.home.file("../agents/brief.ts"));
    day.home.agent("brief", allowed);
    await day.look();
    expect(await may("task.add")).toBe("denied");
    await day.home.own("agent.allow", { name: "brief" });
    expect(await may("task.add")).not.toBe("denied");
  });

  test("an agent that was never allowed does not run, nor one that is paused", async () => {
    await using day = await scheduled({
      agents: { brief: file("brief", capturing), other: file("other", capturing) },
      allow: ["brief"],
    });
    await day.home.own("agent.pause", { name: "brief" });
    await day.look("2026-03-03T06:00:00Z");
    expect(day.runs).toEqual([]);
    await day.home.own("agent.resume", { name: "brief" });
    await day.look("2026-03-04T06:00:00Z");
    expect(day.runs.map(({ due }) => [due.agent, due.slot])).toEqual([["brief", "2026-03-04T07:00"]]);
  });

  test("a run can be suspended, let go on, and ended", async () => {
    const body = 'for (let n = 0; ; n += 1) await agent.act("memory.capture", { text: "Number " + n });';
    await using day = await scheduled({ agents: { brief: file("brief", body) } });
    const captured = () =>
      new Promise<void>((resolve) => {
        const heard = day.home.host.bus.subscribe("memory.captured", () => {
          heard[Symbol.dispose]();
          resolve();
        });
      });
    const first = captured();
    day.home.clock.set("2026-03-03T06:00:00Z");
    await day.tick();
    await first;
    await day.home.own("agent.pause", { name: "brief" });
    const { agents } = await day.home.own("agent.list", {});
    expect(agents).toMatchObject([{ isRunning: true, state: "paused" }]);
    const more = captured();
    await day.home.own("agent.resume", { name: "brief" });
    await more;
    await day.home.own("agent.stop", { name: "brief" });
    await day.settled();
    expect(day.runs[0]?.outcome).toMatchObject({ status: "failed", fault: { code: "stopped" } });
    await day.look("2026-03-03T06:30:00Z");
    expect(day.runs).toHaveLength(1);
  });

  test("a run that waits its turn can be ended, and does not begin while its agent is paused", async () => {
    const busy = (name: string) =>
      file(name, 'for (;;) await agent.act("memory.capture", { text: "Busy" });', { more: 'priority: "high",' });
    await using day = await scheduled({
      agents: {
        one: busy("one"),
        two: busy("two"),
        third: file("third", capturing),
        fourth: file("fourth", capturing),
      },
    });
    day.home.clock.set("2026-03-03T06:00:00Z");
    await day.tick();
    await day.begun(4);
    await day.home.own("agent.pause", { name: "third" });
    expect(await day.home.own("agent.stop", { name: "fourth" })).toEqual({ name: "fourth", wasRunning: true });
    await expect.poll(() => day.ends()).toEqual({ fourth: "stopped" });
    await day.home.own("agent.stop", { name: "one" });
    await day.home.own("agent.stop", { name: "two" });
    await expect.poll(() => day.ends()).toEqual({ fourth: "stopped", one: "stopped", two: "stopped" });
    expect((await texts(day.home)).filter((text) => text.startsWith("Run for"))).toEqual([]);
    await day.home.own("agent.resume", { name: "third" });
    await day.settled();
    expect(day.ends()).toMatchObject({ third: "done" });
  });

  test("what was suspended to make room goes on before others of its priority begin, and a pause makes room", async () => {
    const busy = (name: string, priority: string) =>
      file(name, 'for (;;) await agent.act("memory.capture", { text: "Busy " + agent.name });', {
        triggers: "[]",
        more: `priority: "${priority}", limits: { timeMs: 600000 },`,
      });
    const agents = {
      low: busy("low", "low"),
      normal: busy("normal", "normal"),
      high: busy("high", "high"),
      later: busy("later", "low"),
    };
    await using day = await scheduled({ agents });
    const run = (name: string) => day.runNow(name);
    const logged = async (name: string) => (await day.home.own("agent.log", { name })).runs.length > 0;
    run("low");
    run("normal");
    await expect.poll(() => logged("normal")).toBe(true);
    run("high");
    await expect.poll(() => logged("high")).toBe(true);
    run("later");
    await day.begun(4);
    await day.home.own("agent.stop", { name: "normal" });
    const heard = Promise.withResolvers<void>();
    using _hear = day.home.host.bus.subscribe("memory.captured", (event) => {
      if (event.principal === "agent:low") heard.resolve();
    });
    await heard.promise;
    expect(await logged("later")).toBe(false);
    await day.home.own("agent.pause", { name: "high" });
    await expect.poll(() => logged("later")).toBe(true);
    for (const name of Object.keys(agents)) await day.home.own("agent.stop", { name });
  });

  test("agents and their logs are called by names, not by paths", async () => {
    await using home = await makeHost({ agents: { constructor: file("constructor", capturing) } });
    fs.mkdirSync(home.file("logs/run"), { recursive: true });
    fs.writeFileSync(home.file("logs/run/daemon.ndjson"), '{"text":"what the daemon says"}\n');
    for (const name of ["..", ".", "../..", "__proto__", "a/b", ""]) {
      const outcome = await home.act(owner, "agent.log", { name });
      expect(outcome, name).toMatchObject({ status: "failed", fault: { code: "args.invalid" } });
    }
    await home.own("agent.allow", { name: "constructor" });
    const args = { agent: "constructor", trigger: "owner", kind: "owner", slot: "1", attempt: 1 };
    const at = "2026-03-03T06:00:00Z";
    expect(await home.act("agent:constructor", "agent.run", { ...args, at })).toMatchObject({ status: "done" });
  });

  test("what is allowed is what was shown, though a file may say something else each time it is loaded", async () => {
    const may = '["memory.capture", "task.v" + process.hrtime.bigint()]';
    const odd = file("odd", "").replace('may: ["memory.capture"]', `may: ${may}`);
    await using home = await makeHost({ agents: { odd } });
    const view = async () => (await home.own("agent.list", {})).agents[0];
    const shown = await view();
    await home.reopen();
    const { hash, may: now } = (await view()) ?? {};
    expect([hash, now]).not.toEqual([shown?.hash, shown?.may]);
    expect(hash).toBe(shown?.hash);
    const outcome = await home.act(owner, "agent.allow", { name: "odd", hash, may: shown?.may });
    expect(outcome).toMatchObject({
      status: "failed",
      fault: { message: expect.stringContaining("not what you were shown") },
    });
  });

  test("the same text under another name is another agent", async () => {
    const text = file("brief", capturing);
    await using home = await makeHost({ agents: { brief: text, copy: text } });
    const { agents } = await home.own("agent.list", {});
    expect(agents.map(({ name, fault }) => [name, fault === null])).toEqual([
      ["brief", true],
      ["copy", false],
    ]);
    expect(await home.act(owner, "agent.allow", { name: "copy" })).toMatchObject({ status: "failed" });
  });

  test("what goes wrong with one agent, or with a look, is told once, and stands in nobody's way", async () => {
    await using day = await scheduled({ agents: { brief: file("brief", capturing), odd: file("odd", capturing) } });
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
    await using home = await makeHost({ agents: { brief: file("brief", capturing) } });
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
      brief: file("brief", capturing),
      tidy: file("tidy", capturing, { triggers: '[{ event: "task.*", settle: "10s" }]' }),
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
    expect(slots).toEqual(["2026-03-03T07:00", "tidy", "2026-03-04T07:00"]);
    expect(day.ends()).toEqual({ tidy: "done", brief: "done" });
  });

  test("an hour that comes twice because its owner travels has one run, and is not asked for again", async () => {
    await using day = await scheduled({ agents: { brief: file("brief", capturing) } });
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
    await using home = await makeHost({ agents: { brief: file("brief", capturing) } });
    await home.own("agent.allow", { name: "brief" });
    const runs: DueRun[] = [];
    const scheduler = home.host.schedule({ onRun: (due) => void runs.push(due), onTrouble: () => undefined });
    home.clock.set("2026-03-03T06:00:00Z");
    home.agent("brief", file("brief", 'await agent.need("memory.capture", { text: "New" });'));
    const looked = scheduler.tick();
    await scheduler[Symbol.asyncDispose]();
    await looked;
    await home.close();
    expect(runs).toEqual([]);
  });
});

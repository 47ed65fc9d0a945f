import { describe, expect, test } from "vitest";
import { agentFile, capturing, scheduled, texts } from "../support/scheduled.ts";

describe("H14 the scheduler", () => {
  test("a run can be suspended, let go on, and ended", async () => {
    const body = 'for (let n = 0; ; n += 1) await agent.act("memory.capture", { text: "Number " + n });';
    await using day = await scheduled({ agents: { brief: agentFile("brief", body) } });
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
      agentFile(name, 'for (;;) await agent.act("memory.capture", { text: "Busy" });', { more: 'priority: "high",' });
    await using day = await scheduled({
      agents: {
        one: busy("one"),
        two: busy("two"),
        third: agentFile("third", capturing),
        fourth: agentFile("fourth", capturing),
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
      agentFile(name, 'for (;;) await agent.act("memory.capture", { text: "Busy " + agent.name });', {
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
});

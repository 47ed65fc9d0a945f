// Servers as processes: shared, bounded, ended, and started again.
import { spawn } from "node:child_process";
import * as fs from "node:fs";
import * as path from "node:path";
import { agent, owner } from "@mh/contract/values/principal.ts";
import { inspect } from "@mh/host/audit/inspect.ts";
import { raiseStop } from "@mh/host/home/raise-stop.ts";
import { usageOf } from "@mh/host/sandbox/usage.ts";
import { makeHost } from "@mh/testing";
import { expect } from "vitest";
import { isAlive } from "../support/is-alive.ts";
import { processesWith } from "../support/processes-with.ts";
import {
  allow,
  call,
  child,
  commandLine,
  configure,
  failure,
  local,
  look,
  reads,
  sandboxed,
  tryLook,
} from "./mcp-trial.ts";
import { mhWithHome } from "./mh.ts";

const stuckDaemon = path.join(import.meta.dirname, "stuck-daemon-child.ts");

sandboxed("a server that never answers, babbles, floods, dies or storms is bounded, and the home goes on", async () => {
  await using home = await makeHost();
  const trial = async (how: string) => {
    await configure(home, { trial: local(how) });
    return tryLook(home);
  };
  expect(await trial("babble")).toMatch(/^mcp\.failed trial failed: it sent a line that is no message/);
  expect(await trial("endless")).toMatch(
    /^mcp\.failed trial failed: it (sent a message of more than 4 MiB|sends more than)/,
  );
  expect(await trial("dies")).toMatch(/^mcp\.failed trial failed: \[U\+001B\]\[2Jcannot find my settings/);
  expect(await trial("lacks")).toMatch(/^mcp\.failed trial failed: Error: Cannot find module 'none'.*settings name/);
  expect(await trial("pages")).toMatch(/^mcp\.failed.*does not end within 20 pages/);
  expect(await trial("silent")).toMatch(/^mcp\.failed/);
  await configure(home, { trial: { command: "no-such-program" } });
  expect(await tryLook(home)).toMatch(/^mcp\.failed trial: there is no program no-such-program/);
  // By the newer revision such a server has nobody who listens to it.
  await configure(home, { trial: local("storm", { env: { REVISION: "older" } }) });
  expect(["done", "failed"]).toContain((await home.act(owner, "mcp.look", { server: "trial" })).status);
  const children = () =>
    fs
      .readdirSync("/proc")
      .filter((pid) => /^\d+$/.test(pid))
      .filter((pid) => commandLine(pid).includes(child));
  await expect.poll(children).toEqual([]);
});

sandboxed(
  "a tool that fails, says too much, hangs or ends its server is an outcome, and the next call works",
  async () => {
    await using home = await makeHost();
    await configure(home, { trial: local("asks") });
    await allow(home, {
      judged: Object.fromEntries(["hang", "add"].map((tool) => [tool, { effect: "read", risk: "low", control: [] }])),
    });
    expect(failure(await home.act(owner, "mcp-trial.fail", {}))).toMatch(/^mcp\.failed mcp-trial\.fail says:/);
    const long = await home.own<{ text: string; isCut: boolean }>("mcp-trial.long");
    expect([long.text.length, long.isCut]).toEqual([256 * 1024, true]);
    expect(await call(home, "exit")).toMatch(/^mcp\.failed/);
    expect(await call(home, "add", { a: 2, b: 2 })).toBe("4");
    expect(failure(await home.act(owner, "mcp-trial.add", { a: 2, b: 2, c: 3 }))).toMatch(/^args\.invalid/);
    // The official library does not even ask who announced neither; `mcp-question.test.ts` has one that does.
    for (const tool of ["think", "roots"])
      expect(await call(home, tool)).toMatch(/^mcp\.failed trial failed: .*do not declare the required capability/);
    await home.own("grant.give", { principal: agent("a"), skill: "mcp-trial.hang" });
    const hanging = home.act(agent("a"), "mcp-trial.hang");
    const begun = () =>
      [...inspect(home.root, home.environment).records()].some(
        ({ phase, skill }) => phase === "intent" && skill?.startsWith("mcp-trial.hang@"),
      );
    await expect.poll(begun).toBe(true);
    await home.own("kernel.stop", {});
    expect((await hanging).status).toBe("interrupted");
  },
);

sandboxed("a server that asks and does not read the answers is ended before they pile up", async () => {
  await using home = await makeHost();
  await configure(home, { trial: local("honest", { env: { REVISION: "older" } }) });
  await allow(home);
  expect(await call(home, "deaf")).toMatch(/^mcp\.failed trial failed: it asks, and does not read the answers/);
  expect(await call(home, "add", { a: 1, b: 2 })).toBe("3");
});

sandboxed("a server that falls again and again is left alone until the owner looks at it anew", async () => {
  await using home = await makeHost();
  await configure(home, { trial: local() });
  await allow(home);
  for (let n = 0; n < 5; n += 1) expect(await call(home, "exit")).toMatch(/^mcp\.failed trial failed: x+/);
  expect(await call(home, "add", { a: 1, b: 2 })).toMatch(
    /^mcp\.failed trial failed: it ended 5 times within 60 s, and is not started again: x+.*`mh mcp look trial` tries it again\.$/,
  );
  expect((await look(home)).server.tools.length).toBeGreaterThan(0);
  expect(await call(home, "add", { a: 1, b: 2 })).toBe("3");
});

sandboxed("calls at the same time share one server, and none is left behind", async () => {
  await using home = await makeHost();
  await configure(home, { trial: local() });
  await allow(home);
  await home.reopen();
  const sums = await Promise.all([1, 2, 3].map((b) => call(home, "add", { a: 1, b })));
  expect(sums).toEqual(["2", "3", "4"]);
  const isOurs = (line: string) => /^\S*\bbwrap\0/.test(line) && line.includes(child);
  const processes = () => fs.readdirSync("/proc").filter((pid) => /^\d+$/.test(pid) && isOurs(commandLine(pid)));
  // bubblewrap outside, and within the sandbox. The one from before may just be ending.
  await expect.poll(() => processes().length).toBe(2);
});

sandboxed(
  "S11 STOP ends a server with its network, it answers nothing while STOP stands, and goes on afterwards",
  async () => {
    await using home = await makeHost();
    const mark = `stop-${process.pid}`;
    await configure(home, { trial: local("honest", { network: ["127.0.0.1"], args: ["none", mark] }) });
    await allow(home, { judged: { add: reads } });
    expect(await call(home, "add", { a: 1, b: 2 })).toBe("3");
    // bubblewrap twice, the relay, and the server behind it.
    const pids = processesWith(mark);
    expect(pids.length).toBeGreaterThanOrEqual(2);
    raiseStop(home.root);
    await expect.poll(() => pids.filter(isAlive)).toEqual([]);
    expect(await call(home, "add", { a: 1, b: 2 })).toMatch(/^stopped STOP stands: .*mh resume/);
    expect(await tryLook(home)).toMatch(/^stopped STOP stands/);
    expect(processesWith(mark)).toEqual([]);
    await home.own("kernel.resume", {});
    expect(await call(home, "add", { a: 1, b: 2 })).toBe("3");
  },
);

sandboxed(
  "S11 a call that waits for an answer when STOP comes is told so, whether the server is here or elsewhere",
  async () => {
    await using home = await makeHost();
    await configure(home, { trial: local() });
    await allow(home);
    const waiting = call(home, "hang");
    await expect.poll(() => processesWith(child).length).toBeGreaterThan(0);
    raiseStop(home.root);
    expect(await waiting).toMatch(/^stopped STOP stands/);
  },
);

sandboxed(
  "S5 mh stop ends what runs at once while the daemon's main thread is stuck, and the log says so later",
  async () => {
    using mh = mhWithHome();
    const config = path.join(mh.root, "config.yaml");
    fs.appendFileSync(config, "\ndaemon:\n  port: 0\n");
    expect(mh.run(["mcp", "add", "trial", "--", "node", child, "honest"])).toMatchObject({ code: 0, err: "" });
    expect(mh.run(["mcp", "allow", "trial", "--yes"]).code).toBe(0);
    const daemon = spawn(process.execPath, ["--conditions=mh-source", stuckDaemon, mh.root, mh.config], {
      stdio: ["ignore", "pipe", "inherit"],
    });
    let said = "";
    daemon.stdout.on("data", (chunk) => {
      said += chunk;
    });
    try {
      await expect.poll(() => said).toContain("up");
      expect(mh.run(["act", "mcp-trial.add", '{"a":1,"b":2}']).out).toContain('"text":"3"');
      const pids = (usageOf(daemon.pid ?? 0)?.pids ?? []).filter((pid) => pid !== daemon.pid);
      expect(pids.length).toBeGreaterThanOrEqual(3);
      const looping = mh.start(["act", "test.loop", "{}"]);
      await expect.poll(() => said).toContain("loops");
      const stopped = await mh.start(["stop"]);
      expect(stopped).toMatchObject({
        code: 0,
        out: expect.stringContaining("Stopped."),
        err: expect.stringContaining("busy"),
      });
      await expect.poll(() => pids.filter(isAlive)).toEqual([]);
      fs.writeFileSync(path.join(mh.root, "run", "free"), "");
      expect((await looping).code).toBe(0);
      await expect.poll(() => mh.run(["status"]).out).toMatch(/stop/i);
      expect(mh.run(["audit", "verify"]).code).toBe(0);
      const log = fs.readFileSync(path.join(mh.root, "logs", "run", "daemon.ndjson"), "utf8");
      expect(log).not.toContain("The watchdog failed");
    } finally {
      daemon.kill("SIGKILL");
    }
  },
);

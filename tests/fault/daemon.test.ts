import { type ChildProcess, execFileSync, spawn, spawnSync } from "node:child_process";
import * as fs from "node:fs";
import * as http from "node:http";
import type * as net from "node:net";
import * as path from "node:path";
import type { DaemonReport } from "@mh/host/daemon/daemon.ts";
import { serviceFile } from "@mh/host/daemon/service-file.ts";
import { afterEach, expect, inject, test } from "vitest";
import { isAlive } from "../support/is-alive.ts";
import { lateBy } from "../support/late-by.ts";
import { locksOn } from "../support/locks-on.ts";
import { type Mh, mhWithHome } from "./mh.ts";

const running: ChildProcess[] = [];
afterEach(() => {
  for (const child of running.splice(0)) child.kill("SIGKILL");
});

const agentText = (name: string, trigger: string, may: string[], body: string, more = ""): string => `
import { type AgentContext, defineAgent } from "@mh/core/agent";
export const agent = defineAgent({
  name: "${name}", title: "Tries things", triggers: [${trigger}], may: ${JSON.stringify(may)}, ensures: ["${may[0]}"], ${more}
  async run(agent: AgentContext) { ${body} },
});`;

/** A home with a port of its own and, where they are given, agents that may run. */
function makeHome(agents: Record<string, string> = {}, settings = ""): Mh {
  const mh = mhWithHome();
  fs.appendFileSync(path.join(mh.root, "config.yaml"), `\ndaemon:\n  port: 0\n${settings}`);
  if (settings) expect(mh.run(["review", "--adopt"]).code).toBe(0);
  fs.mkdirSync(path.join(mh.root, "brain", "agents"), { recursive: true });
  for (const [name, text] of Object.entries(agents)) {
    fs.writeFileSync(path.join(mh.root, "brain", "agents", `${name}.ts`), text);
    const { code, err } = mh.run(["agent", "allow", name, "--yes"]);
    expect(code, `${name}: ${err}`).toBe(0);
  }
  return mh;
}

/** A daemon in a process of its own, with its clock ahead by so much. */
async function startAhead(mh: Mh, aheadMs: number): Promise<{ child: ChildProcess; report: DaemonReport }> {
  const file = path.join(import.meta.dirname, "daemon-child.ts");
  const child = spawn(process.execPath, [file, mh.root, mh.config, String(aheadMs)], {
    stdio: ["ignore", "pipe", "inherit"],
  });
  running.push(child);
  const line = await new Promise<string>((resolve, reject) => {
    child.stdout?.once("data", (chunk: Buffer) => resolve(String(chunk)));
    child.once("exit", (code) => reject(new Error(`The daemon ended with ${code}.`)));
  });
  return { child, report: JSON.parse(line) as DaemonReport };
}

const ended = (child: ChildProcess): Promise<void> =>
  new Promise((resolve) =>
    (child.exitCode ?? child.signalCode) === null ? child.once("exit", () => resolve()) : resolve(),
  );

const sessions = new Map<string, Promise<string>>();

/** Signed in once, by the link that the daemon gave when it came up. A sign-in that failed is none. */
function sessionOf(report: DaemonReport): Promise<string> {
  const known = sessions.get(report.page) ?? signIn(report);
  sessions.set(report.page, known);
  known.catch(() => sessions.delete(report.page));
  return known;
}

async function signIn({ url, page }: DaemonReport): Promise<string> {
  const code = new URL(page).hash.slice("#code=".length);
  const headers = { "content-type": "application/json" };
  const answer = await fetch(`${url}/v1/session`, { method: "POST", headers, body: JSON.stringify({ code }) });
  return ((await answer.json()) as { token: string }).token;
}

async function ask<T>(report: DaemonReport, skill: string, args: unknown = {}, route = "query"): Promise<T> {
  const answer = await fetch(`${report.url}/v1/${route}`, {
    method: "POST",
    headers: { "content-type": "application/json", authorization: `Bearer ${await sessionOf(report)}` },
    body: JSON.stringify({ skill, args }),
  });
  const outcome = (await answer.json()) as { status: string; value: T };
  if (outcome.status !== "done") throw new Error(`${skill}: ${JSON.stringify(outcome)}`);
  return outcome.value;
}

type Runs = { runs: { status: string; attempt: number; fault: string | null }[] };

test("its pages are opened by a link that is new each time, and a token that was thrown away is named", () => {
  using mh = makeHome();
  expect(mh.run(["open"])).toMatchObject({ code: 1, err: expect.stringContaining("mh daemon start") });
  const page = mh.run(["daemon", "start"]).out.match(/http\S+/)?.[0];
  try {
    const token = mh.run(["daemon", "token"]).out.trim();
    expect(token).toMatch(/^[\w-]{43}$/);
    const link = mh.run(["open", "--print"]).out.trim();
    for (const each of [page, link]) expect(each).toMatch(/^http:\/\/127\.0\.0\.1:\d+\/#code=mho_[\w.-]+$/);
    expect([page === link, link.includes(token)]).toEqual([false, false]);
    expect(mh.run(["open"])).toMatchObject({ code: 1, err: expect.stringContaining("--print") });
    expect(mh.run(["secret", "rm", "daemon-token"]).code).toBe(0);
    expect(mh.run(["open", "--print"])).toMatchObject({ code: 1, err: expect.stringContaining("thrown away") });
    expect(mh.run(["daemon", "stop"]).code).toBe(0);
    expect(mh.run(["daemon", "start"]).code).toBe(0);
    expect(mh.run(["daemon", "token"]).out.trim()).not.toBe(token);
  } finally {
    mh.run(["daemon", "stop"]);
  }
});

test("the daemon starts once, is there for every command, and ends within 5 s", async () => {
  using mh = makeHome();
  expect(mh.run(["daemon", "status"])).toMatchObject({ code: 1, out: expect.stringContaining("No daemon runs here") });
  const [one, two] = await Promise.all([mh.start(["daemon", "start"]), mh.start(["daemon", "start"])]);
  const codes = [one.code, two.code].sort();
  expect(codes[0], one.err + two.err).toBe(0);
  const facts = path.join(mh.root, "run", "daemon.json");
  expect(fs.statSync(facts).mode & 0o777).toBe(0o600);
  expect(fs.statSync(path.join(mh.root, "run", "mh.sock")).mode & 0o777).toBe(0o600);
  const { pid, url } = JSON.parse(fs.readFileSync(facts, "utf8")) as { pid: number; url: string };
  expect(mh.run(["capture", "Met with Sarah"]).code).toBe(0);
  expect(mh.run(["memory", "list"]).out).toContain("Met with Sarah");
  expect(mh.run(["daemon", "start"]).out).toContain(`process ${pid}`);
  expect(await (await fetch(`${url}/health`)).json()).toMatchObject({ status: "ok" });
  const stop = () => expect(mh.run(["daemon", "stop"])).toMatchObject({ code: 0, out: "Ended.\n" });
  expect(await lateBy(5_000, stop)).toBe(0);
  await expect.poll(() => isAlive(pid)).toBe(false);
  expect(mh.run(["daemon", "stop"]).out).toBe("No daemon runs here.\n");
  expect(mh.run(["daemon", "logs"]).out).toMatch(/Up[\s\S]*Down/);
  expect(mh.run(["memory", "list"]).out).toContain("Met with Sarah");
  expect(mh.run(["audit", "verify"]).code).toBe(0);
});

test("mh up says where it is, and Ctrl-C ends it well", async () => {
  using mh = makeHome();
  const child = spawn(process.execPath, [path.join(import.meta.dirname, "../../dist/mh.js"), "--home", mh.root, "up"], {
    env: { PATH: process.env.PATH, HOME: mh.config, NO_COLOR: "1" },
  });
  running.push(child);
  let out = "";
  await new Promise<void>((resolve) => {
    child.stdout.on("data", (chunk) => {
      out += chunk;
      if (out.includes("\n")) resolve();
    });
  });
  expect(out).toMatch(/^mh is up: http:\/\/127\.0\.0\.1:\d+\/#code=mho_[\w.-]+\n/);
  child.kill("SIGINT");
  await ended(child);
  expect(child.signalCode).toBeNull();
  expect(fs.existsSync(path.join(mh.root, "run", "daemon.json"))).toBe(false);
  expect(mh.run(["audit", "verify"]).code).toBe(0);
});

test("H5 what is written by hand while the daemon runs is taken in, and what mh writes is nobody's hand", async () => {
  using mh = makeHome();
  const { report } = await startAhead(mh, 0);
  const { path: file } = await ask<{ path: string }>(report, "task.add", { title: "Buy milk" }, "command");
  await ask(report, "memory.capture", { text: "Met with Sarah" }, "command");
  const adopted = () => {
    const lines = mh.run(["audit", "tail", "-n", "50", "--json"]).out.split("\n");
    return lines.filter((line) => line.includes('"phase":"adopt"'));
  };
  const before = adopted().length;
  const full = path.join(mh.root, file);
  fs.writeFileSync(full, fs.readFileSync(full, "utf8").replace("Buy milk", "Buy oat milk"));
  const titles = async () =>
    (await ask<{ tasks: { title: string }[] }>(report, "task.list")).tasks.map(({ title }) => title);
  await expect.poll(titles, { interval: 100 }).toEqual(["Buy oat milk"]);
  await ask(report, "memory.capture", { text: "Met with Tom" }, "command");
  await ask(report, "task.add", { title: "Call Tom" }, "command");
  await expect.poll(titles, { interval: 100 }).toHaveLength(2);
  expect(adopted().length - before).toBe(1);
  expect(adopted().filter((line) => line.includes('"what":"memory"'))).toEqual([]);
});

test("a port that is taken, and settings that are not safe, are said before anything runs", () => {
  using mh = makeHome({}, '  bind: "0.0.0.0"\n');
  const { code, err } = mh.run(["daemon", "start"]);
  expect({ code, err }).toEqual({ code: 1, err: expect.stringContaining("there is no TLS") });
  expect(mh.run(["daemon", "status"]).code).toBe(1);
});

const batch = `for (let n = 0; ; n += 1) await agent.act("memory.capture", { text: "Number " + n });`;

test.each(["the command line", "HTTP", "the file"])(
  "K2 STOP by %s ends an agent's batch in under a second",
  async (way) => {
    const trigger = '{ event: "task.*", settle: "1s" }';
    using mh = makeHome({ busy: agentText("busy", trigger, ["memory.capture"], batch, 'quietHours: "run",') });
    const { report } = await startAhead(mh, 0);
    await ask(report, "task.add", { title: "Begin" }, "command");
    const runs = async () => (await ask<Runs>(report, "agent.show", { name: "busy" })).runs;
    await expect
      .poll(async () => (await ask<{ memories: [] }>(report, "memory.list")).memories.length)
      .toBeGreaterThan(3);
    expect(await runs()).toMatchObject([{ status: "begun" }]);
    const late = await lateBy(1_000, async () => {
      if (way === "the file") fs.writeFileSync(path.join(mh.root, "run", "STOP"), "");
      else if (way === "HTTP") await ask(report, "kernel.stop", {}, "command");
      else expect((await mh.start(["stop"])).code).toBe(0);
      await expect.poll(runs, { interval: 20 }).toMatchObject([{ status: "interrupted" }]);
    });
    expect(late).toBe(0);
    const count = async () => (await ask<{ memories: [] }>(report, "memory.list", { limit: 1000 })).memories.length;
    const before = await count();
    await ask(report, "task.add", { title: "Begin again" }, "command");
    await expect(runs()).resolves.toHaveLength(1);
    expect(await count()).toBe(before);
  },
);

test("K13 a daemon that is killed with -9 in the middle of runs does nothing twice, loses nothing, and says what was interrupted", async () => {
  const got: number[] = [];
  const onMessage = new Set<() => void>();
  const server = http.createServer(async (request, response) => {
    let body = "";
    for await (const chunk of request) body += chunk;
    got.push(Number(/Item (\d+)/.exec(body)?.[1]));
    response.setHeader("content-type", "application/json");
    response.end("{}");
    for (const listener of onMessage) listener();
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as net.AddressInfo;
  const count = 60;
  const body = `for (let n = 0; n < ${count}; n += 1) {
      await agent.need("memory.capture", { text: "Item " + n });
      const told = await agent.act("notify.send", { title: "Item " + n });
      if (told.status !== "done") agent.log("Item " + n + " " + told.status);
    }`;
  const text = agentText(
    "teller",
    '{ event: "task.*", settle: "1s" }',
    ["memory.capture", "notify.send"],
    body,
    'retries: 10, quietHours: "run",',
  );
  using mh = makeHome(
    { teller: text },
    `notify:\n  desktop: false\n  ntfy:\n    url: http://127.0.0.1:${port}\n    topic: me\n`,
  );
  let aheadMs = 0;
  let { child, report } = await startAhead(mh, aheadMs);
  await ask(report, "task.add", { title: "Begin" }, "command");
  let random = inject("seed");
  const interrupted: DaemonReport["interrupted"] = [];
  for (let kill = 0; kill < 4; kill += 1) {
    random = (random * 48_271) % 2_147_483_647;
    const at = got.length + 1 + (random % 8);
    await new Promise<void>((resolve) => {
      const look = () => (got.length >= at ? resolve() : undefined);
      onMessage.clear();
      onMessage.add(look);
      look();
    });
    child.kill("SIGKILL");
    await ended(child);
    aheadMs += 2 * 3_600_000;
    ({ child, report } = await startAhead(mh, aheadMs));
    expect(report.interrupted.map(({ skill }) => skill)).toContain("agent.run");
    interrupted.push(...report.interrupted);
  }
  const last = async () => (await ask<Runs>(report, "agent.show", { name: "teller" })).runs[0];
  await expect.poll(last, { interval: 100 }).toMatchObject({ status: "done", attempt: 5 });
  const { memories } = await ask<{ memories: { content: string; count: number }[] }>(report, "memory.list", {
    limit: 1000,
  });
  const items = memories.filter(({ content }) => content.startsWith("Item "));
  expect(items.map(({ content }) => content).sort()).toEqual(
    Array.from({ length: count }, (_, n) => `Item ${n}`).sort(),
  );
  expect(items.every((item) => item.count === 1)).toBe(true);
  expect(got).toEqual([...new Set(got)]);
  // What was neither sent nor said to have been cut off would be lost.
  const cutOff = interrupted.filter(({ skill }) => skill === "notify.send").length;
  expect(count - got.length).toBeLessThanOrEqual(cutOff);
  child.kill("SIGTERM");
  await ended(child);
  server.close();
  expect(mh.run(["audit", "verify"]).code).toBe(0);
});

test("an agent that runs away is ended and recorded, and the daemon goes on", async () => {
  const trigger = '{ event: "task.*", settle: "1s" }';
  const more = 'retries: 0, quietHours: "run", limits: { timeMs: 30000, memoryBytes: 134217728 },';
  using mh = makeHome({
    loop: agentText("loop", trigger, ["memory.capture"], "for (;;);", more.replace("30000", "1000")),
    hog: agentText(
      "hog",
      trigger,
      ["memory.capture"],
      "const kept: unknown[] = []; for (;;) kept.push(new Array(1000).fill(0));",
      more,
    ),
    fork: agentText(
      "fork",
      trigger,
      ["memory.capture"],
      'process.getBuiltinModule("child_process").spawnSync("/mh/node");',
      more,
    ),
  });
  const { report } = await startAhead(mh, 0);
  await ask(report, "task.add", { title: "Begin" }, "command");
  for (const name of ["loop", "hog", "fork"]) {
    const runs = async () => (await ask<Runs>(report, "agent.show", { name })).runs;
    await expect.poll(runs, { interval: 100 }).toMatchObject([{ status: "failed", fault: "agent.failed" }]);
  }
  const logs = mh.run(["agent", "logs", "hog"]).out + mh.run(["agent", "logs", "loop"]).out;
  expect(logs).toMatch(/more than 128 MiB of memory[\s\S]*more than 1 s/);
  expect(mh.run(["daemon", "logs"]).out).toContain("agent=loop");
});

test.skipIf(process.platform !== "linux")(
  "R3 a daemon that looks through its home keeps it: nobody else opens it, and it is found",
  async () => {
    using mh = makeHome({});
    const { id } = JSON.parse(mh.run(["capture", "The blue kettle is broken", "--json"]).out) as { id: string };
    await startAhead(mh, 0);
    expect(mh.run(["act", "home.check", "{}"]).code).toBe(0);
    expect(mh.run(["memory", "forget", id, "--yes"]).out).toContain("None of its words");
    for (const file of ["run/writer.db", "run/daemon.db", "memory/index/index.db"])
      expect([file, locksOn(path.join(mh.root, file))]).not.toEqual([file, 0]);
    expect(mh.run(["daemon", "status"])).toMatchObject({ code: 0 });
  },
);

test("a daemon whose index is damaged while agents run makes it anew, says where it is now, and goes on", async () => {
  const trigger = '{ event: "task.*", settle: "1s" }';
  const body = `await agent.need("memory.capture", { text: "Ran for " + agent.trigger.event.command });`;
  using mh = makeHome({ clerk: agentText("clerk", trigger, ["memory.capture"], body, 'quietHours: "run",') });
  // More than SQLite keeps in memory: what is read again is read from the file.
  const notes = path.join(path.dirname(mh.root), "notes.ndjson");
  const lines = Array.from({ length: 3_000 }, (_, n) =>
    JSON.stringify({ id: n, content: `Note ${n} ${"about the garden ".repeat(60)}` }),
  );
  fs.writeFileSync(notes, lines.join("\n"));
  expect(mh.run(["import", notes]).code).toBe(0);
  const { report } = await startAhead(mh, 0);
  // The link of this address is of no use at the next.
  await sessionOf(report);
  const facts = (): DaemonReport => JSON.parse(fs.readFileSync(path.join(mh.root, "run", "daemon.json"), "utf8"));
  const index = path.join(mh.root, "memory/index/index.db");
  const size = fs.statSync(index).size;
  fs.writeFileSync(index, Buffer.alloc(size, 0x5a));
  fs.rmSync(`${index}-wal`, { force: true });
  const before = report.url;
  const reads = [
    "memory.stats",
    "memory.list",
    "history.list",
    "approval.list",
    "task.list",
    "memory.timeline",
    "grant.list",
  ];
  const meet = async () => {
    const lookAt = [
      ...reads.map((skill) => ask(report, skill)),
      ask(report, "task.add", { title: "Meet it" }, "command"),
    ];
    await Promise.allSettled(lookAt);
    return facts().url;
  };
  await expect.poll(meet, { interval: 100, timeout: 5 * 60_000 }).not.toBe(before);
  // What reads the damaged file for the last time may make it begin once more, at a further address.
  const now = () => ({ ...report, url: facts().url });
  const begin = async () => (await ask<{ title: string }>(now(), "task.add", { title: "Begin" }, "command")).title;
  await expect.poll(begin, { timeout: 60_000 }).toBe("Begin");
  const runs = async () => (await ask<Runs>(now(), "agent.show", { name: "clerk" })).runs;
  // Each of what was tried may have made it run.
  const done = expect.arrayContaining([expect.objectContaining({ status: "done" })]);
  await expect.poll(runs, { interval: 100, timeout: 60_000 }).toEqual(done);
  expect(mh.run(["daemon", "logs"]).out).toContain("made anew");
});

test("systemd takes the unit that mh writes, whatever the folders are called", () => {
  using mh = makeHome();
  const { out, code } = mh.run(["daemon", "install", "--print"]);
  expect(code).toBe(0);
  const odd = serviceFile(
    {
      node: process.execPath,
      mh: '/opt/a "b" %h $HOME/mh.js',
      root: "/home/ada/my notes",
      environment: { XDG_CONFIG_HOME: "/a b" },
    },
    "linux",
    "/home/ada",
  );
  for (const text of [out, odd.text]) {
    const file = path.join(mh.config, "mh.service");
    fs.writeFileSync(file, text);
    const checked = spawnSync("systemd-analyze", ["--user", "verify", file], {
      encoding: "utf8",
      env: { ...process.env, XDG_RUNTIME_DIR: mh.config },
    });
    expect({ status: checked.status, err: checked.stderr.replaceAll(/^.*mh\.js.*$/gm, "").trim() }).toEqual({
      status: 0,
      err: "",
    });
  }
});

test("launchd's file is a property list that names every word of the command", () => {
  using mh = makeHome();
  const { text } = serviceFile(
    { node: "/n", mh: "/a & <b>/mh.js", root: "/r", environment: { A: "b" } },
    "darwin",
    "/Users/ada",
  );
  const file = path.join(mh.config, "mh.plist");
  fs.writeFileSync(file, text);
  const program =
    "import json, plistlib, sys; print(json.dumps(plistlib.load(open(sys.argv[1], 'rb'))['ProgramArguments']))";
  const words = JSON.parse(execFileSync("python3", ["-c", program, file], { encoding: "utf8" })) as string[];
  expect(words).toEqual(["/n", "/a & <b>/mh.js", "--home", "/r", "daemon", "run"]);
});

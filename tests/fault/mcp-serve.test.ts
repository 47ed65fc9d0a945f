// `mh mcp serve` as programs start it: real processes, by the official client, with and without a daemon.
import { spawn } from "node:child_process";
import * as fs from "node:fs";
import * as path from "node:path";
import type { Client } from "@modelcontextprotocol/client";
import { StdioClientTransport } from "@modelcontextprotocol/client/stdio";
import { afterEach, expect, test } from "vitest";
import { type ClientFacts, callOf, connectMcp, httpTransport, revisions } from "../support/mcp-client.ts";
import { type Mh, mhWithHome } from "./mh.ts";

const program = path.join(import.meta.dirname, "../../dist/mh.js");
const clients: Client[] = [];
afterEach(async () => {
  for (const client of clients.splice(0)) await client.close();
});

interface Added {
  token: string;
  url: string;
}

function homeWithClient(more: string[] = []): { mh: Mh; added: Added } {
  const mh = mhWithHome();
  fs.appendFileSync(path.join(mh.root, "config.yaml"), "\ndaemon:\n  port: 0\n");
  const { code, out, err } = mh.run(["mcp", "client", "add", "claude", "--yes", "--json", ...more]);
  expect({ code, err }).toMatchObject({ code: 0 });
  return { mh, added: JSON.parse(out) as Added };
}

const environmentOf = (mh: Mh) => ({ PATH: process.env.PATH ?? "", HOME: mh.config });
const argsOf = (mh: Mh, name = "claude") => [program, "--home", mh.root, "mcp", "serve", name];

async function start(mh: Mh, facts: ClientFacts): Promise<Client> {
  const command = { command: process.execPath, args: argsOf(mh), env: environmentOf(mh), stderr: "ignore" as const };
  const client = await connectMcp(new StdioClientTransport(command), facts);
  clients.push(client);
  return client;
}

test("the configuration that is printed starts mh as it stands, also from a clone and without a Node in PATH", async () => {
  using mh = mhWithHome();
  const { out } = mh.run(["mcp", "client", "add", "editor", "--yes"]);
  const printed = /itself:\n(\{.*?\n\})\n/s.exec(out)?.[1] ?? "";
  const { mcpServers } = JSON.parse(printed) as { mcpServers: { mh: { command: string; args: string[] } } };
  const env = { PATH: "/nowhere", HOME: mh.config };
  const client = await connectMcp(new StdioClientTransport({ ...mcpServers.mh, env, stderr: "ignore" }), {
    revision: "2025-11-25",
  });
  clients.push(client);
  expect((await client.listTools()).tools.map(({ name }) => name)).toContain("memory_search");
});

/** What waits, approved from another terminal. */
function approve(mh: Mh): void {
  const { approvals } = JSON.parse(mh.run(["approvals", "list", "--json"]).out) as { approvals: { id: string }[] };
  for (const { id } of approvals) expect(mh.run(["approvals", "approve", id, "--yes"]).code).toBe(0);
}

const tasksOf = (mh: Mh): number =>
  (JSON.parse(mh.run(["act", "task.list", "{}"]).out) as { tasks: object[] }).tasks.length;

test.each(revisions)(
  "a program that speaks %s starts mh, reads at once, proposes, and finds what was approved done once",
  async (revision) => {
    const { mh } = homeWithClient();
    using _mh = mh;
    mh.run(["capture", "Sarah moves to Lisbon in March"]);
    const client = await start(mh, { revision });
    const { tools } = await client.listTools();
    expect(tools.map(({ name }) => name)).toEqual([
      ...["approval_mine", "memory_ask", "memory_search", "proposal_make", "task_add", "task_list"],
    ]);
    const found = await callOf(client, "memory_search", { q: "Lisbon" });
    expect(found.value).toMatchObject({ hits: [{ record: { content: "Sarah moves to Lisbon in March" } }] });
    const args = { title: "Take the train at nine" };
    const asked = await callOf(client, "task_add", args);
    // No daemon serves pages here.
    expect(asked.refused).toContain("at home: mh approvals show");
    approve(mh);
    expect((await callOf(client, "task_add", args)).value).toMatchObject(args);
    await client.close();
    // Another process, and the same call: the same command.
    const again = await start(mh, { revision });
    expect((await callOf(again, "task_add", args)).value).toMatchObject(args);
    expect(tasksOf(mh)).toBe(1);
    expect((await callOf(again, "grant_give", { principal: "client:claude", skill: "mail.send" })).refused).toContain(
      "Denied",
    );
  },
);

test.each(revisions)(
  "with a daemon, a client of %s is shown the page over both transports, and the owner's answer goes on",
  async (revision) => {
    const { mh, added } = homeWithClient();
    using _mh = mh;
    expect(mh.run(["daemon", "start"]).code).toBe(0);
    try {
      const { url } = JSON.parse(mh.run(["daemon", "status", "--json"]).out) as { url: string };
      const pages: string[] = [];
      const onPage = (page: string) => {
        pages.push(page);
        approve(mh);
        return "accept";
      };
      const client = await start(mh, { revision, onPage });
      const args = { title: "Take the train at nine" };
      expect((await callOf(client, "task_add", args)).value).toMatchObject(args);
      expect(pages).toEqual([expect.stringContaining(`${url}/#approval=`)]);
      const far = await connectMcp(httpTransport(url, added.token), { revision });
      clients.push(far);
      // The same program by the other transport: what was approved there is known here.
      expect((await callOf(far, "task_add", args)).value).toMatchObject(args);
      expect(tasksOf(mh)).toBe(1);
    } finally {
      mh.run(["daemon", "stop"]);
    }
  },
);

test("a program that is connected all day keeps no home from a daemon that starts later, and goes on when it has ended", async () => {
  const { mh } = homeWithClient();
  using _mh = mh;
  const client = await start(mh, { revision: "2025-11-25" });
  const search = async () => (await callOf(client, "memory_search", { q: "x" })).value;
  expect(await search()).toBeDefined();
  expect(mh.run(["daemon", "start"]).code).toBe(0);
  expect(await search()).toBeDefined();
  expect(mh.run(["daemon", "stop"]).code).toBe(0);
  expect(await search()).toBeDefined();
});

interface Spoken {
  out: string;
  err: string;
  code: number | null;
}

/** Says lines to a process of its own, and hangs up once it has answered so many. */
async function say(mh: Mh, lines: readonly string[], answers: number, name = "claude"): Promise<Spoken> {
  const child = spawn(process.execPath, argsOf(mh, name), { env: environmentOf(mh), stdio: "pipe" });
  const spoken = { out: "", err: "" };
  const ended = new Promise<number | null>((resolve) => child.once("close", resolve));
  child.stderr.on("data", (chunk) => {
    spoken.err += chunk;
  });
  child.stdout.on("data", (chunk) => {
    spoken.out += chunk;
    if (spoken.out.split("\n").length > answers) child.stdin.end();
  });
  // It may hang up on what is too large.
  child.stdin.on("error", () => undefined);
  for (const line of lines) child.stdin.write(`${line}\n`);
  if (answers === 0) child.stdin.end();
  const code = await ended;
  return { ...spoken, code };
}

const initialize = JSON.stringify({
  jsonrpc: "2.0",
  id: 1,
  method: "initialize",
  params: { protocolVersion: "2025-11-25", capabilities: {}, clientInfo: { name: "owner", version: "1" } },
});

test("malformed frames are no frames: what comes after them is answered, and only MCP stands on standard output", async () => {
  const { mh } = homeWithClient();
  using _mh = mh;
  const hostile = [
    "{",
    "null",
    "[]",
    '"x"',
    '{"jsonrpc":"2.0"}',
    `${"[".repeat(5000)}${"]".repeat(5000)}`,
    "\u0000\u001b[2J",
  ];
  const call = {
    jsonrpc: "2.0",
    id: 2,
    method: "tools/call",
    params: { name: "memory_search", arguments: { q: "x" } },
  };
  const { out, code } = await say(mh, [initialize, ...hostile, JSON.stringify(call)], 2);
  const answers = out
    .trim()
    .split("\n")
    .map((line) => JSON.parse(line) as { id: number; result?: object });
  expect(answers.filter(({ result }) => result).map(({ id }) => id)).toEqual([1, 2]);
  expect(code).toBe(0);
});

test("a message without end ends the connection and nothing else", async () => {
  const { mh } = homeWithClient();
  using _mh = mh;
  const { code, err } = await say(mh, [initialize, `{"x":"${"x".repeat(3 * 2 ** 20)}"}`], 99);
  expect(code).toBe(0);
  expect(err).toContain("A message was not understood");
  expect(mh.run(["search", "x"]).code).toBe(0);
});

test("nobody is served who was not added, or was revoked, whatever they call themselves", async () => {
  const { mh } = homeWithClient();
  using _mh = mh;
  for (const name of ["owner", "other", "client:claude", "../claude"]) {
    const { code, err, out } = await say(mh, [initialize], 0, name);
    expect([name, code, out]).toEqual([name, 1, ""]);
    expect(err).toContain("There is no client");
  }
  const client = await start(mh, { revision: "2025-11-25" });
  expect((await callOf(client, "memory_search", { q: "x" })).value).toBeDefined();
  expect(mh.run(["mcp", "client", "revoke", "claude"]).code).toBe(0);
  expect((await callOf(client, "memory_search", { q: "x" })).refused).toContain("Denied");
});

test("a client that is added to read proposes nothing", async () => {
  const { mh } = homeWithClient(["--read-only"]);
  using _mh = mh;
  const client = await start(mh, { revision: "2025-11-25" });
  expect((await client.listTools()).tools.map(({ name }) => name)).not.toContain("proposal_make");
  const does = { type: "memory", text: "x" };
  expect((await callOf(client, "proposal_make", { does, why: "x" })).refused).toContain("Denied");
});

test("K7 what a program would remember waits for the owner's review, and is no memory before", async () => {
  const { mh } = homeWithClient();
  using _mh = mh;
  const client = await start(mh, { revision: "2026-07-28" });
  const does = { type: "memory", text: "The ferry leaves at noon" };
  const made = (await callOf(client, "proposal_make", { does, why: "It was said in a talk." })).value;
  expect(made).toMatchObject({ status: "open" });
  expect((await callOf(client, "memory_capture", { text: "The ferry leaves at noon" })).refused).toContain("Denied");
  const found = () => (JSON.parse(mh.run(["search", "ferry", "--json"]).out) as { hits: object[] }).hits.length;
  expect(found()).toBe(0);
  expect(mh.run(["proposal", "accept", String(made?.id)]).code).toBe(0);
  expect(found()).toBe(1);
});

test("what is to be written into a program's configuration is shown whole, and the address says where", async () => {
  using mh = mhWithHome();
  const { out } = mh.run(["mcp", "client", "add", "claude", "--yes"]);
  const [stdio, http] = [...out.matchAll(/^\{\n[\s\S]*?^\}/gm)].map(([text]) => JSON.parse(text).mcpServers.mh);
  expect(stdio).toEqual({
    command: process.execPath,
    args: [program, "--home", mh.root, "mcp", "serve", "claude"],
  });
  expect(http).toMatchObject({ type: "http", headers: { Authorization: expect.stringMatching(/^Bearer mhc_/) } });
  expect(http.url).toMatch(/^http:\/\/[^/]+\/mcp$/);
  expect(mh.run(["mcp", "serve", "--help"]).out).toContain('"mcpServers"');
});

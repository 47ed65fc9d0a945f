// mh as an MCP server over HTTP, by the official client, in both revisions.
import { ServerResponse } from "node:http";
import { queryObjects } from "node:v8";
import { owner } from "@mh/contract/values/principal.ts";
import { expect, test } from "vitest";
import { token as ownersToken, rawly, type ServedHome, type ServeOptions, serveHome, statusIn } from "../serve-home.ts";
import { callOf, connectMcp, httpTransport, revisions } from "../support/mcp-client.ts";
import { slowWork } from "../support/slow-skill.ts";

interface ServedClient extends ServedHome {
  token: string;
}

/** A home with a program that may read, and propose memories. */
async function serveClient(options: ServeOptions = {}, may: string[] = ["memory.capture"]): Promise<ServedClient> {
  const served = await serveHome(options);
  const { home } = served;
  const { token, principal } = await home.own("client.add", { name: "claude", may });
  await home.own("trust.set", { principal, level: "suggest" });
  for (const skill of ["tool.list", "memory.search", "approval.mine"])
    await home.own("grant.give", { principal, skill });
  return Object.assign(served, { token });
}

const approveAll = async ({ home }: ServedHome) => {
  const { approvals } = await home.own("approval.list", {});
  for (const { id, object } of approvals) await home.approve(id, object);
  return approvals.length;
};
const memoriesOf = async ({ home }: ServedHome) =>
  (await home.own("memory.list", {})).memories.map(({ content }: { content: string }) => content);

test.each(revisions)("an official client of %s lists tools and calls them", async (revision) => {
  await using served = await serveClient();
  await served.home.own("memory.capture", { text: "Sarah moves to Lisbon in March" });
  const client = await connectMcp(httpTransport(served.http.url, served.token), { revision });
  const { tools } = await client.listTools();
  expect(tools.map(({ name }) => name)).toEqual(["approval_mine", "memory_capture", "memory_search"]);
  expect(tools[2]).toMatchObject({
    title: served.home.host.registry.get("memory.search").contract.title,
    annotations: { readOnlyHint: true, destructiveHint: false },
    inputSchema: { type: "object", required: ["q"] },
    outputSchema: { type: "object" },
  });
  const found = await callOf(client, "memory_search", { q: "Lisbon" });
  expect(found.value).toMatchObject({ hits: [{ record: { content: "Sarah moves to Lisbon in March" } }] });
  const wrong = await callOf(client, "memory_search", { q: 1 });
  expect(wrong.refused).toContain("memory.search: q");
  await client.close();
});

test.each(revisions)("R-17 of the calls of a client of %s nothing is held once they are answered", async (revision) => {
  await using served = await serveClient();
  const client = await connectMcp(httpTransport(served.http.url, served.token), { revision });
  const call = async () => {
    expect(await callOf(client, "memory_search", { q: "Lisbon" })).toHaveProperty("value");
  };
  for (let n = 0; n < 3; n += 1) await call();
  const held = () => Number(queryObjects(ServerResponse, { format: "count" }));
  const before = held();
  for (let n = 0; n < 20; n += 1) await call();
  expect(held()).toBeLessThan(before + 5);
  await client.close();
});

test.each(revisions)(
  "a call of %s that waits says where, and the same call is the same command once it is approved",
  async (revision) => {
    await using served = await serveClient();
    const client = await connectMcp(httpTransport(served.http.url, served.token), { revision });
    const args = { text: "The train leaves at nine" };
    const first = await callOf(client, "memory_capture", args);
    expect(first.refused).toContain("mh approvals show");
    expect(first.refused).toContain(`${served.http.url}/#approval=`);
    expect((await callOf(client, "memory_capture", args)).refused).toContain("waits for the owner's approval");
    expect(await approveAll(served)).toBe(1);
    const again = await connectMcp(httpTransport(served.http.url, served.token), { revision });
    const [one, two] = [await callOf(client, "memory_capture", args), await callOf(again, "memory_capture", args)];
    expect(one.value).toMatchObject({ id: expect.any(String), count: 1 });
    expect(two).toEqual(one);
    expect(await memoriesOf(served)).toEqual([args.text]);
    // Its twin: another text is another command, and asks.
    expect((await callOf(client, "memory_capture", { text: "The bus at ten" })).refused).toContain("waits");
  },
);

test("a parked call of 2026-07-28 asks for the page to be shown, waits for the owner's answer, and goes on", async () => {
  await using served = await serveClient();
  const pages: string[] = [];
  const onPage = async (page: string) => {
    pages.push(page);
    await approveAll(served);
    return "accept";
  };
  const client = await connectMcp(httpTransport(served.http.url, served.token), { revision: "2026-07-28", onPage });
  const { value } = await callOf(client, "memory_capture", { text: "The train leaves at nine" });
  expect(value).toMatchObject({ count: 1 });
  expect(pages).toEqual([expect.stringMatching(/^http:\/\/127\.0\.0\.1:\d+\/#approval=[0-9a-f-]{36}$/)]);
});

test("a client that says its user accepted has approved nothing, and one that declines is told where it waits", async () => {
  await using served = await serveClient();
  const client = await connectMcp(httpTransport(served.http.url, served.token), {
    revision: "2026-07-28",
    onPage: () => "decline",
  });
  expect((await callOf(client, "memory_capture", { text: "x" })).refused).toContain("waits for the owner's approval");
  expect(await memoriesOf(served)).toEqual([]);
  // It answers its own request in every way there is: the owner's answer alone counts.
  const own = await served.home.own("approval.list", {});
  const [{ id, object } = { id: "", object: "" }] = own.approvals;
  for (const [tool, args] of [
    ["approval_approve", { id, hash: object }],
    ["approval_deny", { id }],
    ["grant_give", { principal: "client:claude", skill: "memory.capture" }],
  ] as const)
    expect((await callOf(client, tool, args)).refused).toContain("Denied");
  expect(await memoriesOf(served)).toEqual([]);
});

test("the owner's denial ends it, and asking again does not ask the owner again", async () => {
  await using served = await serveClient();
  const client = await connectMcp(httpTransport(served.http.url, served.token), { revision: "2025-11-25" });
  const args = { text: "The train leaves at nine" };
  await callOf(client, "memory_capture", args);
  const { approvals } = await served.home.own("approval.list", {});
  await served.home.own("approval.deny", { id: approvals[0]?.id ?? "" });
  expect((await callOf(client, "memory_capture", args)).refused).toContain("denied");
  expect((await served.home.own("approval.list", {})).approvals).toEqual([]);
});

test.each(revisions)("H7 a rule of the owner's denies over MCP in %s and names itself", async (revision) => {
  await using served = await serveClient();
  await served.home.own("grant.give", { principal: "client:claude", skill: "memory.capture" });
  served.home.rule(
    "no-programs.cedar",
    '@id("no-programs") @title("No program writes") forbid (principal, action == mh::Action::"write", resource) when { principal.kind == mh::Kind::"client" };',
  );
  const client = await connectMcp(httpTransport(served.http.url, served.token), { revision });
  expect((await callOf(client, "memory_capture", { text: "x" })).refused).toContain("No program writes");
  expect((await callOf(client, "memory_search", { q: "x" })).value).toBeDefined();
});

test("who a client is says its token alone: not its name, and not another's session", async () => {
  await using served = await serveClient();
  await served.home.own("client.add", { name: "other" });
  for (const name of ["owner", "client:other", "owner/phone"])
    for (const revision of revisions) {
      const client = await connectMcp(httpTransport(served.http.url, served.token), { revision, name });
      await callOf(client, "memory_search", { q: "x" });
      expect((await callOf(client, "task_add", { title: "x" })).refused).toContain("Denied (capability)");
    }
  const { records } = await served.home.own("audit.tail", { limit: 200 });
  const searches = records.filter(({ skill }) => skill?.startsWith("memory.search@"));
  expect(new Set(searches.map(({ principal }) => principal))).toEqual(new Set(["client:claude"]));
  // There are no sessions: what names one is answered as if it did not.
  const answer = await served.post(
    "/mcp",
    { jsonrpc: "2.0", id: 1, method: "tools/list" },
    {
      authorization: `Bearer ${served.token}`,
      accept: "application/json, text/event-stream",
      "mcp-session-id": "guessed",
    },
  );
  expect(await answer.text()).toContain("memory_search");
  expect(answer.headers.get("mcp-session-id")).toBeNull();
});

test("the owner's token speaks no MCP, nor a device's: a model that held it would be the owner", async () => {
  await using served = await serveClient();
  const { token } = await served.home.own("device.add", { name: "phone", role: "admin" });
  for (const each of [ownersToken, token]) {
    const answer = await served.post(
      "/mcp",
      { jsonrpc: "2.0", id: 1, method: "ping" },
      { authorization: `Bearer ${each}` },
    );
    expect([answer.status, await answer.text()]).toEqual([403, expect.stringContaining("mh mcp client add")]);
  }
});

test.each([
  ["P4 DNS rebinding", "Host: evil.example", 421],
  ["P5 a page of another site", "Host: 127.0.0.1:PORT\r\nOrigin: https://evil.example", 403],
  ["P5 a sandboxed frame", "Host: 127.0.0.1:PORT\r\nOrigin: null", 403],
  ["P3 a request across sites", "Host: 127.0.0.1:PORT\r\nSec-Fetch-Site: cross-site", 403],
  ["P5 no token", "Host: 127.0.0.1:PORT\r\nX-Token: none", 401],
  ["P5 a form", "Host: 127.0.0.1:PORT\r\nAuthorization: Bearer TOKEN\r\nContent-Type: text/plain", 415],
])("%s is refused before MCP is spoken", async (_name, headers, status) => {
  await using served = await serveClient();
  const { port } = served.http;
  const told = headers.replace("PORT", String(port)).replace("TOKEN", served.token);
  const body = '{"jsonrpc":"2.0","id":1,"method":"tools/list"}';
  const answer = await rawly(
    port,
    `POST /mcp HTTP/1.1\r\n${told}\r\nConnection: close\r\nContent-Length: ${body.length}\r\n\r\n${body}`,
  );
  expect(statusIn(answer)).toBe(status);
  expect(answer).not.toContain("memory_search");
});

test("malformed frames, huge bodies, bombs, batches and wrong revisions are refused, and nothing of them is done", async () => {
  await using served = await serveClient({ limits: { bodyBytesMax: 4096 } });
  const headers = {
    authorization: `Bearer ${served.token}`,
    "content-type": "application/json",
    accept: "application/json, text/event-stream",
  };
  const post = async (body: string, more = {}) => {
    const answer = await served.fetch("/mcp", { method: "POST", body, headers: { ...headers, ...more } });
    return { status: answer.status, text: await answer.text() };
  };
  const call = {
    jsonrpc: "2.0",
    id: 1,
    method: "tools/call",
    params: { name: "memory_capture", arguments: { text: "x" } },
  };
  const nested = "[".repeat(500) + "]".repeat(500);
  expect((await post("{")).status).toBe(400);
  expect((await post(nested)).status).toBe(400);
  expect(
    (await post(JSON.stringify({ ...call, params: { ...call.params, arguments: { text: "x".repeat(5000) } } }))).status,
  ).toBe(413);
  expect((await post(JSON.stringify(call), { "mcp-protocol-version": "1999-01-01" })).status).toBe(400);
  for (const frame of [
    {},
    { ...call, jsonrpc: "1.0" },
    { ...call, method: 7 },
    { ...call, id: { a: 1 } },
    null,
    "x",
    7,
  ])
    expect((await post(JSON.stringify(frame))).text).toMatch(/error|fault/);
  for (const name of [
    "",
    "__proto__",
    "constructor",
    "memory.capture",
    "MEMORY_CAPTURE",
    "memory_capture\u0000",
    "x".repeat(300),
    "kernel_stop",
    "chat_say",
  ])
    expect((await post(JSON.stringify({ ...call, params: { name, arguments: {} } }))).text).toMatch(/error|Error/);
  expect(await memoriesOf(served)).toEqual([]);
  expect((await served.home.own("approval.list", {})).approvals).toEqual([]);
  expect((await served.fetch("/mcp", { method: "GET", headers })).status).toBe(405);
  expect((await served.fetch("/mcp", { method: "DELETE", headers })).status).toBe(405);
});

test("P12 a flood of proposals leaves the owner no more requests than one may have, and their own are asked as ever", async () => {
  await using served = await serveClient();
  const client = await connectMcp(httpTransport(served.http.url, served.token), { revision: "2025-11-25" });
  const answers = await Promise.all(
    Array.from({ length: 60 }, (_, n) => callOf(client, "memory_capture", { text: `Proposal ${n}` })),
  );
  const { approvals } = await served.home.own("approval.list", {});
  expect(approvals.length).toBeLessThan(30);
  expect(answers.filter(({ refused }) => refused?.includes("Denied (approval)")).length).toBe(60 - approvals.length);
});

test("a flood of calls meets the client's rate, and the owner's own go on", async () => {
  await using served = await serveClient();
  const client = await connectMcp(httpTransport(served.http.url, served.token), { revision: "2025-11-25" });
  const answers = await Promise.all(Array.from({ length: 520 }, () => callOf(client, "memory_search", { q: "x" })));
  expect(answers.some(({ refused }) => refused?.includes("Denied (rate)"))).toBe(true);
  expect((await served.home.act(owner, "memory.search", { q: "x" })).status).toBe("done");
});

test("of a client's calls no more than a few are under way at a time, however many connections it opens", async () => {
  const work = slowWork();
  await using served = await serveClient({ skills: [work.skill] });
  await served.home.own("grant.give", { principal: "client:claude", skill: "slow.work" });
  const client = await connectMcp(httpTransport(served.http.url, served.token), { revision: "2025-11-25" });
  const another = await connectMcp(httpTransport(served.http.url, served.token), { revision: "2025-11-25" });
  const names = Array.from({ length: 32 }, (_, n) => `dish ${n}`);
  const calls = names.map((name) => callOf(client, "slow_work", { name }));
  await Promise.all(names.map((name) => work.began(name)));
  const more = callOf(another, "slow_work", { name: "one more" }).then(({ refused }) => refused);
  const begun = work.began("one more").then(() => "it began");
  begun.catch(() => undefined);
  const end = await Promise.race([more, begun]);
  expect(end).toContain("Too many calls at once");
  expect((await served.home.act(owner, "memory.search", { q: "x" })).status).toBe("done");
  for (const name of names) work.finish(name);
  expect((await Promise.all(calls)).filter(({ refused }) => refused)).toEqual([]);
  const last = callOf(another, "slow_work", { name: "the last" });
  await work.began("the last");
  work.finish("the last");
  expect((await last).refused).toBeUndefined();
});

test.each(revisions)("progress and cancelling in %s are those of the run", async (revision) => {
  const work = slowWork();
  await using served = await serveClient({ skills: [work.skill] });
  await served.home.own("grant.give", { principal: "client:claude", skill: "slow.work" });
  const client = await connectMcp(httpTransport(served.http.url, served.token), { revision });
  const told: unknown[] = [];
  const heard = Promise.withResolvers<void>();
  const gone = new AbortController();
  const call = (name: string, signal?: AbortSignal) =>
    client.callTool(
      { name: "slow_work", arguments: { name } },
      {
        ...(signal && { signal }),
        onprogress: (progress) => {
          told.push(progress);
          heard.resolve();
        },
      },
    );
  const first = call("dishes");
  await work.began("dishes");
  work.report("dishes", { done: 2, total: 5, unit: "plates" });
  await heard.promise;
  // What goes back is no progress.
  work.report("dishes", { done: 1, total: 5 });
  work.finish("dishes");
  expect((await first).structuredContent).toEqual({ name: "dishes" });
  expect(told).toEqual([{ progress: 2, total: 5, message: "plates" }]);
  const second = call("cups", gone.signal);
  second.catch(() => undefined);
  await work.began("cups");
  gone.abort();
  await expect.poll(() => work.isCancelled("cups")).toBe(true);
});

test("a stream of announcements is acknowledged and over: nothing is announced, and none stays open", async () => {
  await using served = await serveClient();
  const meta = {
    "io.modelcontextprotocol/protocolVersion": "2026-07-28",
    "io.modelcontextprotocol/clientInfo": { name: "x", version: "1" },
    "io.modelcontextprotocol/clientCapabilities": {},
  };
  const listen = (id: number) =>
    served.post(
      "/mcp",
      {
        jsonrpc: "2.0",
        id,
        method: "subscriptions/listen",
        params: { _meta: meta, notifications: { toolsListChanged: true } },
      },
      {
        authorization: `Bearer ${served.token}`,
        accept: "application/json, text/event-stream",
        "mcp-protocol-version": "2026-07-28",
        "mcp-method": "subscriptions/listen",
      },
    );
  const texts = await Promise.all(Array.from({ length: 40 }, async (_, id) => (await listen(id)).text()));
  for (const text of texts) expect(text).toMatch(/acknowledged.*"resultType":"complete"|Subscription limit reached/s);
  expect(texts[0]).toContain("acknowledged");
});

test("a revoked client is refused at once, and STOP stops it", async () => {
  await using served = await serveClient();
  const client = await connectMcp(httpTransport(served.http.url, served.token), { revision: "2025-11-25" });
  await served.home.own("kernel.stop", {});
  expect((await callOf(client, "memory_search", { q: "x" })).refused).toContain("STOP");
  await served.home.own("client.revoke", { client: "claude" });
  await expect(callOf(client, "memory_search", { q: "x" })).rejects.toThrow();
});

// `mh mcp serve` within this process: what its client's lines do to runs, and what a hostile client's do to nobody else.
import { PassThrough } from "node:stream";
import { serveMcpStdio } from "@mh/host/serve/mcp/serve-stdio.ts";
import { type HostOptions, makeHost, type TestHost } from "@mh/testing";
import { expect, test } from "vitest";
import { slowWork } from "../support/slow-skill.ts";

interface Frame {
  id?: number;
  method?: string;
  params?: Record<string, unknown>;
  result?: { content: { text: string }[]; structuredContent?: object; isError?: boolean };
  error?: { code: number; message: string };
}

/** A client that speaks the revision of 2025-11-25 line by line. */
async function serveLines(options: HostOptions, grants: string[]) {
  const home = await makeHost(options);
  await home.own("client.add", { name: "claude" });
  for (const skill of grants) await home.own("grant.give", { principal: "client:claude", skill });
  const [input, output] = [new PassThrough(), new PassThrough()];
  const frames: Frame[] = [];
  const waiting = new Set<() => void>();
  let text = "";
  output.on("data", (chunk: Buffer) => {
    text += chunk;
    const lines = text.split("\n");
    text = lines.pop() ?? "";
    frames.push(...lines.map((line) => JSON.parse(line) as Frame));
    for (const look of [...waiting]) look();
  });
  const ended = serveMcpStdio({
    ...{ root: home.root, name: "claude", input, output, note: () => undefined, signal: new AbortController().signal },
    connect: async () => Object.assign(home.host.client(), { [Symbol.asyncDispose]: async () => undefined }),
  });
  const send = (frame: object) => input.write(`${JSON.stringify({ jsonrpc: "2.0", ...frame })}\n`);
  const frame = (fits: (frame: Frame) => boolean) =>
    new Promise<Frame>((resolve) => {
      const look = () => {
        const found = frames.find(fits);
        if (!found) return waiting.add(look);
        waiting.delete(look);
        return resolve(found);
      };
      look();
    });
  const params = { protocolVersion: "2025-11-25", capabilities: {}, clientInfo: { name: "owner", version: "1" } };
  send({ id: 0, method: "initialize", params });
  send({ method: "notifications/initialized" });
  await frame(({ id }) => id === 0);
  return {
    ...{ home, frames, ended, send, frame },
    call: (id: number, name: string, args: object, meta?: object) =>
      send({ id, method: "tools/call", params: { name, arguments: args, ...(meta && { _meta: meta }) } }),
    answer: (id: number) => frame((each) => each.id === id),
    hangUp: () => input.end(),
    async [Symbol.asyncDispose]() {
      input.end();
      await ended;
      await home[Symbol.asyncDispose]();
    },
  };
}

test("progress is that of the run, and a cancelled call ends what it began and nothing else", async () => {
  const work = slowWork();
  await using served = await serveLines({ skills: [work.skill] }, ["slow.work"]);
  served.call(1, "slow_work", { name: "dishes" }, { progressToken: "p" });
  served.call(2, "slow_work", { name: "cups" });
  await Promise.all([work.began("dishes"), work.began("cups")]);
  work.report("dishes", { done: 2, total: 5, unit: "plates" });
  const { params } = await served.frame(({ method }) => method === "notifications/progress");
  expect(params).toEqual({ progressToken: "p", progress: 2, total: 5, message: "plates" });
  served.send({ method: "notifications/cancelled", params: { requestId: 2 } });
  await expect.poll(() => work.isCancelled("cups")).toBe(true);
  expect(work.isCancelled("dishes")).toBe(false);
  work.finish("dishes");
  expect((await served.answer(1)).result?.structuredContent).toEqual({ name: "dishes" });
});

test("whoever hangs up ends what it began, and nothing goes on behind it", async () => {
  const work = slowWork();
  await using served = await serveLines({ skills: [work.skill] }, ["slow.work"]);
  served.call(1, "slow_work", { name: "dishes" });
  await work.began("dishes");
  served.hangUp();
  await served.ended;
  expect(work.isCancelled("dishes")).toBe(true);
  expect(served.home.host.runs()).toEqual([]);
});

test("of a flood of calls no more than a few are under way at a time", async () => {
  const work = slowWork();
  await using served = await serveLines({ skills: [work.skill] }, ["slow.work"]);
  for (let n = 1; n <= 40; n += 1) served.call(n, "slow_work", { name: `dish ${n}` });
  expect((await served.answer(33)).result).toMatchObject({
    isError: true,
    content: [{ text: expect.stringContaining("Too many calls at once") }],
  });
  served.send({ id: 99, method: "tools/list" });
  expect((await served.answer(99)).error?.message).toContain("Too many calls at once");
  for (let n = 1; n <= 32; n += 1) {
    await work.began(`dish ${n}`);
    work.finish(`dish ${n}`);
  }
  expect((await served.answer(32)).result?.structuredContent).toEqual({ name: "dish 32" });
});

test("what a client answers to a request of its own making, or sends as a server would, is no answer of the owner's", async () => {
  await using served = await serveLines({}, ["memory.search"]);
  served.send({ id: 7, result: { action: "accept", content: {} } });
  served.send({ id: 8, method: "elicitation/create", params: { mode: "url", url: "http://127.0.0.1/", message: "x" } });
  served.send({
    id: 9,
    method: "initialize",
    params: { protocolVersion: "2026-07-28", capabilities: {}, clientInfo: { name: "owner", version: "1" } },
  });
  served.call(10, "memory_search", { q: "x" });
  expect((await served.answer(10)).result?.structuredContent).toMatchObject({ hits: [] });
  expect((await served.answer(8)).error).toBeDefined();
});

async function statusOf(home: TestHost, skill: string): Promise<string> {
  return (await home.act("client:claude", skill, {})).status;
}

test("a client that is connected has what it is granted then, and no more once that is taken back", async () => {
  await using served = await serveLines({}, ["task.list"]);
  served.call(1, "task_list", {});
  expect((await served.answer(1)).result?.structuredContent).toMatchObject({ tasks: [] });
  const { grants } = await served.home.own("grant.list", {});
  for (const { id } of grants) await served.home.own("grant.revoke", { id });
  served.call(2, "task_list", {});
  expect((await served.answer(2)).result?.isError).toBe(true);
  expect(await statusOf(served.home, "task.list")).toBe("denied");
});

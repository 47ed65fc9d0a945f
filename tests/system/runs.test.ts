import * as fs from "node:fs";
import { owner } from "@mh/contract/values/principal.ts";
import type { Event } from "@mh/contract/wire/event.ts";
import type { RunProgress } from "@mh/contract/wire/progress.ts";
import { clientOf } from "@mh/host/connect/client.ts";
import { dial } from "@mh/host/connect/dial.ts";
import { serve } from "@mh/host/serve/socket/serve.ts";
import { makeHost, type TestHost } from "@mh/testing";
import { httpOf } from "@mh/testing/http-of.ts";
import { expect, test } from "vitest";
import { readEvents, serveHome } from "../serve-home.ts";
import { slowWork } from "../support/slow-skill.ts";

const half = { done: 5, total: 10, unit: "plates", note: "the big ones" };

/** A client over a connection of its own, and a way to cut it. */
async function client(home: TestHost) {
  const connection = await dial(home.root, home.environment);
  if (!connection) throw new Error("Nobody listens.");
  return { ...clientOf(connection.request), hangUp: () => connection[Symbol.asyncDispose]() };
}

const endings = ({ host }: TestHost, id: string): string[] =>
  [...host.replay({})].filter(({ command }) => command === id).map(({ name }) => name);

test("a caller hears how far its run is, an aborted signal ends it, and the outcome is in the log before it is told", async () => {
  const work = slowWork();
  await using home = await makeHost({ skills: [work.skill] });
  await using _serving = await serve(home.host);
  const cli = await client(home);
  const heard: RunProgress[] = [];
  const interrupt = new AbortController();
  const id = home.host.newId();
  const outcome = cli.act(
    "slow.work",
    { name: "dishes" },
    {
      ...{ id, signal: interrupt.signal },
      onProgress: (progress) => heard.push(progress),
    },
  );
  await work.began("dishes");
  work.report("dishes", half);
  await expect.poll(() => heard).toEqual([{ run: id, skill: "slow.work", principal: owner, ...half }]);
  interrupt.abort("You pressed Ctrl-C");
  expect(await outcome).toMatchObject({ status: "interrupted", message: expect.stringContaining("Ctrl-C") });
  expect([work.isCancelled("dishes"), endings(home, id)]).toEqual([true, ["command.interrupted"]]);
  await cli.hangUp();
});

test("a signal that was aborted before still gives the outcome of what was asked", async () => {
  const work = slowWork();
  await using home = await makeHost({ skills: [work.skill] });
  await using _serving = await serve(home.host);
  const cli = await client(home);
  const signal = AbortSignal.abort("You pressed Ctrl-C");
  expect(await cli.act("slow.work", { name: "dishes" }, { signal })).toMatchObject({ status: "interrupted" });
  await cli.hangUp();
});

test("a connection that closes ends what it began, but not what it joined or detached", async () => {
  const work = slowWork();
  await using home = await makeHost({ skills: [work.skill] });
  await using _serving = await serve(home.host);
  const [first, second] = [await client(home), await client(home)];
  const ids = { own: home.host.newId(), joined: home.host.newId(), detached: home.host.newId() };
  const asked = [
    first.act("slow.work", { name: "own" }, { id: ids.own }),
    first.act("slow.work", { name: "detached" }, { id: ids.detached, detach: true }),
  ];
  for (const each of asked) each.catch(() => undefined);
  const theirs = second.act("slow.work", { name: "joined" }, { id: ids.joined });
  for (const name of ["own", "detached", "joined"]) await work.began(name);
  first.act("slow.work", { name: "joined" }, { id: ids.joined }).catch(() => undefined);
  // Answered in order: what was asked before it is under way.
  await first.act("memory.stats", {});
  await first.hangUp();
  await expect.poll(() => endings(home, ids.own)).toEqual(["command.interrupted"]);
  work.finish("joined");
  expect(await theirs).toMatchObject({ status: "done" });
  const { runs } = await home.own("run.list", {});
  expect(runs.map(({ run }) => run)).toEqual([ids.detached]);
  work.finish("detached");
  expect(await second.wait(ids.detached)).toMatchObject({ status: "done", value: { name: "detached" } });
  await second.hangUp();
});

test("whoever follows hears of all runs and of their ends, in order, and what is under way says how far it is", async () => {
  const work = slowWork();
  await using home = await makeHost({ skills: [work.skill] });
  await using _serving = await serve(home.host);
  const [cli, other] = [await client(home), await client(home)];
  const heard: (RunProgress | Event)[] = [];
  const hear = (each: RunProgress | Event) => void heard.push(each);
  const following = other.follow({ events: "slow.*", onEvent: hear, onProgress: hear });
  await other.act("memory.stats", {});
  const id = home.host.newId();
  const outcome = cli.act("slow.work", { name: "dishes" }, { id });
  await work.began("dishes");
  work.report("dishes", half);
  const { runs } = await home.own("run.list", {});
  expect(runs).toMatchObject([{ run: id, skill: "slow.work", principal: owner, progress: half }]);
  await expect.poll(() => heard).toHaveLength(1);
  expect(await other.cancel(home.host.newId())).toBe(false);
  work.finish("dishes");
  await outcome;
  await expect.poll(() => heard).toMatchObject([half, { name: "slow.worked", command: id }]);
  await following[Symbol.asyncDispose]();
  expect(await following.ended).toBe("unfollowed");
  await expect(other.follow({ events: "no pattern!" }).ended).rejects.toMatchObject({ code: "usage" });
  await cli.hangUp();
  await other.hangUp();
});

test("a follower goes on after what it acknowledged, over a restart and with the index deleted", async () => {
  await using home = await makeHost();
  const seen: number[] = [];
  const texts = ["one", "two", "three", "four"];
  const hear = async (until: number) => {
    await using _serving = await serve(home.host);
    const cli = await client(home);
    await using _following = cli.follow({
      events: "memory.captured",
      follower: "site",
      onEvent: ({ seq }) => void seen.push(seq),
    });
    await expect.poll(() => seen.length).toBe(until);
  };
  await hear(0);
  // A follower that is new misses nothing from there on, though it acknowledged nothing.
  for (const text of texts.slice(0, 2)) await home.own("memory.capture", { text });
  await home.reopen();
  await hear(2);
  await home.reopen();
  expect(seen[1]).toBeGreaterThan(seen[0] as number);
  const [first = 0] = seen.splice(0);
  {
    await using _serving = await serve(home.host);
    const cli = await client(home);
    await cli.acknowledge("site", first);
    await cli.acknowledge("site", first - 1);
    await expect(cli.acknowledge("site", 10_000)).rejects.toMatchObject({ code: "args.invalid" });
    await expect(cli.acknowledge("nobody", first)).rejects.toMatchObject({ code: "args.invalid" });
    await cli.hangUp();
  }
  await home.close();
  fs.rmSync(home.file("memory/index"), { recursive: true });
  await home.reopen();
  for (const text of texts.slice(2)) await home.own("memory.capture", { text });
  await hear(3);
  expect(seen.every((seq) => seq > first)).toBe(true);
});

test("over HTTP a run can be begun without waiting, looked at, waited for and cancelled", async () => {
  const work = slowWork();
  await using served = await serveHome({ skills: [work.skill] });
  const asynchronously = { prefer: "respond-async, wait=0" };
  const begun = await served.post("/v1/command", { skill: "slow.work", args: { name: "dishes" } }, asynchronously);
  const { run, isNew } = (await begun.json()) as { run: string; isNew: boolean };
  const { location, "preference-applied": applied } = Object.fromEntries(begun.headers);
  expect([begun.status, isNew, location, applied]).toEqual([202, true, `/v1/runs/${run}`, "respond-async"]);
  await work.began("dishes");
  work.report("dishes", half);
  const state = async (wait = "") => (await served.fetch(`/v1/runs/${run}${wait}`)).json();
  expect(await state()).toMatchObject({ state: "running", run, skill: "slow.work", progress: half });
  const waiting = state("?wait=60");
  work.finish("dishes");
  const over = { state: "over", run, outcome: { status: "done", id: run, value: { name: "dishes" } } };
  expect([await waiting, await state()]).toEqual([over, over]);

  const other = (await (
    await served.post("/v1/command", { skill: "slow.work", args: { name: "cups" } }, asynchronously)
  ).json()) as { run: string };
  await work.began("cups");
  const told = await served.fetch(`/v1/runs/${other.run}`, { method: "DELETE" });
  expect([told.status, await told.json()]).toMatchObject([202, { state: "running" }]);
  const ended = await served.fetch(`/v1/runs/${other.run}?wait=60`);
  expect(await ended.json()).toMatchObject({ state: "over", outcome: { status: "interrupted" } });
  expect(endings(served.home, other.run)).toEqual(["command.interrupted"]);
  const again = await served.fetch(`/v1/runs/${other.run}`, { method: "DELETE" });
  expect([again.status, await again.json()]).toMatchObject([200, { state: "over" }]);

  const wrong = [
    `/v1/runs/${served.home.host.newId()}`,
    "/v1/runs/x",
    `/v1/runs/${run}?wait=61`,
    `/v1/runs/${run}?w=1`,
  ];
  const answers = await Promise.all(wrong.map(async (path) => (await served.fetch(path)).status));
  expect(answers).toEqual([404, 400, 400, 400]);
});

test("what fails before it begins is answered at once, also where nobody wanted to wait", async () => {
  await using served = await serveHome();
  const prefer = { prefer: "respond-async" };
  const id = served.home.host.newId();
  await served.post("/v1/command", { id, skill: "memory.capture", args: { text: "Tea" } });
  const refused = await served.post("/v1/command", { id, skill: "memory.capture", args: { text: "Cake" } }, prefer);
  const { run } = (await refused.json()) as { run: string };
  const shown = (await (await served.fetch(`/v1/runs/${run}?wait=60`)).json()) as { outcome: object };
  expect(shown.outcome).toMatchObject({ status: "failed", fault: { code: "command.id-reused" } });
});

test("closing the connection of a request ends its run, unless it is detached", async () => {
  const work = slowWork();
  await using served = await serveHome({ skills: [work.skill] });
  const ids = { waits: served.home.host.newId(), detached: served.home.host.newId() };
  const leave = new AbortController();
  for (const [name, more] of [
    ["waits", {}],
    ["detached", { detach: true }],
  ] as const) {
    const body = JSON.stringify({ id: ids[name], skill: "slow.work", args: { name }, ...more });
    served
      .fetch("/v1/command", {
        ...{ method: "POST", body, signal: leave.signal, headers: { "content-type": "application/json" } },
      })
      .catch(() => undefined);
    await work.began(name);
  }
  leave.abort();
  await expect.poll(() => endings(served.home, ids.waits)).toEqual(["command.interrupted"]);
  work.finish("detached");
  const shown = await served.fetch(`/v1/runs/${ids.detached}?wait=60`);
  expect(await shown.json()).toMatchObject({ state: "over", outcome: { status: "done" } });
});

test("progress comes as events without a number: it moves no cursor and is never sent again", async () => {
  const work = slowWork();
  await using served = await serveHome({ skills: [work.skill] });
  const reader = readEvents((await served.fetch("/v1/events?progress=true&pattern=slow.*")).body);
  const quiet = readEvents((await served.fetch("/v1/events")).body);
  const ready = await reader.next();
  await quiet.next();
  const { run } = (await (
    await served.post("/v1/command", { skill: "slow.work", args: { name: "dishes" } }, { prefer: "respond-async" })
  ).json()) as { run: string };
  await work.began("dishes");
  work.report("dishes", half);
  const told = await reader.next();
  expect([told?.id, told?.event, JSON.parse(told?.data ?? "")]).toMatchObject([
    undefined,
    "run.progress",
    { run, ...half },
  ]);
  work.finish("dishes");
  const end = await reader.event();
  expect(end).toMatchObject({ name: "slow.worked", command: run });
  expect(await quiet.event()).toEqual(end);
  await Promise.all([reader.leave(), quiet.leave()]);
  const resumed = readEvents((await served.fetch(`/v1/events?progress=true&after=${ready?.id}`)).body);
  expect([(await resumed.next())?.event, await resumed.event()]).toEqual(["ready", end]);
  await resumed.leave();
});

test("a follower over HTTP goes on after what it acknowledged, and each principal has followers of its own", async () => {
  const devices = new Map([["p".repeat(40), { kind: "device" as const, id: "1", name: "phone" }]]);
  await using served = await serveHome({ devices });
  const phone = { authorization: `Bearer ${"p".repeat(40)}` };
  const follow = async (headers = {}) =>
    readEvents((await served.fetch("/v1/events?follower=site&pattern=memory.captured", { headers })).body);
  for (const each of [await follow(), await follow(phone)]) {
    await each.next();
    await each.leave();
  }
  for (const text of ["one", "two"]) await served.home.own("memory.capture", { text });
  const reader = await follow();
  const first = await reader.event();
  await reader.leave();
  const acknowledge = (after: number) => served.post("/v1/followers/site", { after });
  expect(await (await acknowledge(first.seq)).json()).toEqual({ follower: "site", after: first.seq });
  expect((await acknowledge(100_000)).status).toBe(400);
  expect((await served.post("/v1/followers/No name", { after: 1 })).status).toBe(400);
  await served.restart();
  const [mine, theirs] = [await follow(), await follow(phone)];
  expect([(await mine.event()).seq > first.seq, await theirs.event()]).toEqual([true, first]);
  await Promise.all([mine.leave(), theirs.leave()]);
});

test("a check over HTTP gives the verdict with its layers and leaves no record", async () => {
  await using served = await serveHome();
  const before = served.home.host.committed;
  const answer = await served.post("/v1/check", { skill: "memory.capture", args: { text: "Tea" } });
  const verdict = (await answer.json()) as { layers: { layer: string; reason: string }[] };
  expect(verdict).toMatchObject({ verdict: "allow", rules: expect.any(Array) });
  expect(verdict.layers.every(({ reason }) => reason !== "")).toBe(true);
  const refused = await served.post("/v1/check", { skill: "memory.capture", args: {} });
  expect([refused.status, served.home.host.committed]).toEqual([400, before]);
});

test("what /openapi.json refers to is in it, and runs, checks and followers are", async () => {
  await using served = await serveHome();
  const document = (await (await served.fetch("/openapi.json")).json()) as {
    paths: Record<string, Record<string, unknown>>;
    components: { schemas: Record<string, unknown> };
  };
  const references = JSON.stringify(document).matchAll(/"\$ref":"([^"]+)"/g);
  const dangling = [...references]
    .map(([, to = ""]) => to)
    .filter((to) => !(to.replace("#/components/schemas/", "") in document.components.schemas));
  expect(dangling).toEqual([]);
  const methods = Object.entries(document.paths).flatMap(([path, each]) =>
    Object.keys(each).map((method) => `${method} ${path}`),
  );
  expect(methods).toEqual(
    expect.arrayContaining([
      "post /v1/check",
      "get /v1/runs/{id}",
      "delete /v1/runs/{id}",
      "post /v1/followers/{name}",
    ]),
  );
});

const washer = `import { defineAgent } from "@mh/core/agent";
export const agent = defineAgent({
  name: "washer", title: "Washes up", triggers: [{ every: "2h" }], may: ["slow.work"], ensures: ["slow.work"],
  async run(agent) {
    agent.progress({ done: 1, total: 2, unit: "loads", note: "x".repeat(600) });
    const onProgress = ({ done, total }) => agent.log("heard " + done + " of " + total);
    await agent.need("slow.work", { name: "dishes" }, { onProgress });
    agent.progress({ done: 2, total: 2, unit: "loads" });
  },
});
`;

async function withWasher(work: ReturnType<typeof slowWork>) {
  const home = await makeHost({ skills: [work.skill], agents: { washer } });
  await home.own("agent.allow", { name: "washer" });
  await home.own("trust.set", { principal: "agent:washer", level: "adaptive_auto" });
  const at = new Date(home.clock.now()).toISOString();
  const args = { agent: "washer", trigger: "owner", kind: "owner", slot: "1", attempt: 1, at };
  return { home, command: { principal: "agent:washer", skill: "agent.run", args } };
}

test("an agent says how far it is, and hears how far is what it asked for", async () => {
  const work = slowWork();
  const { home, command } = await withWasher(work);
  await using _home = home;
  const run = home.host.begin(command);
  const heard: unknown[] = [];
  using _watch = run.watch(({ done, total, unit, note }) => heard.push([done, total, unit, note.length]));
  await work.began("dishes");
  work.report("dishes", half);
  const logged = async () => {
    const { runs } = await home.own<{ runs: { lines: { text: string }[] }[] }>("agent.log", { name: "washer" });
    return runs.flatMap(({ lines }) => lines.map(({ text }) => text));
  };
  await expect.poll(logged).toContain("heard 5 of 10");
  work.finish("dishes");
  expect([(await run.outcome).status, heard]).toEqual([
    "done",
    [
      [1, 2, "loads", 500],
      [2, 2, "loads", 0],
    ],
  ]);
});

test("cancelling a run cancels what it caused, and both are in the log as interrupted", async () => {
  const work = slowWork();
  const { home, command } = await withWasher(work);
  await using _home = home;
  const run = home.host.begin(command);
  await work.began("dishes");
  const [, caused] = home.host.runs();
  run.cancel("You pressed Ctrl-C");
  expect(await run.outcome).toMatchObject({ status: "interrupted" });
  expect(work.isCancelled("dishes")).toBe(true);
  await expect.poll(() => home.host.runs()).toEqual([]);
  expect([run.id, caused?.id ?? ""].map((id) => endings(home, id))).toEqual([
    ["command.interrupted"],
    ["command.interrupted"],
  ]);
});

test("a signal ends a web.fetch that waits for its server, and the outcome stands before the request is given up", async () => {
  const asked = Promise.withResolvers<AbortSignal | undefined>();
  const silent = httpOf(({ signal }) => {
    asked.resolve(signal);
    return new Promise<never>(() => undefined);
  });
  await using home = await makeHost({ http: silent });
  const interrupt = new AbortController();
  const id = home.host.newId();
  const args = { url: "https://example.org/" };
  const outcome = home.host.client().act("web.fetch", args, { id, signal: interrupt.signal });
  const signal = await asked.promise;
  interrupt.abort("You pressed Ctrl-C");
  // A server, or a library, that never answers is not waited for.
  expect(await outcome).toMatchObject({
    status: "interrupted",
    message: expect.stringContaining("You pressed Ctrl-C"),
  });
  expect([signal?.aborted, endings(home, id)]).toEqual([true, ["command.interrupted"]]);
});

test("a device that only reads sees a run and does not end it", async () => {
  const work = slowWork();
  await using served = await serveHome({ skills: [work.skill] });
  const { token } = await served.home.own("device.add", { name: "frame", role: "viewer" });
  const headers = { authorization: `Bearer ${token}` };
  const run = served.home.host.begin({ principal: owner, skill: "slow.work", args: { name: "dishes" } });
  await work.began("dishes");
  const at = `/v1/runs/${run.id}`;
  const answers = [await served.fetch(at, { headers }), await served.fetch(at, { method: "DELETE", headers })];
  expect([answers.map(({ status }) => status), work.isCancelled("dishes")]).toEqual([[200, 403], false]);
  expect((await served.fetch(at, { method: "DELETE" })).status).toBe(202);
  expect(await run.outcome).toMatchObject({ status: "interrupted" });
});

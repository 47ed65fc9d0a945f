import * as fs from "node:fs";
import * as path from "node:path";
import { agent, owner } from "@mh/contract/values/principal.ts";
import type { Event } from "@mh/contract/wire/event.ts";
import { EventFeed } from "@mh/host/serve/event-feed.ts";
import { EventReader } from "@mh/host/serve/event-reader.ts";
import { makeHost, randomFrom } from "@mh/testing";
import { expect, inject, test } from "vitest";
import { readEvents, type ServedHome, serveHome } from "../serve-home.ts";
import { slowWork } from "../support/slow-skill.ts";

const capture = ({ home }: ServedHome, text: string) => home.own("memory.capture", { text });
const readersOf = async ({ metrics }: ServedHome): Promise<number> =>
  (await metrics.registry.getSingleMetric("mh_event_readers")?.get())?.values[0]?.value ?? -1;

test("B3 readers that come and go at random moments get every event once, in order", async () => {
  const random = randomFrom(inject("seed"));
  // Few are kept in memory, so that readers go through the journal and over the seam again and again.
  await using served = await serveHome({ limits: { eventsKept: 4, heartbeatMs: 5 } });
  const wanted = 240;
  let isOver = false;
  const writing = (async () => {
    for (let n = 0; n < wanted; ) {
      const group = 1 + Math.floor(random() * 12);
      await Promise.all(Array.from({ length: group }, (_, m) => capture(served, `note ${n + m}`)));
      n += group;
      if (random() < 0.1) await served.restart();
      if (random() < 0.3) await new Promise((resolve) => setImmediate(resolve));
    }
    isOver = true;
  })();
  const counts = { connections: 0, behind: 0 };
  const reading = Array.from({ length: 4 }, () => follow(served, random, counts, () => isOver));
  await writing;
  const got = await Promise.all(reading);
  const happened = [...served.home.host.replay({})].map(({ seq }) => seq);
  expect(happened.length).toBeGreaterThan(wanted);
  for (const seen of got) expect(seen.map(({ seq }) => seq)).toEqual(happened);
  expect(counts.connections).toBeGreaterThan(20);
});

/** Reads from the beginning, hanging up whenever it likes, until there is nothing more to come. */
async function follow(
  served: ServedHome,
  random: () => number,
  counts: { connections: number; behind: number },
  isOver: () => boolean,
): Promise<Event[]> {
  const seen: Event[] = [];
  let last = "-1";
  for (;;) {
    const answer = await served.fetch("/v1/events", { headers: { "last-event-id": last } }).catch(() => undefined);
    if (!answer?.ok) continue;
    counts.connections += 1;
    const reader = readEvents(answer.body);
    for (let left = Math.floor(random() * 40); left > 0; left -= 1) {
      // A server that ends may cut a connection off: what came of a block by then does not count.
      const block = await reader.next().catch(() => undefined);
      if (!block) break;
      if (block.event === "behind") counts.behind += 1;
      if (block.data && !block.event) seen.push(JSON.parse(block.data) as Event);
      last = block.id ?? last;
      if (isOver() && seen.at(-1)?.seq === [...served.home.host.replay({})].at(-1)?.seq) {
        await reader.leave();
        return seen;
      }
    }
    await reader.leave().catch(() => undefined);
  }
}

test("a reader that wants few of many events waits for none that has happened already", async () => {
  await using home = await makeHost();
  using feed = new EventFeed(home.host, 1024);
  using reader = new EventReader({ feed, from: home.host.committed, pattern: "task.added" });
  await Promise.all(Array.from({ length: 600 }, (_, n) => home.own("memory.capture", { text: `note ${n}` })));
  await home.own("task.add", { title: "Call Ben" });
  const names: string[] = [];
  // It would wait for ever.
  for (let read = 0; names.length === 0 && read < 10; read += 1) {
    const { events } = await reader.read(2 ** 31 - 1);
    names.push(...events.map(({ name }) => name));
  }
  expect(names).toEqual(["task.added"]);
});

test("a reader that begins without a place gets what happens from then on, and a place to resume from", async () => {
  await using served = await serveHome();
  await capture(served, "before");
  const answer = await served.fetch("/v1/events");
  expect([answer.status, answer.headers.get("content-type")]).toEqual([200, "text/event-stream; charset=utf-8"]);
  const reader = readEvents(answer.body);
  const ready = await reader.next();
  const last = [...served.home.host.replay({})].at(-1)?.seq;
  expect(ready).toMatchObject({ event: "ready", id: String(served.home.host.committed - 1), retry: "1000" });
  await reader.leave();
  await capture(served, "meanwhile");
  const resumed = readEvents((await served.fetch(`/v1/events?after=${ready?.id}`)).body);
  const next = await resumed.event();
  expect([next.name, next.seq > (last ?? 0)]).toEqual(["memory.captured", true]);
  expect(next).toEqual([...served.home.host.replay({})].at(-1));
  await resumed.leave();
});

test("a place that is none, or that lies in the future, is refused", async () => {
  await using served = await serveHome();
  const places = ["x", "-2", "1.5", "1e3", "", " 1", "9".repeat(20), "1000000", String(served.home.host.committed)];
  for (const place of places) {
    const answer = await served.fetch(`/v1/events?after=${encodeURIComponent(place)}`);
    expect([place, answer.status]).toEqual([place, 400]);
  }
  for (const query of ["after=1&after=2", "since=1", "after=1&more=2"]) {
    expect([query, (await served.fetch(`/v1/events?${query}`)).status]).toEqual([query, 400]);
  }
  expect((await served.fetch("/v1/events", { headers: { "last-event-id": "x" } })).status).toBe(400);
  expect((await served.fetch("/v1/events", { method: "HEAD" })).status).toBe(405);
  expect(await readersOf(served)).toBe(0);
});

test("B3 a reader too slow to keep up is told so and ended, costs no more memory, and resumes without a loss", async () => {
  await using served = await serveHome({ limits: { eventsKept: 4 } });
  const { home } = served;
  const answer = await served.fetch("/v1/events");
  const reader = readEvents(answer.body);
  await reader.next();
  const from = home.host.committed;
  const big = "x".repeat(2 ** 18);
  // Announced as the kernel does it, and too big for the buffers of a connection that nobody reads.
  for (let n = 0; n < 200; n += 1) {
    const event = { seq: from + n, name: "test.big", at: "", command: "", principal: "owner", subjects: [], ref: big };
    home.host.bus.publish(event);
    await new Promise((resolve) => setImmediate(resolve));
  }
  const got: number[] = [];
  let end: Awaited<ReturnType<typeof reader.next>>;
  for (let block = await reader.next(); block; block = await reader.next()) {
    if (block.event) end = block;
    else if (block.data) got.push((JSON.parse(block.data) as Event).seq);
  }
  expect(got).toEqual(got.map((_, n) => from + n));
  expect(got.length).toBeLessThan(200);
  expect(end).toMatchObject({ event: "behind", data: JSON.stringify({ after: from + got.length - 1 }) });
  await expect.poll(() => readersOf(served)).toBe(0);
});

test("a reader that takes in nothing at all is hung up on, and one that goes away is forgotten", async () => {
  await using served = await serveHome({ limits: { eventsKept: 4, stalledReaderMs: 1_000, heartbeatMs: 20 } });
  const { home } = served;
  const stuck = await served.fetch("/v1/events");
  await expect.poll(() => readersOf(served)).toBe(1);
  const publish = (n: number) =>
    home.host.bus.publish({
      ...{ seq: home.host.committed + n, name: "test.big", at: "", command: "", principal: "owner", subjects: [] },
      ref: "x".repeat(2 ** 22),
    });
  for (let n = 0; n < 5; n += 1) {
    publish(n);
    await new Promise((resolve) => setImmediate(resolve));
  }
  await expect.poll(() => readersOf(served)).toBe(0);
  await stuck.body?.cancel().catch(() => undefined);
  const idle = await served.fetch("/v1/events");
  const reader = readEvents(idle.body);
  for (const until = performance.now() + 1_500; performance.now() < until; ) await reader.next();
  expect(await readersOf(served)).toBe(1);
  await reader.leave();
  await expect.poll(() => readersOf(served)).toBe(0);
});

test("there are only so many readers at once", async () => {
  await using served = await serveHome({ limits: { readersMax: 2 } });
  const open = [await served.fetch("/v1/events"), await served.fetch("/v1/events")];
  expect((await served.fetch("/v1/events")).status).toBe(503);
  await open[0]?.body?.cancel();
  await expect.poll(() => readersOf(served)).toBe(1);
  const again = await served.fetch("/v1/events");
  expect(again.status).toBe(200);
  await Promise.all([again, open[1]].map((answer) => answer?.body?.cancel()));
});

test("an event is told once it is in the journal, and a reader that waits is told at once", async () => {
  await using served = await serveHome();
  const reader = readEvents((await served.fetch("/v1/events")).body);
  await reader.next();
  const outcome = await served.post("/v1/command", { skill: "memory.capture", args: { text: "Met Sarah" } });
  const { id } = (await outcome.json()) as { id: string };
  const event = await reader.event();
  expect(event).toMatchObject({ name: "memory.captured", command: id, principal: "owner" });
  expect([...served.home.host.replay({ from: event.seq, to: event.seq + 1 })]).toEqual([event]);
  expect(event.seq).toBeLessThan(served.home.host.committed);
  await reader.leave();
});

test("B3 events from any place of a journal of many days are the same as the last of all of them", async () => {
  await using served = await serveHome();
  const { home } = served;
  for (let n = 0; n < 12; n += 1) {
    await capture(served, `note ${n}`);
    if (n % 3 === 2) home.clock.forward(24 * 3_600_000);
  }
  const all = [...home.host.replay({})];
  expect(new Set(all.map(({ at }) => at.slice(0, 10))).size).toBe(4);
  for (let from = 0; from <= home.host.committed; from += 1) {
    expect([...home.host.replay({ from })]).toEqual(all.filter(({ seq }) => seq >= from));
  }
});

test("every end of a command is one event, live as in the past, and names what it is about", async () => {
  await using served = await serveHome();
  const { home } = served;
  const live: Event[] = [];
  const from = home.host.committed;
  using _subscription = home.host.bus.subscribe("**", (event) => live.push(event));
  const helper = agent("helper");
  const { id: memory } = await home.own("memory.capture", { text: "Tea with Sarah" });
  await home.own("grant.give", { principal: helper, skill: "outbox.append" });
  const asked = [
    await home.act(helper, "outbox.append", { text: "one" }),
    await home.act(helper, "outbox.append", { text: "two" }),
  ];
  const [first, second] = asked.map(({ id }) => id) as [string, string];
  const { hash } = await home.own("approval.show", { id: first });
  await home.approve(first, hash);
  await home.own("approval.deny", { id: second });
  await home.act(helper, "memory.forget", { id: memory });
  const failed = await home.act(owner, "memory.edit", { id: home.host.newId(), text: "x" });
  await home.own("kernel.stop", {});
  const stopped = await home.act(helper, "outbox.append", { text: "three" });
  await home.own("kernel.resume", {});
  const named = (id: string) => live.filter(({ command }) => command === id).map(({ name }) => name);
  expect([first, second, failed.id, stopped.id].map(named)).toEqual([
    ["approval.asked", "outbox.appended"],
    ["approval.asked"],
    ["command.failed"],
    ["command.denied"],
  ]);
  const about = (name: string) => live.filter((event) => event.name === name).map(({ subjects }) => subjects);
  expect(["memory.captured", "approval.asked", "approval.approved", "approval.refused"].map(about)).toEqual([
    [[`memory:${memory}`]],
    [[`approval:${first}`], [`approval:${second}`]],
    [[`approval:${first}`]],
    [[`approval:${second}`]],
  ]);
  const once = live.map(({ command, name, ref }) => `${command} ${name} ${ref}`);
  expect(new Set(once).size).toBe(once.length);
  expect([...home.host.replay({ from })]).toEqual(live);
  await home.close();
  fs.rmSync(home.file("memory/index"), { recursive: true });
  await home.reopen();
  expect([...home.host.replay({ from })].slice(0, live.length)).toEqual(live);
});

test("a run that a crash cut off is announced as interrupted once, at the next opening", async () => {
  const work = slowWork();
  await using home = await makeHost({ skills: [work.skill] });
  const id = home.host.newId();
  const run = home.host.begin({ id, principal: owner, skill: "slow.work", args: { name: "dishes" } });
  await work.began("dishes");
  // What a crash leaves is what stands on the disk now.
  const root = path.join(path.dirname(home.root), "crashed");
  fs.cpSync(home.root, root, { recursive: true, filter: (name) => !name.endsWith("mh.sock") });
  // With its keys: a copy that shares them is refused.
  const environment = { HOME: path.join(path.dirname(home.root), "person") };
  fs.cpSync(path.join(`${home.environment.HOME}`, ".config"), path.join(environment.HOME, ".config"), {
    recursive: true,
  });
  await using crashed = await makeHost({ root, environment, skills: [slowWork().skill] });
  const endings = () => [...crashed.host.replay({})].filter(({ command }) => command === id).map(({ name }) => name);
  expect(endings()).toEqual(["command.interrupted"]);
  await crashed.reopen();
  expect(endings()).toEqual(["command.interrupted"]);
  work.finish("dishes");
  await run.outcome;
});

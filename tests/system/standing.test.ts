import * as fs from "node:fs";
import { agent, owner } from "@mh/contract/values/principal.ts";
import type { Outcome } from "@mh/contract/wire/command.ts";
import { makeHost, type TestHost } from "@mh/testing";
import { expect, test } from "vitest";
import { type Endpoint, endpoint } from "../endpoint.ts";
import { calendarOf, eventOf } from "../support/calendars.ts";
import { schedulerByHand } from "../support/scheduler-by-hand.ts";

const now = "2026-03-02T09:30:00Z";

/** A home with a channel, and a daemon that looks when the test says so. */
async function standingHome(server: Endpoint, more: object = {}) {
  const home = await makeHost();
  home.clock.set(now);
  await settings(home, server, more);
  const troubles: unknown[] = [];
  return {
    home,
    troubles,
    ...schedulerByHand(home, { onRun: () => undefined, onTrouble: (why) => void troubles.push(why) }),
  };
}

const settings = (home: TestHost, server: Pick<Endpoint, "url">, more: object = {}) =>
  home.own("config.write", {
    text: JSON.stringify({
      ...{ owner: "Ada", timeZone: "Europe/Berlin", notify: { ntfy: { url: server.url, topic: "ada" } } },
      ...more,
    }),
  });

const told = ({ received }: Endpoint) =>
  received.map(({ body }) => {
    const { title, message } = JSON.parse(body.toString("utf8")) as { title: string; message: string };
    return `${title} | ${message}`;
  });
const add = (home: TestHost, text: string) => home.own("standing.add", { text });
const list = async (home: TestHost) => (await home.own("standing.list", {})).standing;
const code = (outcome: Outcome) => (outcome.status === "failed" ? outcome.fault.code : outcome.status);

test("a sentence is read by rules, kept in the owner's words, shown as it was read, and undone", async () => {
  await using home = await makeHost();
  home.clock.set(now);
  await home.own("config.write", { text: "owner: Ada\ntimeZone: Europe/Berlin\n" });
  const said = {
    "when Sarah writes, remind me of the cost sheet": { type: "mail", who: "Sarah" },
    "remind me to sign it when I get mail from @acme.example about the offer": {
      ...{ type: "mail", who: "@acme.example", about: "the offer" },
    },
    "30 minutes before I meet Tom, remind me of his birthday": { type: "event", who: "Tom", minutes: 30 },
    "when the task Buy milk is done, remind me to bake": { type: "task", title: "Buy milk" },
    "whenever I note the garden, add a task: order soil": { type: "memory", about: "the garden" },
    "every friday at 16:00 remind me to water the plants": { type: "times", cron: "0 16 * * 5" },
    "tomorrow at 9:00 remind me to call Eve": { type: "time", at: "2026-03-03T09:00" },
    "remind me to call Tom tomorrow": { type: "time", at: "2026-03-03T09:00" },
    "Tomorrow, remind me to call Ida": { type: "time", at: "2026-03-03T09:00" },
    "Wenn Sarah schreibt, erinnere mich an die Kosten": { type: "mail", who: "Sarah" },
  };
  for (const [text, condition] of Object.entries(said))
    expect([text, (await add(home, text)).condition]).toEqual([text, condition]);
  const all = await list(home);
  expect(all.map(({ status }) => status)).toEqual(Array(10).fill("on"));
  const memory = await home.own("memory.show", { id: all[0]?.id ?? "" });
  expect(memory.memory).toMatchObject({ kind: "procedural", origins: ["owner"], tags: ["standing-intent"] });
  await home.own("history.undo", {});
  expect((await list(home)).length).toBe(9);
  for (const text of [
    "when the moon is blue, remind me of it",
    "remind me of milk",
    "when Sarah writes",
    "when Sarah writes, sing",
    ...["Friday", "5pm", "noon", "tomorrow"].map((time) => `Remind me to pay the rent before ${time}`),
    "today, remind me to call Eve",
    "this week, remind me to call Eve",
    "today at 9:00, remind me to call Eve",
  ]) {
    const outcome = await home.act(owner, "standing.add", { text });
    expect([text, code(outcome)]).toEqual([text, "standing.unclear"]);
  }
  expect(code(await home.act(owner, "standing.add", { text: "When Sarah writes remind me of the cost sheet." }))).toBe(
    "standing.known",
  );
});

test("what the owner notes, finishes, meets and the clock bring match once each, and ring on the owner's channel", async () => {
  await using server = await endpoint();
  await using daemon = await standingHome(server, { calendar: { sources: [{ name: "work", file: "work.ics" }] } });
  const { home } = daemon;
  await home.own("memory.capture", { text: "The garden needs soil" });
  home.clock.forward(1);
  await add(home, "when I note the garden, remind me of the soil");
  await add(home, "when the task milk is done, remind me to bake");
  await add(home, "30 minutes before I meet Tom, remind me of his birthday");
  await add(home, "every monday at 16:00 remind me to go for a walk");
  await add(home, "today at 11:00, remind me to call Eve");
  await add(home, "whenever I note the garden, add a task: order soil");
  await daemon.look();
  expect(told(server)).toEqual([]);
  const { id } = await home.own("task.add", { title: "Buy milk" });
  await home.own("memory.capture", { text: "Sarah likes the garden" });
  await home.own("memory.capture", { text: "Gardens are green" });
  await home.own("task.finish", { id });
  const event = (uid: string, title: string, start: string) =>
    eventOf(`UID:${uid}`, `SUMMARY:${title}`, `DTSTART:${start}`);
  fs.writeFileSync(
    home.file("work.ics"),
    calendarOf(
      ...event("a", "Lunch with Tom", "20260302T102500Z"),
      ...event("b", "Lunch with Tomas", "20260302T102500Z"),
    ),
  );
  await home.own("calendar.keep", {});
  await daemon.look("2026-03-02T09:31:00Z");
  const early = ["Remember: the soil | You noted something about the garden.", "Remember: bake | milk is done."];
  const bake = early.map((each) => each.replace("bake", "to bake"));
  expect(told(server).sort()).toEqual(bake.sort());
  const { tasks } = await home.own("task.list", {});
  expect(tasks.map(({ title, origins }) => [title, origins])).toEqual([["order soil", ["owner"]]]);
  for (const at of ["2026-03-02T09:56:00Z", "2026-03-02T10:00:30Z", "2026-03-02T15:00:20Z", "2026-03-02T15:10:00Z"])
    await daemon.look(at);
  expect(told(server).slice(2)).toEqual([
    "Remember: his birthday | An event with Tom begins soon.",
    "Remember: to call Eve | Its time came.",
    "Remember: to go for a walk | Its time came.",
  ]);
  const all = await list(home);
  expect(all.map(({ status, matches, last }) => [status, matches, last?.told])).toEqual([
    ["on", 1, "sent"],
    ["on", 1, "sent"],
    ["on", 1, "sent"],
    ["on", 1, "sent"],
    ["over", 1, "sent"],
    ["on", 1, "task"],
  ]);
  // Nothing twice: not by another look, and not by another process.
  await daemon.reopen();
  await daemon.look("2026-03-02T15:20:00Z");
  await home.own("standing.look", {});
  expect(told(server).length).toBe(5);
  expect(daemon.troubles).toEqual([]);
});

test("what came while nothing ran, and what could not be told, is told later, once", async () => {
  await using server = await endpoint();
  await using daemon = await standingHome(server);
  const { home } = daemon;
  await settings(home, { url: "http://127.0.0.1:9" });
  await add(home, "when I note the garden, remind me of the soil");
  await home.own("memory.capture", { text: "The garden is dry" });
  await daemon.reopen();
  await daemon.look("2026-03-02T09:31:00Z");
  const [failed] = await list(home);
  expect(failed).toMatchObject({ matches: 1, last: { told: "failed" } });
  await settings(home, server);
  await daemon.look("2026-03-02T09:32:00Z");
  expect(told(server)).toEqual([]);
  await daemon.look("2026-03-02T09:37:00Z");
  await daemon.look("2026-03-02T09:45:00Z");
  expect(told(server)).toEqual(["Remember: the soil | You noted something about the garden."]);
  expect((await list(home))[0]).toMatchObject({ matches: 1, last: { told: "sent" } });
});

test("what cannot be told for hours is told once a channel is there again, however often was looked", async () => {
  await using server = await endpoint();
  await using daemon = await standingHome(server);
  const { home } = daemon;
  await settings(home, { url: "http://127.0.0.1:9" });
  await add(home, "when I note the garden, remind me of the soil");
  await home.own("memory.capture", { text: "The garden is dry" });
  for (let n = 0; n < 8; n += 1) expect((await home.own("standing.look", {})).failed.length).toBe(n === 0 ? 1 : 0);
  for (let minute = 40; minute < 60; minute += 5) await daemon.look(`2026-03-02T09:${minute}:00Z`);
  for (let hour = 10; hour < 19; hour += 1) await daemon.look(`2026-03-02T${hour}:00:00Z`);
  await settings(home, server);
  for (let hour = 19; hour < 24; hour += 1) await daemon.look(`2026-03-02T${hour}:00:00Z`);
  await daemon.look("2026-03-03T08:00:00Z");
  expect(told(server)).toEqual(["Remember: the soil | You noted something about the garden."]);
});

test("one whose only time was changed by hand after it rang rings again", async () => {
  await using server = await endpoint();
  await using daemon = await standingHome(server);
  const { home } = daemon;
  const { path, id } = await add(home, "today at 11:00, remind me to call Eve");
  await daemon.look("2026-03-02T10:00:30Z");
  expect((await list(home)).map(({ status }) => status)).toEqual(["over"]);
  const text = fs.readFileSync(home.file(path), "utf8");
  fs.writeFileSync(home.file(path), text.replace("T11:00", "T12:00"));
  await home.host.takeHandEdits();
  await home.own("standing.resume", { id });
  expect((await list(home)).map(({ status }) => status)).toEqual(["on"]);
  await daemon.look("2026-03-02T11:00:30Z");
  expect(told(server).length).toBe(2);
  expect((await list(home)).map(({ status, matches }) => [status, matches])).toEqual([["over", 2]]);
});

test("R-14 after a clock that was a year ahead is put right, times ring as they come, and once each", async () => {
  await using server = await endpoint();
  await using daemon = await standingHome(server);
  const { home } = daemon;
  const [hour, year] = [3_600_000, 365 * 24 * 3_600_000];
  await add(home, "every day at 12:00, remind me to water the plants");
  const matches = async () => {
    await home.own("standing.look", {});
    return (await list(home)).map(({ matches }) => matches);
  };
  expect(await matches()).toEqual([0]);
  home.clock.jump(year);
  home.clock.forward(2 * hour);
  expect(await matches()).toEqual([1]);
  home.clock.jump(-year);
  expect(await matches()).toEqual([2]);
  expect(await matches()).toEqual([2]);
  home.clock.forward(24 * hour);
  expect(await matches()).toEqual([3]);
  expect(await matches()).toEqual([3]);
});

test("R-14 what was stated by a clock that was a year ahead rings as soon as the clock is put right", async () => {
  await using server = await endpoint();
  await using daemon = await standingHome(server);
  const { home } = daemon;
  const [day, year] = [24 * 3_600_000, 365 * 24 * 3_600_000];
  home.clock.jump(year);
  await add(home, "every day at 12:00, remind me to water the plants");
  home.clock.jump(-year);
  const matches = async () => {
    await home.own("standing.look", {});
    return (await list(home)).map(({ matches }) => matches);
  };
  const [first = 0] = await matches();
  home.clock.forward(day);
  expect(await matches()).toEqual([first + 1]);
  home.clock.forward(day);
  expect(await matches()).toEqual([first + 2]);
});

test("one that is paused, removed or taken back matches nothing", async () => {
  await using server = await endpoint();
  await using daemon = await standingHome(server);
  const { home } = daemon;
  const { id } = await add(home, "when I note the garden, remind me of the soil");
  await home.own("standing.pause", { id });
  await home.own("memory.capture", { text: "The garden is dry" });
  await daemon.look("2026-03-02T09:31:00Z");
  expect((await list(home))[0]).toMatchObject({ status: "paused", matches: 0 });
  expect(code(await home.act(owner, "standing.pause", { id }))).toBe("memory.unchanged");
  await home.own("standing.resume", { id });
  await home.own("standing.remove", { id });
  await home.own("memory.capture", { text: "The garden is wet" });
  await daemon.look("2026-03-02T09:41:00Z");
  expect([await list(home), told(server)]).toEqual([[], []]);
  const { done } = await home.own("history.list", {});
  await home.own("history.undo", { id: done.find(({ skill }) => skill === "standing.remove")?.id ?? "" });
  expect((await list(home))[0]).toMatchObject({ id, status: "on" });
});

test("what came while one was paused, or before it was given, does not ring after it goes on", async () => {
  await using server = await endpoint();
  await using daemon = await standingHome(server);
  const { home } = daemon;
  const texts = [
    "when I note the garden, remind me of the soil",
    "when the task milk is done, remind me to bake",
    "every monday at 11:00 remind me to go for a walk",
    "today at 11:15, remind me to call Eve",
  ];
  for (const text of texts) await add(home, text);
  const finish = async () => home.own("task.finish", { id: (await home.own("task.add", { title: "Buy milk" })).id });
  for (const { id } of await list(home)) await home.own("standing.pause", { id });
  home.clock.forward(1);
  await home.own("memory.capture", { text: "The garden is dry" });
  await finish();
  await daemon.look("2026-03-02T10:30:00Z");
  for (const { id } of await list(home)) await home.own("standing.resume", { id });
  await daemon.look("2026-03-02T10:31:00Z");
  await daemon.reopen();
  await daemon.look("2026-03-02T10:41:00Z");
  expect(told(server)).toEqual([]);
  expect((await list(home)).map(({ status, matches }) => [status, matches])).toEqual([
    ["on", 0],
    ["on", 0],
    ["on", 0],
    ["over", 0],
  ]);
  await home.own("memory.capture", { text: "The garden is wet" });
  await finish();
  home.clock.forward(1);
  await add(home, "when the task milk is done, remind me to sleep");
  await daemon.look("2026-03-02T10:51:00Z");
  await daemon.look("2026-03-09T10:00:30Z");
  expect(told(server)).toEqual([
    "Remember: the soil | You noted something about the garden.",
    "Remember: to bake | milk is done.",
    "Remember: to go for a walk | Its time came.",
  ]);
});

test("P9 no agent, no file and no text from outside makes a standing intent that does anything", async () => {
  await using server = await endpoint();
  await using daemon = await standingHome(server);
  const { home } = daemon;
  const helper = agent("helper");
  const text = "When I note the garden, remind me to pay Eve.";
  expect((await home.act(helper, "standing.add", { text })).status).toBe("denied");
  await home.own("grant.give", { principal: helper, skill: "standing.add" });
  expect(code(await home.act(helper, "standing.add", { text }))).toBe("args.invalid");
  for (const skill of ["memory.learn", "standing.look", "standing.match"])
    await home.own("grant.give", { principal: helper, skill });
  await home.own("trust.set", { principal: helper, level: "bounded_auto" });
  const learned = await home.act(helper, "memory.learn", { title: "x", text, tags: ["standing-intent"] });
  expect(learned.status).toBe("done");
  fs.mkdirSync(home.file("memory/procedural"), { recursive: true });
  fs.writeFileSync(
    home.file("memory/procedural/by-hand.md"),
    `---\ntags: [standing-intent]\nby: [owner]\n---\n\n${text}\n`,
  );
  await home.host.takeHandEdits();
  const args = { until: 0, mail: [], memories: [], tasks: [], mails: [] };
  expect(code(await home.act(helper, "standing.look", {}))).toBe("args.invalid");
  expect(code(await home.act(helper, "standing.match", args))).toBe("skill.step");
  expect(code(await home.act(owner, "standing.match", args))).toBe("skill.step");
  await home.own("memory.capture", { text: "The garden is dry" });
  await daemon.look("2026-03-02T09:31:00Z");
  await home.own("standing.look", {});
  expect((await list(home)).map(({ status, matches }) => [status, matches])).toEqual([
    ["waits", 0],
    ["waits", 0],
  ]);
  expect(told(server)).toEqual([]);
  // One that the owner took as it stands counts.
  const byHand = (await list(home)).find(({ path }) => path.endsWith("by-hand.md"));
  await home.own("standing.resume", { id: byHand?.id ?? "" });
  await home.own("memory.capture", { text: "The garden is wet" });
  await daemon.look("2026-03-02T09:41:00Z");
  expect(told(server)).toEqual(["Remember: to pay Eve | You noted something about the garden."]);
});

test("what others write is no note of the owner's, however it names what is waited for", async () => {
  await using server = await endpoint();
  await using daemon = await standingHome(server);
  const { home } = daemon;
  await add(home, "when I note the garden, remind me of the soil");
  const helper = agent("helper");
  await home.own("grant.give", { principal: helper, skill: "memory.capture" });
  await home.own("trust.set", { principal: helper, level: "bounded_auto" });
  expect((await home.act(helper, "memory.capture", { text: "The garden" })).status).toBe("done");
  await home.own("memory.capture", { text: "The garden, she said", speaker: "Eve" });
  await home.own("memory.import", { source: "s", from: "f", items: [{ externalId: "1", content: "The garden" }] });
  await daemon.look("2026-03-02T09:31:00Z");
  expect(told(server)).toEqual([]);
});

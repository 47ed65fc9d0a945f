import * as fs from "node:fs";
import { agent, owner } from "@mh/contract/values/principal.ts";
import { inspect } from "@mh/host/audit/inspect.ts";
import { makeHost, type TestHost } from "@mh/testing";
import { expect, test } from "vitest";

const mail = agent("mail");
const day = 24 * 3_600_000;

const objects = (home: TestHost): string[] => fs.readdirSync(home.file("logs/objects"));

const holding = (home: TestHost, text: string): string[] =>
  objects(home).filter((name) => fs.readFileSync(home.file(`logs/objects/${name}`), "utf8").includes(text));

async function ask(home: TestHost, text: string): Promise<{ id: string; hash: string }> {
  const { id } = await home.act(mail, "outbox.append", { text, effect: "send", risk: "low", scope: {} });
  return { id, hash: (await home.own("approval.show", { id })).hash };
}

const discard = async (home: TestHost) => (await home.own("object.discard", {})).discarded;

test("payloads go 90 days after their approval request was answered or lapsed, by name, and no sooner", async () => {
  await using home = await makeHost();
  await home.own("grant.give", { principal: mail, skill: "outbox.append" });
  const answered = await ask(home, "answered with yes");
  await home.approve(answered.id, answered.hash);
  await home.own("approval.deny", { id: (await ask(home, "answered with no")).id });
  await ask(home, "never answered");
  home.clock.forward(90 * day);
  const before = holding(home, "answered");
  // What was asked three times, and what the one that ran gave.
  expect(before).toHaveLength(4);
  expect(await discard(home)).toBe(0);
  home.clock.forward(1);
  const open = await ask(home, "still open");
  // The payloads of those three, and what the grant gave: an answer is read back from what it answered.
  expect(await discard(home)).toBe(4);
  expect(holding(home, "never answered")).toHaveLength(1);
  home.clock.forward(day - 2);
  const fresh = await ask(home, "fresh");
  home.clock.forward(2);
  expect(await discard(home)).toBe(1);
  expect(holding(home, "answered")).toEqual([]);
  expect(await discard(home)).toBe(0);
  expect(objects(home)).toEqual(expect.arrayContaining([open.hash, fresh.hash]));
  expect(await home.own("approval.show", { id: answered.id })).toMatchObject({ command: null });
  await home.approve(fresh.id, fresh.hash);
  await home.reopen();
  const records = [...inspect(home.root, home.environment).records()].filter(({ phase }) => phase === "archive");
  const gone = records.flatMap(({ objects = [] }) => objects);
  expect(gone).toEqual(expect.arrayContaining(before));
  expect(new Set(gone).size).toBe(5);
  expect(home.outbox()).toEqual(["answered with yes", "fresh"]);
});

test("what stood in a file before goes when it is old and another change has taken its place; undoing finds all it needs", async () => {
  await using home = await makeHost();
  const write = (text: string) => home.own("file.write", { path: "a.txt", text });
  for (const text of ["first text", "second text"]) await write(text);
  home.clock.forward(91 * day);
  expect(await discard(home)).toBe(0);
  await write("third text");
  expect(await discard(home)).toBe(1);
  expect([holding(home, "first text"), holding(home, "second text")].map(({ length }) => length)).toEqual([0, 1]);
  await home.own("history.undo", {});
  expect(await home.own("file.read", { path: "a.txt" })).toMatchObject({ text: "second text" });
});

test("the same bytes stay while anything newer names them", async () => {
  await using home = await makeHost();
  const write = (text: string) => home.own("file.write", { path: "a.txt", text });
  for (const text of ["one and the same", "between"]) await write(text);
  home.clock.forward(100 * day);
  for (const text of ["one and the same", "after"]) await write(text);
  expect(holding(home, "one and the same")).toHaveLength(1);
  expect(await discard(home)).toBe(0);
  await home.own("history.undo", {});
  expect(await home.own("file.read", { path: "a.txt" })).toMatchObject({ text: "one and the same" });
});

test("the daemon sees to it once a day, where there is anything to delete, and nobody else does", async () => {
  await using home = await makeHost();
  const done: string[] = [];
  using _hear = home.host.bus.subscribe("object.discarded", ({ principal }) => void done.push(principal));
  await using scheduler = home.host.schedule({ onRun: () => undefined, onTrouble: () => undefined });
  const look = async () => {
    await scheduler.tick();
    await scheduler.settled();
  };
  await look();
  expect(done).toEqual([]);
  await home.own("grant.give", { principal: mail, skill: "outbox.append" });
  await ask(home, "one");
  home.clock.forward(92 * day);
  await look();
  await look();
  expect(done).toEqual(["owner/daemon"]);
  await home.own("grant.give", { principal: mail, skill: "object.discard" });
  expect((await home.act(mail, "object.discard")).status).toBe("denied");
  expect((await home.act(owner, "object.discard")).status).toBe("done");
});

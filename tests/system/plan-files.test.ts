import * as fs from "node:fs";
import { agent, owner } from "@mh/contract/values/principal.ts";
import { makeHost, type TestHost } from "@mh/testing";
import { expect, test } from "vitest";
import { makePlace } from "../support/make-place.ts";

const reader = agent("reader");
const task = { id: "0199c1a2-0000-7000-8000-000000000001", words: "Tell them what I wrote down" };
const skills = ["disk.list", "disk.read", "disk.write", "outbox.append", "plan.propose"];
const makeDesk = (): Promise<TestHost> => makeHost({ declared: new Map([[reader, skills]]) });

const planOf = (path: string) => ({
  title: "Send the note",
  sources: { note: { skill: "disk.read", args: { path } } },
  steps: [{ skill: "outbox.append", args: { effect: "send" }, slots: { text: { from: "note", field: "text" } } }],
});
const give = (home: TestHost, path: string) =>
  home.own("grant.plan", { principal: reader, task: task.id, ...planOf(path) });
const read = async (home: TestHost, path: string) => (await home.act(reader, "disk.read", { path }, { task })).status;
const send = async (home: TestHost, text: string) =>
  (await home.act(reader, "outbox.append", { text, effect: "send" }, { task })).status;

test("K16 a named file is a source of a plan: it is read and sent with no further request, and nothing else is", async () => {
  await using home = await makeDesk();
  using place = makePlace();
  fs.writeFileSync(place.at("note"), "We meet at four");
  fs.writeFileSync(place.at("other"), "secret");
  await give(home, place.at("note"));
  expect(await send(home, "We meet at four")).toBe("parked");
  expect(await read(home, place.at("note"))).toBe("done");
  expect(await send(home, "We meet at five")).toBe("parked");
  expect(await send(home, "We meet at four")).toBe("done");
  expect(await read(home, place.at("other"))).toBe("parked");
});

test("K16 a plan holds what a file said when it was approved: read before, changed since, it asks", async () => {
  await using home = await makeDesk();
  using place = makePlace();
  const path = place.at("note");
  fs.writeFileSync(path, "We meet at four");
  const granted = await home.act(reader, "disk.read", { path }, { task });
  await home.approve(granted.id, (await home.own("approval.show", { id: granted.id })).hash);
  const asked = await home.act(reader, "plan.propose", planOf(path), { task });
  const shown = await home.own("approval.show", { id: asked.id });
  expect(shown.card?.screen.join(" ").replaceAll(/\s+/g, " ")).toContain("We meet at four");
  expect((await home.approve(asked.id, shown.hash)).status).toBe("done");
  fs.writeFileSync(path, "Pay everything to Eve");
  expect(await read(home, path)).toBe("done");
  expect(await send(home, "Pay everything to Eve")).toBe("parked");
});

test("K16 a file that the agent wrote itself, under no plan, fills no slot", async () => {
  await using home = await makeDesk();
  using place = makePlace();
  const path = place.at("note");
  await give(home, path);
  const asked = await home.act(reader, "disk.write", { path, text: "Pay everything to Eve" }, { task });
  await home.approve(asked.id, (await home.own("approval.show", { id: asked.id })).hash);
  expect(fs.readFileSync(path, "utf8")).toBe("Pay everything to Eve");
  expect(await read(home, path)).toBe("done");
  expect(await send(home, "Pay everything to Eve")).toBe("parked");
});

test("K16 what only looks leaves nothing: its card says so, and another source is read after it", async () => {
  await using home = await makeDesk();
  using place = makePlace();
  fs.writeFileSync(place.at("note"), "We meet at four");
  const steps = [{ skill: "disk.read", args: { path: place.at("note") } }];
  const wanted = { principal: reader, task: task.id, title: "Look", steps };
  const { screen } = await home.own("plan.preview", wanted);
  expect(screen).toContain("CANNOT BE UNDONE  nothing");
  expect(screen).toContain("leaves your home  nothing");
  const listed = await home.act(reader, "disk.list", { path: place.folder }, { task });
  await home.approve(listed.id, (await home.own("approval.show", { id: listed.id })).hash);
  await give(home, place.at("note"));
  const undo = await home.own("history.task", { task: task.id });
  expect(undo.fixed).toEqual([]);
  expect(await read(home, place.at("note"))).toBe("done");
  expect(await send(home, "We meet at four")).toBe("done");
});

test("K16 what writes is no source, whatever it would answer", async () => {
  await using home = await makeDesk();
  const sources = { note: { skill: "disk.write", args: { path: "/srv/a", text: "x" } } };
  const wanted = { principal: reader, task: task.id, ...planOf("/srv/a"), sources };
  expect(await home.act(owner, "grant.plan", wanted)).toMatchObject({
    fault: { message: expect.stringContaining("does more than read") },
  });
});

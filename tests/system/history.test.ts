import * as fs from "node:fs";
import type { MemoryRecord } from "@mh/contract/values/memory.ts";
import { agent, owner } from "@mh/contract/values/principal.ts";
import { makeHost, type TestHost } from "@mh/testing";
import { expect, test } from "vitest";
import { forget } from "../support/forget.ts";

type Listed = { memories: MemoryRecord[] };

test("K4 a capture, an edit, a task, a setting, a persona section and a file come back as they were", async () => {
  await using home = await makeHost();
  const captured = await home.act(owner, "memory.capture", { text: "Tea with Sarah" });
  const { id } = (captured as unknown as { value: { id: string } }).value;
  await home.own("memory.edit", { id, text: "Tea with Tom" });
  await home.own("history.undo");
  expect(await texts(home)).toEqual(["Tea with Sarah"]);
  await home.own("history.redo");
  expect(await texts(home)).toEqual(["Tea with Tom"]);
  await home.own("history.undo");
  await home.own("history.undo", { id: captured.id });
  expect(await home.act(owner, "memory.show", { id })).toMatchObject({ fault: { code: "memory.not-found" } });
  await home.own("task.add", { title: "Call Sarah" });
  await home.own("history.undo");
  expect(fs.readdirSync(home.file("memory/tasks"))).toEqual([]);
  const settings = fs.readFileSync(home.file("config.yaml"), "utf8");
  await home.own("config.set", { name: "rate.commandsPerHour", value: 5 });
  expect(fs.readFileSync(home.file("config.yaml"), "utf8")).toContain("commandsPerHour: 5 # for everyone but you");
  await home.own("history.undo");
  expect(fs.readFileSync(home.file("config.yaml"), "utf8")).toBe(settings);
});

const texts = async (home: TestHost): Promise<string[]> =>
  (await home.own<Listed>("memory.list")).memories.map(({ content }) => content);

test("K4 what was changed again since is not taken back, and nothing is written", async () => {
  await using home = await makeHost();
  const captured = await home.act(owner, "memory.capture", { text: "Tea with Sarah" });
  const { id } = (captured as unknown as { value: { id: string } }).value;
  await home.own("memory.edit", { id, text: "Tea with Tom" });
  const refused = await home.act(owner, "history.undo", { id: captured.id });
  expect(refused).toMatchObject({ status: "failed", fault: { code: "history.stale" } });
  expect(await texts(home)).toEqual(["Tea with Tom"]);
});

test("K4 a file changed by hand is not overwritten by an undo", async () => {
  await using home = await makeHost();
  const { path: file } = await home.own<{ path: string }>("task.add", { title: "Call Sarah" });
  fs.appendFileSync(home.file(file), "\nHer number is new.\n");
  expect(await home.act(owner, "history.undo")).toMatchObject({ fault: { code: "history.stale" } });
  expect(fs.readFileSync(home.file(file), "utf8")).toContain("Her number is new.");
});

test("K4 commands of one invocation are undone together, an agent's only by its name, and nobody else may undo", async () => {
  await using home = await makeHost();
  const task = { id: "import-1", words: "mh import notes" };
  for (const n of [1, 2, 3]) {
    const items = [{ externalId: `${n}`, content: `Note ${n}` }];
    await home.act(owner, "memory.import", { source: "s", from: "f", items }, { task });
  }
  await home.own("grant.give", { principal: agent("scribe"), skill: "memory.capture" });
  await home.own("grant.give", { principal: agent("scribe"), skill: "history.undo" });
  await home.act(agent("scribe"), "memory.capture", { text: "By the scribe" });
  expect((await home.act(agent("scribe"), "history.undo")).status).toBe("denied");
  const undone = await home.own<{ commands: string[] }>("history.undo");
  expect([undone.commands.length, await texts(home)]).toEqual([3, ["By the scribe"]]);
  await home.own("history.undo", { principal: agent("scribe") });
  expect(await texts(home)).toEqual([]);
  await home.own("history.redo");
  expect((await texts(home)).sort()).toEqual(["Note 1", "Note 2", "Note 3"]);
});

test("K4 after something new, the bare redo is closed; the named one still works", async () => {
  await using home = await makeHost();
  const first = await home.act(owner, "memory.capture", { text: "One" });
  await home.own("history.undo");
  await home.own("memory.capture", { text: "Two" });
  expect(await home.act(owner, "history.redo")).toMatchObject({ fault: { code: "history.nothing" } });
  await home.own("history.redo", { id: first.id });
  expect((await texts(home)).sort()).toEqual(["One", "Two"]);
});

test("K4 what cannot be undone says so before the approval, and is refused afterwards", async () => {
  await using home = await makeHost();
  const { id } = await home.own<{ id: string }>("memory.capture", { text: "Tea with Sarah" });
  const parked = await home.act(owner, "memory.forget", { id });
  const shown = await home.own("approval.show", { id: parked.id });
  expect(shown.undo).toBeNull();
  await home.approve(parked.id, shown.hash);
  expect(await home.act(owner, "history.undo", { id: parked.id })).toMatchObject({ fault: { code: "history.stale" } });
  const { done } = await home.own<{ done: { state: string }[] }>("history.list");
  expect(done.map(({ state }) => state)).toEqual(["cannot be undone", "cannot be undone"]);
});

test("K4 undo and redo pass over what was forgotten since: nothing is left of it", async () => {
  await using home = await makeHost();
  await home.own("memory.capture", { text: "One" });
  const captured = await home.act(owner, "memory.capture", { text: "Tea with Sarah" });
  const { id } = captured.status === "done" ? (captured.value as { id: string }) : { id: "" };
  await forget(home, id);
  expect(await home.act(owner, "history.undo", { id: captured.id })).toMatchObject({
    fault: { code: "history.stale" },
  });
  await home.own("history.undo");
  expect(await texts(home)).toEqual([]);
  await home.own("history.redo");
  expect(await texts(home)).toEqual(["One"]);
});

test("K4 after thirty days nothing is undone", async () => {
  await using home = await makeHost();
  await home.own("memory.capture", { text: "Tea with Sarah" });
  home.clock.forward(31 * 24 * 3_600_000);
  expect(await home.act(owner, "history.undo")).toMatchObject({ fault: { code: "history.nothing" } });
});

test("K4 undoing an import lets it be imported again, and its redo then no longer fits", async () => {
  await using home = await makeHost();
  const args = { source: "s", from: "f", items: [{ externalId: "1", content: "Note" }] };
  const first = await home.act(owner, "memory.import", args);
  await home.own("history.undo");
  const again = await home.own<{ results: { status: string }[] }>("memory.import", args);
  expect(again.results.map(({ status }) => status)).toEqual(["added"]);
  expect(await home.act(owner, "history.redo", { id: first.id })).toMatchObject({ fault: { code: "history.stale" } });
});

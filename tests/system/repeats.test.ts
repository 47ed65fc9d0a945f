import { spawnSync } from "node:child_process";
import * as fs from "node:fs";
import * as path from "node:path";
import { owner } from "@mh/contract/values/principal.ts";
import type { Outcome } from "@mh/contract/wire/command.ts";
import { keyFolder } from "@mh/host/places.ts";
import { makeHost, type TestHost } from "@mh/testing";
import { expect, test } from "vitest";
import { doReady, type Ready } from "../support/do-ready.ts";
import { makePlace } from "../support/make-place.ts";
import { makeReadyHome, settings, setUps, unreachable } from "../support/repeatable.ts";

// In CI there is always one (.ci/run).
const hasSandbox = Boolean(process.env.CI) || spawnSync("bwrap", ["--version"]).error === undefined;

interface Done extends Ready {
  id: string;
  skill: string;
  first: Outcome;
}

test("a repeat of every acting skill's command gives the first value or says once: at once, after a restart, without the index", async () => {
  await using home = await makeReadyHome();
  using place = makePlace();
  const acting = home.host.registry.all().filter(({ kind }) => kind !== "query");
  const names = acting.map(({ contract }) => contract.name).sort();
  const known = [...Object.keys(setUps), ...Object.keys(unreachable)].sort();
  expect(known, "every acting skill has a set-up in tests/support/repeatable.ts").toEqual(names);

  const codes = Object.entries(unreachable).map(async ([skill, { args }]) => {
    const outcome = await home.act(owner, skill, args);
    return [skill, outcome.status === "failed" ? outcome.fault.code : outcome.status];
  });
  const expected = Object.entries(unreachable).map(([skill, { code }]) => [skill, code]);
  expect(await Promise.all(codes), "what cannot be done here says why").toEqual(expected);

  await home.own("config.write", { text: `${settings}# to be replaced\n` });
  const done: Done[] = [];
  const ends: [string, string, Outcome][] = [];
  for (const [skill, setUp] of Object.entries(setUps)) {
    if (skill === "shell.run" && !hasSandbox) continue;
    const ready = await setUp(home, place);
    const id = home.host.newId();
    const first = await doReady(home, skill, ready, id);
    ends.push([skill, first.status, first]);
    if (first.status === "done") done.push({ ...ready, id, skill, first });
    await expectRepeated(home, done.slice(-1));
  }
  expect(
    ends.filter(([, status]) => status !== "done"),
    "set-ups that do not work",
  ).toEqual([]);

  await home.reopen();
  await expectRepeated(home, done);
  await home.close();
  fs.rmSync(home.file("memory/index"), { recursive: true });
  await home.reopen();
  await expectRepeated(home, done);
});

async function expectRepeated(home: TestHost, done: readonly Done[]): Promise<void> {
  const journaled = () => home.outbox().length;
  const before = journaled();
  for (const { skill, args, as = owner, task, cause, id, first } of done) {
    const known = home.host.registry.get(skill);
    const again = await home.act(as, skill, args, { id, ...(task && { task }), ...(cause && { cause }) });
    const isOnce =
      known.kind === "outside" ? known.stored !== "kept" : known.kind !== "query" && known.stored === "once";
    const expected = isOnce ? { status: "repeated", id, reason: "once" } : first;
    const { message: _words, ...told } = again as Outcome & { message?: string };
    expect([skill, told]).toEqual([skill, expected]);
  }
  expect(journaled(), "nothing is done a second time").toBe(before);
}

test("the first value of what changes memories is given whatever became of them since", async () => {
  await using home = await makeHost();
  const done: { skill: string; args: unknown; id: string; first: unknown }[] = [];
  const first = async <T>(skill: string, args: unknown): Promise<T> => {
    const id = home.host.newId();
    const outcome = await home.act(owner, skill, args, { id });
    expect([skill, outcome.status, outcome]).toEqual([skill, "done", outcome]);
    done.push({ skill, args, id, first: outcome });
    return (outcome as { value: T }).value;
  };
  const memory = await first<{ id: string }>("memory.capture", { text: "Tea with Sarah tomorrow #tea" });
  await first("memory.capture", { text: "Tea with Sarah tomorrow #tea" });
  await first("memory.edit", { id: memory.id, text: "Coffee with Tom" });
  await first("memory.edit", { id: memory.id, text: "Cake with Sarah" });
  const stated = { subject: "Sarah", predicate: "works-at", object: "Acme" };
  const fact = await first<{ id: string }>("fact.add", stated);
  await first("fact.add", stated);
  await first("fact.add", { ...stated, object: "Lindau" });
  await first("fact.review", { id: fact.id, status: "confirmed" });
  await first("fact.review", { id: fact.id, status: "revoked" });
  await first("relationship.relate", { a: "Sarah", b: "Tom", type: "knows" });
  const items = [{ externalId: "1", content: "The same", at: "2026-01-01T00:00:00Z" }];
  await first("memory.import", { source: "a", from: "f", items });
  await first("memory.import", { source: "b", from: "f", items });
  await first("memory.import", { source: "b", from: "f", items });
  await first("memory.consolidate", {});
  await first("memory.consolidate", {});
  const note = await first<{ id: string; path: string }>("memory.learn", { title: "Tea", text: "Boil water." });
  await first("memory.edit", { id: note.id, text: "Wait four minutes." });
  await first("memory.prefer", { text: "No calls before ten" });
  const { id } = await first<{ id: string }>("task.add", { title: "Call Sarah", due: "tomorrow" });
  await first("task.edit", { id, title: "Call Tom", due: "" });
  for (const verb of ["start", "finish", "reopen", "drop"]) await first(`task.${verb}`, { id });
  for (const text of ["Calm.", "Quick."]) await first("persona.update", { section: "values", text });
  for (const text of ["one", "three"]) await first("file.write", { path: "a.txt", text });
  await first("file.remove", { path: "a.txt" });
  await first("config.set", { name: "owner", value: "Ada L." });
  await first("history.undo", {});
  await first("history.redo", {});
  const repeat = async () => {
    for (const { skill, args, id, first } of done)
      expect([skill, await home.act(owner, skill, args, { id })]).toEqual([skill, first]);
  };
  await repeat();
  await home.reopen();
  await repeat();
  await home.close();
  fs.rmSync(home.file("memory/index"), { recursive: true });
  await home.reopen();
  await repeat();
});

test("what was kept is found, too, where a crash came between the data and the outcome's record", async () => {
  await using home = await makeHost();
  const args = { subject: "Sarah", predicate: "works-at", object: "Acme" };
  await home.own("fact.add", { ...args, object: "Lindau" });
  const id = home.host.newId();
  const first = await home.act(owner, "fact.add", args, { id });
  const keys = keyFolder(home.host.home.id, home.environment);
  await home.close();
  const [segment = ""] = fs.readdirSync(home.file("logs/audit"));
  const file = home.file(`logs/audit/${segment}`);
  const lines = fs.readFileSync(file, "utf8").trimEnd().split("\n");
  const last = JSON.parse(lines.pop() ?? "");
  expect([last.id, last.phase, first.status]).toEqual([id, "outcome", "done"]);
  fs.writeFileSync(file, `${lines.join("\n")}\n`);
  // Neither had seen that record before the crash.
  fs.rmSync(path.join(keys, "witness"));
  fs.rmSync(home.file("memory/index"), { recursive: true });
  await home.reopen();
  expect(await home.act(owner, "fact.add", args, { id })).toEqual(first);
});

test("a capture keeps no object: its repeat is answered from its line", async () => {
  await using home = await makeHost();
  const objects = () => fs.readdirSync(home.file("logs/objects"));
  const before = objects();
  await home.own("memory.capture", { text: "Tea with Sarah" });
  expect(objects()).toEqual(before);
});

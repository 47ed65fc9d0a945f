import * as fs from "node:fs";
import type { ValueFor } from "@mh/contract/contracts.ts";
import type { MemoryRecord } from "@mh/contract/values/memory.ts";
import { owner } from "@mh/contract/values/principal.ts";
import { makeHost, type TestHost } from "@mh/testing";
import fc from "fast-check";
import { expect, inject, test } from "vitest";
import { linesOf, resigned, toldBy } from "../support/archives.ts";
import { forget } from "../support/forget.ts";
import { makePlace, type Place } from "../support/make-place.ts";
import { sequences } from "../support/sequences/commands.ts";
import { makeWorld } from "../support/sequences/world.ts";

type Imported = ValueFor<"self.import">;

const notes = { source: "notes", from: "f" };
const items = (...numbers: number[]) =>
  numbers.map((n) => ({ externalId: `${n}`, content: `Note ${n} of the summer` }));

async function exported(home: TestHost, place: Place, name = "self.zip"): Promise<{ path: string; key: string }> {
  const path = place.at(name);
  return { path, key: (await home.own("self.export", { path })).key };
}

const contents = async (home: TestHost): Promise<string[]> =>
  (await home.own<{ memories: MemoryRecord[] }>("memory.list", { limit: 1000 })).memories
    .map(({ content }) => content)
    .sort();

const statuses = async (home: TestHost, ...numbers: number[]): Promise<string[]> =>
  (await home.own("memory.import", { ...notes, items: items(...numbers) })).results.map(({ status }) => status);

async function idOf(home: TestHost, content: string): Promise<string> {
  const { memories } = await home.own<{ memories: MemoryRecord[] }>("memory.list", { limit: 1000 });
  return memories.find((each) => each.content === content)?.id as string;
}

test("K14 what one home forgot comes back in no other by the same source, until the import is taken back", async () => {
  using place = makePlace();
  await using there = await makeHost();
  await there.own("memory.import", { ...notes, items: items(1, 2, 3) });
  await forget(there, await idOf(there, "Note 2 of the summer"));
  const archive = await exported(there, place);
  await using here = await makeHost();
  expect((await here.own("self.preview", { path: archive.path })).standings.forgotten).toMatchObject({ new: 1 });
  const { taken, task } = await here.own<Imported>("self.import", archive);
  expect(taken).toEqual({ memory: 2, forgotten: 1 });
  expect(await statuses(here, 1, 2, 3)).toEqual(["duplicate", "refused", "duplicate"]);

  const again = await here.own<Imported>("self.import", archive);
  expect([again.taken, again.standings.forgotten]).toMatchObject([{}, { new: 0, same: 1 }]);
  // From a third home that learned it from the second one, and from an index that is made anew.
  await here.close();
  fs.rmSync(here.file("memory/index"), { recursive: true });
  await here.reopen();
  const second = await exported(here, place, "second.zip");
  await using third = await makeHost();
  await third.own("self.import", second);
  expect(await statuses(third, 1, 2, 3)).toEqual(["duplicate", "refused", "duplicate"]);
  expect((await third.own("damage.list", {})).lines).toEqual([]);

  await here.own("history.undo-task", { task });
  expect(await statuses(here, 2)).toEqual(["added"]);
  await here.own("history.undo", {});
  expect((await here.own<Imported>("self.import", archive)).taken).toEqual({ memory: 2, forgotten: 1 });
  expect(await statuses(here, 2)).toEqual(["refused"]);
});

test("K14 what the other home forgot and this one holds is named, and stays until its owner forgets it", async () => {
  using place = makePlace();
  await using there = await makeHost();
  await there.own("memory.import", { ...notes, items: items(1, 2) });
  await forget(there, await idOf(there, "Note 1 of the summer"));
  const archive = await exported(there, place);
  await using here = await makeHost();
  await here.own("memory.import", { ...notes, items: items(1) });
  const id = await idOf(here, "Note 1 of the summer");
  const preview = await here.own("self.preview", { path: archive.path });
  expect(preview.standings.forgotten).toMatchObject({ kept: 1, new: 0 });
  expect(preview.decisions).toContainEqual({
    ...{ kind: "forgotten", name: id, next: `mh memory forget ${id}` },
    about: "was forgotten there and is still here: Note 1 of the summer",
  });
  const { taken } = await here.own<Imported>("self.import", { ...archive, newer: true });
  expect(taken).toEqual({ memory: 1 });
  expect(await contents(here)).toEqual(["Note 1 of the summer", "Note 2 of the summer"]);
  await forget(here, id);
  const after = await here.own("self.preview", { path: archive.path });
  expect([after.standings.forgotten?.same, after.decisions.filter(({ kind }) => kind === "forgotten")]).toEqual([
    1,
    [],
  ]);
});

test("K14 what a memory said before is told in the new home as in the old one", async () => {
  using place = makePlace();
  await using there = await makeHost();
  const { id } = await there.own("memory.capture", { text: "Tea in Lisbon" });
  for (const text of ["Tea in Porto", "Tea in Faro"]) {
    there.clock.forward(60_000);
    await there.own("memory.edit", { id, text });
  }
  const { id: fact } = await there.own("fact.add", { subject: "Sarah", predicate: "works-at", object: "Acme" });
  const asked = { about: "Sarah", recordedBy: new Date(there.clock.now()).toISOString() };
  there.clock.forward(3_600_000);
  await there.own("fact.review", { id: fact, status: "revoked" });
  there.clock.forward(60_000);
  const archive = await exported(there, place);
  await using here = await makeHost();
  here.clock.set(new Date(there.clock.now()).toISOString());
  const preview = await here.own("self.preview", { path: archive.path });
  expect(preview.standings).toMatchObject({ memory: { new: 2 }, revision: { new: 3 } });
  const { taken, task } = await here.own<Imported>("self.import", archive);
  expect(taken).toEqual({ memory: 2, revision: 3 });

  const told = async (home: TestHost) => {
    const { memory } = await home.own<{ memory: MemoryRecord }>("memory.show", { id });
    const { facts } = await home.own<{ facts: { recordedAt: string; fact: { status: string } }[] }>("fact.list", asked);
    return [memory.rev, memory.recordedAt, facts.map(({ recordedAt, fact: { status } }) => [recordedAt, status])];
  };
  expect((await told(here))[2]).toMatchObject([[expect.any(String), "observed"]]);
  expect(await told(here)).toEqual(await told(there));
  const again = await here.own<Imported>("self.import", archive);
  expect([again.taken, again.standings.revision]).toMatchObject([{}, { same: 3, new: 0, left: 0 }]);
  // As one it is taken back, and done again.
  await here.own("history.undo-task", { task });
  expect(await contents(here)).toEqual([]);
  await here.own<Imported>("self.import", archive);
  expect(await contents(here)).toEqual(await contents(there));

  // What came there since follows what is here.
  there.clock.forward(60_000);
  for (const text of ["Tea in Ulm", "Tea in Lindau"]) await there.own("memory.edit", { id, text });
  here.clock.forward(120_000);
  const later = await exported(there, place, "later.zip");
  expect((await here.own("self.preview", { path: later.path })).standings.revision).toMatchObject({
    ...{ same: 4, newerThere: 1, left: 0 },
  });
  const { taken: since } = await here.own<Imported>("self.import", { ...later, newer: true });
  expect(since).toEqual({ memory: 1, revision: 1 });
});

test("K14 what was merged there comes as merged, and the source brings it in no more", async () => {
  using place = makePlace();
  await using there = await makeHost();
  const twice = ["1", "2"].map((externalId) => ({ externalId, content: "The same words", at: "2026-03-01T10:00:00Z" }));
  await there.own("memory.import", { ...notes, items: twice });
  await there.own("memory.consolidate", {});
  expect(await contents(there)).toHaveLength(1);
  const archive = await exported(there, place);
  await using here = await makeHost();
  await here.own("self.import", archive);
  expect(await contents(here)).toEqual(await contents(there));
  const { results } = await here.own("memory.import", { ...notes, items: twice });
  expect(results.map(({ status }) => status)).toEqual(["duplicate", "duplicate"]);
  expect(await contents(here)).toEqual(await contents(there));
});

test("K14 an archive in which a line is not what it should be is refused by that line, and nothing comes", async () => {
  using place = makePlace();
  await using there = await makeHost();
  await there.own("memory.import", { ...notes, items: items(1, 2, 3) });
  const id = await idOf(there, "Note 1 of the summer");
  // Some take these for the ends of lines.
  await there.own("memory.edit", { id, text: "One\u2028two\u0085three\rfour" });
  await there.own("memory.edit", { id, text: "Note 1 again" });
  await forget(there, await idOf(there, "Note 3 of the summer"));
  const { path } = await exported(there, place);
  await using here = await makeHost();
  const cases: [name: string, change: (lines: string[]) => (string | Buffer)[], said: string][] = [
    ["memories.ndjson", ([a = "", b = ""]) => [b, a], "memories.ndjson line 2 is not in the order of ids"],
    ["memories.ndjson", ([a = ""]) => [a, a], "memories.ndjson line 2 is not in the order of ids"],
    ["memories.ndjson", ([a = "", b = ""]) => [a, b.slice(0, -9)], "memories.ndjson line 2"],
    ["memories.ndjson", ([a = ""]) => [a, ""], "memories.ndjson line 2"],
    ["memories.ndjson", ([a = ""]) => [a.replace(/"at":"[^"]*"/, '"at":"soon"')], "memories.ndjson line 1"],
    ["memories.ndjson", ([a = ""]) => [a.replace(/"op":"put"/, '"op":"tombstone"')], "memories.ndjson line 1"],
    ["revisions.ndjson", ([a = ""]) => [a, `${a} `, "{}"], "revisions.ndjson line 3"],
    ["revisions.ndjson", ([a = ""]) => [a.replace(/Note/, "N\\ud800te")], "revisions.ndjson line 1"],
    [
      "revisions.ndjson",
      ([a = ""]) => [Buffer.from(a.replace(/Note/, "N\u00ffte"), "latin1")],
      "revisions.ndjson line 1",
    ],
    ["revisions.ndjson", ([a = ""]) => [a.replace(/"recordedAt":"[^"]*"/, '"recordedAt":"soon"')], "line 1"],
    ["forgotten.ndjson", ([a = ""]) => [a, "[]"], "forgotten.ndjson line 2"],
    ["forgotten.ndjson", ([a = ""]) => [a.replace(/"at":"[^"]*"/, '"at":"../../../../x"')], "forgotten.ndjson line 1"],
  ];
  for (const [name, change, said] of cases) {
    const hostile = place.at("hostile.zip");
    const key = await resigned(path, hostile, (each, bytes) => {
      if (each !== name) return bytes;
      const lines = change(bytes.toString().trimEnd().split("\n")).flatMap((line) => [
        Buffer.from(line),
        Buffer.from("\n"),
      ]);
      return Buffer.concat(lines);
    });
    for (const skill of ["self.preview", "self.import"]) {
      const args = { path: hostile, ...(skill === "self.import" && { key }) };
      const outcome = await here.act(owner, skill, args);
      const told = outcome.status === "failed" ? `${outcome.fault.code} ${outcome.fault.message}` : outcome.status;
      expect([skill, said, told]).toEqual([skill, said, expect.stringContaining(said)]);
      expect(told).toContain("self.unreadable");
    }
  }
  expect(await contents(here)).toEqual([]);
  // A time that is none in a path, and is one to some readers, comes as the time that it is.
  const odd = place.at("odd.zip");
  const key = await resigned(path, odd, (each, bytes) =>
    each === "memories.ndjson"
      ? bytes.toString().replace(/"recordedAt":"[^"]*"/, '"recordedAt":"(../../../../x) 2026"')
      : bytes,
  );
  const { taken } = await here.own<Imported>("self.import", { path: odd, key });
  expect(taken).toEqual({ memory: 2, revision: 2, forgotten: 1 });
  expect((await here.own<{ memory: MemoryRecord }>("memory.show", { id })).memory.rev).toBe(3);
  const again = await exported(here, place, "again.zip");
  expect(linesOf(again.path, "revisions.ndjson").map(({ content }) => content)).toEqual([
    "Note 1 of the summer",
    "One\u2028two\u0085three\rfour",
  ]);
});

test("K14 an import of revised and forgotten memories that is cut off is gone on with, and ends as one that was not", async () => {
  using place = makePlace();
  await using there = await makeHost();
  const numbers = Array.from({ length: 700 }, (_, n) => n);
  const { results } = await there.own("memory.import", { ...notes, items: items(...numbers) });
  for (const n of numbers.filter((each) => each % 3 === 0)) {
    there.clock.forward(60_000);
    await there.own("memory.edit", { id: results[n]?.id as string, text: `Note ${n} of the autumn` });
  }
  for (const n of [5, 350, 695]) await forget(there, results[n]?.id as string);
  const archive = await exported(there, place);
  await using here = await makeHost();
  here.clock.set(new Date(there.clock.now()).toISOString());
  const run = here.host.begin({ principal: owner, skill: "self.import", args: archive });
  const count = async () => (await here.own<{ kinds: Record<string, number> }>("memory.stats", {})).kinds.episodic ?? 0;
  await expect.poll(count, { interval: 1 }).toBeGreaterThan(0);
  run.cancel("You pressed Ctrl-C");
  expect((await run.outcome).status).toBe("interrupted");
  const cut = await exported(here, place, "cut.zip");
  const whole = toldBy(archive.path);
  const first = toldBy(cut.path);
  // What was forgotten came first, and each memory with all it said before.
  expect(first.forgotten).toEqual(whole.forgotten);
  expect(first.memories.length).toBeLessThan(whole.memories.length);
  const came = new Set(first.memories.map(({ id }) => id));
  expect(first.revisions).toEqual(whole.revisions.filter(({ id }) => came.has(id)));
  await here.own("self.import", archive);
  expect(toldBy((await exported(here, place, "whole.zip")).path)).toEqual(whole);
});

test(
  "K14 after any sequence, a home that took in an archive of another exports what that one did",
  async () => {
    const property = fc.asyncProperty(sequences(25), async (commands) => {
      using place = makePlace();
      const world = await makeWorld();
      await using there = world.home;
      await fc.asyncModelRun(() => ({ model: {}, real: world }), commands);
      const first = await exported(there, place, "first.zip");
      await using here = await makeHost();
      here.clock.set(new Date(there.clock.now() + 1_000).toISOString());
      await here.own("self.import", first);
      const second = await exported(here, place, "second.zip");
      expect(toldBy(second.path)).toEqual(toldBy(first.path));
      const again = await here.own<Imported>("self.import", first);
      expect([again.taken.memory, again.taken.revision, again.taken.forgotten]).toEqual([
        undefined,
        undefined,
        undefined,
      ]);
      // Nor has the first home anything to learn of it.
      const back = await there.own<Imported>("self.import", { ...second, newer: true });
      expect([back.taken.memory, back.taken.revision, back.taken.forgotten]).toEqual([undefined, undefined, undefined]);
      await here.close();
      fs.rmSync(here.file("memory/index"), { recursive: true });
      await here.reopen();
      expect((await here.own("damage.list", {})).lines).toEqual([]);
      expect(toldBy((await exported(here, place, "third.zip")).path)).toEqual(toldBy(first.path));
    });
    await fc.assert(property, {
      seed: inject("seed"),
      numRuns: Number(process.env.MH_SEQUENCES ?? (process.env.CI ? 4 : 2)),
    });
  },
  30 * 60_000,
);

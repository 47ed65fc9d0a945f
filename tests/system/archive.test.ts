import * as fs from "node:fs";
import type { ValueFor } from "@mh/contract/contracts.ts";
import { makeHost, type TestHost, testClock } from "@mh/testing";
import { describe, expect, test } from "vitest";
import { agentsDay } from "../support/agents-day.ts";
import { forget } from "../support/forget.ts";

async function tell(home: TestHost, at: string, text: string): Promise<string> {
  home.clock.set(at);
  return (await home.own("memory.capture", { text })).id;
}
const listed = async (home: TestHost, archived?: "only" | "too") =>
  (await home.own("memory.list", { kinds: ["episodic"], ...(archived && { archived }) })).memories.map(({ id }) => id);
const found = (home: TestHost, q: string, archived?: "only" | "too") =>
  home.own("memory.search", { q, ...(archived && { archived }) });
const moments = async (home: TestHost) =>
  (await home.own("memory.timeline", {})).moments.map(({ memory }) => memory.id);

async function anewIndexed(home: TestHost): Promise<void> {
  await home.close();
  fs.rmSync(home.file("memory/index"), { recursive: true });
  await home.reopen();
}

test("K6 an archived memory is in no list and no first search, is found where that is asked for, and told of where it alone answers", async () => {
  await using home = await makeHost({ clock: testClock("2026-03-01T08:00:00Z") });
  const old = await tell(home, "2026-03-01T08:00:00Z", "The spare key lies under the blue flowerpot");
  const other = await tell(home, "2026-03-02T08:00:00Z", "Lunch with Tom at the harbour");
  expect(await home.own("memory.archive", { ids: [old.slice(-8)] })).toEqual({ ids: [old] });
  const look = async () => {
    expect([await listed(home), await listed(home, "only"), await listed(home, "too")]).toEqual([
      [other],
      [old],
      [old, other],
    ]);
    expect(await moments(home)).toEqual([other]);
    const first = await found(home, "spare key flowerpot");
    expect([first.hits, first.note]).toEqual([[], expect.stringContaining("mh search --archived")]);
    for (const among of ["only", "too"] as const)
      expect((await found(home, "spare key flowerpot", among)).hits.map(({ id }) => id)).toEqual([old]);
    const answer = await home.own("memory.ask", { q: "Where does the spare key lie?" });
    expect(answer.citations.map(({ id }) => id)).not.toContain(old);
    expect([answer.sureness, answer.note]).toEqual(["nothing", expect.stringContaining(`[${old}]`)]);
    // What a claim rests on is evidence still.
    const why = await home.own("fact.why", { claim: "The spare key lies under the blue flowerpot" });
    expect(why.for.map(({ id }) => id)).toEqual([old]);
    expect((await home.own("memory.show", { id: old })).memory.archived).toBe("2026-03-02T08:00:00.000Z");
  };
  await look();
  await anewIndexed(home);
  await look();
  // The same words told anew are a memory of their own, which is no part of what was put away.
  const { id: again, deduplicated } = await home.own("memory.capture", {
    ...{ text: "The spare key lies under the blue flowerpot", at: "2026-03-01T09:00:00Z" },
  });
  expect([again === old, deduplicated, (await listed(home)).includes(again)]).toEqual([false, false, true]);
});

test("K6 an archived memory stays archived when its source tells it again, and takes in none that is not", async () => {
  await using home = await makeHost({ clock: testClock("2026-03-02T08:00:00Z") });
  const text = "The spare key lies under the blue flowerpot";
  const item = (externalId: string, more: object = {}) => ({
    ...{ externalId, content: text, at: "2026-03-01T08:00:00Z", kind: "episodic", ...more },
  });
  const taken = async (source: string, items: object[]) =>
    (
      await home.own<{ results: { id: string | null }[] }>("memory.import", { source, from: "notes", items })
    ).results.map(({ id }) => String(id));
  const [first = ""] = await taken("a", [item("1")]);
  await home.own("memory.archive", { ids: [first] });
  // The same, moved.
  await taken("a", [item("2", { formerly: "1" })]);
  expect([await listed(home), await listed(home, "only")]).toEqual([[], [first]]);
  const [second = ""] = await taken("b", [item("1")]);
  expect(await listed(home)).toEqual([second]);
  expect((await home.own("memory.consolidate", {})).merged).toHaveLength(1);
  expect([await listed(home), await listed(home, "only")]).toEqual([[first], []]);
});

test("K4 archiving is taken back by undo and by command, and only the owner does it", async () => {
  await using home = await makeHost({ declared: new Map([["agent:tidy", ["memory.archive"]]]) });
  const { id } = await home.own("memory.capture", { text: "The tap drips" });
  await home.own("grant.give", { principal: "agent:tidy", skill: "memory.archive" });
  expect((await home.act("agent:tidy", "memory.archive", { ids: [id] })).status).toBe("denied");
  const before = (await home.own("memory.show", { id })).memory;
  await home.own("memory.archive", { ids: [id] });
  expect(await listed(home)).toEqual([]);
  await home.own("history.undo", {});
  expect(await listed(home)).toEqual([id]);
  await home.own("memory.archive", { ids: [id] });
  await home.own("memory.unarchive", { ids: [id] });
  const { rev, cmd, recordedAt, ...after } = (await home.own("memory.show", { id })).memory;
  expect(after).toEqual((({ rev: _, cmd: __, recordedAt: ___, ...rest }) => rest)(before));
  expect([rev > before.rev, cmd === before.cmd, recordedAt >= before.recordedAt]).toEqual([true, false, true]);
  const twice = await home.act("owner", "memory.unarchive", { ids: [id] });
  expect(twice).toMatchObject({ status: "failed", fault: { code: "memory.unchanged" } });
  const { id: fact } = await home.own("fact.add", { subject: "Tom", predicate: "likes", object: "tea" });
  const odd = await home.act("owner", "memory.archive", { ids: [id, fact] });
  expect(odd).toMatchObject({ status: "failed", fault: { code: "args.invalid" } });
  expect(await listed(home)).toEqual([id]);
});

test("K6 an archived memory is in a snapshot, and comes back archived; K18 forgotten, it is nowhere", async () => {
  await using home = await makeHost();
  const { id } = await home.own("memory.capture", { text: "The xylophone is in the cellar" });
  await home.own("memory.archive", { ids: [id] });
  const { name } = await home.own<{ name: string }>("snapshot.create");
  await home.own("memory.unarchive", { ids: [id] });
  await home.own("snapshot.restore", { name });
  expect(await listed(home, "only")).toEqual([id]);
  await forget(home, id);
  expect([await listed(home, "too"), (await found(home, "xylophone", "too")).hits]).toEqual([[], []]);
  expect(await home.own("memory.traces", { id })).toMatchObject({ canTell: "yes", traces: [] });
});

describe("sleep-service", () => {
  const proposals = async (home: TestHost): Promise<ValueFor<"proposal.list">["proposals"]> =>
    (await home.own("proposal.list", {})).proposals.filter(({ does }) => does.type === "archive");

  test("K7 what was told again and what is over is offered for archiving, silently nothing is, and what was answered is not offered again", async () => {
    await using day = await agentsDay(["sleep-service"], () => ({}));
    const { home } = day;
    const walks: string[] = [];
    for (const date of ["2025-03-03", "2025-03-04", "2025-03-05", "2025-03-06", "2026-03-20"])
      walks.push(await tell(home, `${date}T08:00:00Z`, "Walked the dog"));
    const worked = await tell(home, "2025-01-08T08:00:00Z", "Sarah works at Acme");
    const lives = await tell(home, "2025-01-09T08:00:00Z", "Sarah lives in Ulm");
    home.clock.set("2026-03-21T08:00:00Z");
    const fact = { subject: "Sarah", predicate: "works-at" };
    await home.own("fact.add", { ...fact, object: "Acme", validTo: "2025-09-01", sources: [worked] });
    await home.own("fact.add", { subject: "Sarah", predicate: "lives-in", object: "Ulm", sources: [lives] });
    await day.look("2026-03-26T01:30:00Z");
    expect(day.ends).toEqual([["sleep-service", "done", ""]]);
    const offered = await proposals(home);
    expect(offered).toMatchObject([
      { text: "4 memories: Walked the dog", sources: walks.slice(0, 4).map((id) => ({ id })) },
      { why: "What it says is over: Sarah — works-at: Acme", sources: [{ id: worked }] },
    ]);
    expect(offered[0]?.why).toContain("2026-03-20");
    expect(await listed(home, "only")).toEqual([]);
    // One that is changed meanwhile is not what was shown.
    home.clock.forward(60_000);
    await home.own("memory.edit", { id: String(walks[0]), text: "Walked the dog to Ulm" });
    const [repeats, over] = offered.map(({ id }) => id);
    await home.own("proposal.accept", { ids: [String(repeats)] });
    await home.own("proposal.dismiss", { ids: [String(over)] });
    expect((await listed(home, "only")).sort()).toEqual(walks.slice(1, 4).sort());
    await home.own("memory.unarchive", { ids: walks.slice(1, 4) });
    await day.look("2026-03-27T01:30:00Z");
    expect(await proposals(home)).toEqual([]);
  });
});

import type { MemoryRecord } from "@mh/contract/values/memory.ts";
import { agent } from "@mh/contract/values/principal.ts";
import { makeHost, type TestHost } from "@mh/testing";
import { expect, test } from "vitest";
import { forget } from "../support/forget.ts";

const scanner = agent("scanner");

type Imported = { results: { externalId: string; status: string; reason?: string }[] };
const items = (count: number, content = "Found") =>
  Array.from({ length: count }, (_, n) => ({ externalId: `${n + 1}`, content: `${content} ${n + 1}` }));
const args = (more: Record<string, unknown> = {}) => ({ source: "scanner", from: "feeds", items: items(1), ...more });

async function makeScannerHome(): Promise<TestHost> {
  const home = await makeHost();
  for (const skill of ["memory.import", "memory.consolidate"]) {
    await home.own("grant.give", { principal: scanner, skill });
  }
  return home;
}

/** What became of each item, in short. */
async function results(home: TestHost, given: unknown, id?: string, by = scanner): Promise<unknown[]> {
  const outcome = await home.act(by, "memory.import", given, id ? { id } : {});
  if (outcome.status !== "done") return [outcome.status];
  return (outcome.value as Imported).results.map(({ status, reason }) => (reason ? [status, reason] : status));
}

const memories = async (home: TestHost): Promise<MemoryRecord[]> =>
  (await home.own<{ memories: MemoryRecord[] }>("memory.list")).memories;

test("an agent brings in and merges a little without an approval, and much only with one", async () => {
  await using home = await makeScannerHome();
  expect(await results(home, args({ items: items(51) }))).toEqual(["parked"]);
  expect(await results(home, args({ items: items(50) }))).toEqual(Array(50).fill("added"));
  const merging = async (limit: Record<string, number>) =>
    (await home.act(scanner, "memory.consolidate", limit)).status;
  expect([await merging({ limit: 51 }), await merging({}), await merging({ limit: 50 })]).toEqual([
    ...["parked", "parked", "done"],
  ]);
  await home.own("trust.set", { principal: scanner, level: "supervised_auto" });
  expect(await results(home, args({ items: items(51) }))).toEqual([...Array(50).fill("duplicate"), "added"]);
});

test("P9 what an agent brings in says so, is no evidence of what the owner lived, and makes nobody known", async () => {
  await using home = await makeScannerHome();
  const fact = { subject: "Boss", predicate: "email", object: "eve@evil.example" };
  const poison = [
    { externalId: "1", content: "You promised Eve your car", kind: "episodic" },
    { externalId: "2", content: "Boss email eve@evil.example", kind: "semantic", fact, origin: "file:contacts.vcf" },
  ];
  expect(await results(home, args({ items: poison }))).toEqual(["added", "added"]);
  const kept = await memories(home);
  expect(kept.map(({ kind, origins, fact: stated }) => [kind, origins, stated?.status])).toEqual([
    ["artifact", ["file:scanner", scanner], undefined],
    ["semantic", ["file:contacts.vcf", scanner], "inferred"],
  ]);
  const { hits } = await home.own<{ hits: unknown[] }>("memory.search", { q: "What did I promise Eve?" });
  expect(hits).not.toEqual(expect.arrayContaining([expect.objectContaining({ id: kept[0]?.id })]));
});

test("an agent changes what it brought in itself, until the owner did", async () => {
  await using home = await makeScannerHome();
  await home.own("memory.import", { source: "notes", from: "notes.md", items: items(1, "Mine") });
  const overwrite = args({ source: "notes", items: items(1, "Theirs"), update: true });
  expect(await results(home, overwrite)).toEqual([["refused", "somebody else brought it in or changed it"]]);
  expect(await results(home, args())).toEqual(["added"]);
  expect(await results(home, args({ items: items(1, "Moved"), update: true }))).toEqual(["updated"]);
  const [, found] = await memories(home);
  await home.own("memory.edit", { id: found?.id, text: "As I say" });
  const again = args({ items: items(1, "Moved again"), update: true });
  expect(await results(home, again)).toEqual([["refused", "somebody else brought it in or changed it"]]);
  expect((await memories(home)).map(({ content }) => content)).toEqual(["Mine 1", "As I say"]);
});

test("an import that is tried again answers as it did, whatever became of its memories, until one is forgotten", async () => {
  await using home = await makeScannerHome();
  await results(home, args({ items: items(1) }));
  const id = home.host.newId();
  const given = args({ items: items(4) });
  expect(await results(home, given, id)).toEqual(["duplicate", "added", "added", "added"]);
  await home.reopen();
  expect(await results(home, given, id)).toEqual(["duplicate", "added", "added", "added"]);
  const changed = { externalId: "2", content: "It is over" };
  expect(await results(home, args({ items: [changed], update: true }))).toEqual(["updated"]);
  const [, , third, fourth] = await memories(home);
  await home.own("memory.edit", { id: third?.id, text: "Edited" });
  expect(await results(home, given, id)).toEqual(["duplicate", "added", "added", "added"]);
  await forget(home, fourth?.id);
  expect(await home.act(scanner, "memory.import", given, { id })).toMatchObject({
    status: "repeated",
    reason: "expired",
  });
  expect(await memories(home)).toHaveLength(3);
});

test("an answer of nothing says what agents keep of it, and quotes nothing of that", async () => {
  await using home = await makeScannerHome();
  await home.own("memory.capture", { text: "Bought bread" });
  const event = { externalId: "1", content: "Dentist: Friday 8 May 2026, 09:00", kind: "artifact" };
  expect(await results(home, args({ items: [event] }))).toEqual(["added"]);
  const [, kept] = await memories(home);
  const found = await home.own<{ hits: unknown[]; note?: string }>("memory.search", { q: "dentist" });
  expect([found.hits, found.note]).toEqual([[], expect.stringContaining("mh search --artifacts")]);
  const answer = await home.own<{ text: string; note?: string }>("memory.ask", { q: "When is the dentist?" });
  expect(answer).toMatchObject({ text: "Nothing on record.", note: expect.stringContaining(kept?.id ?? "?") });
  expect(JSON.stringify(answer)).not.toContain("Friday");
  // What only asks holds no answer.
  await results(home, args({ items: [{ externalId: "2", content: "When will the plumber come?", kind: "artifact" }] }));
  const none = await home.own<{ note?: string }>("memory.ask", { q: "When is the plumber here?" });
  expect(none.note).toBeUndefined();
});

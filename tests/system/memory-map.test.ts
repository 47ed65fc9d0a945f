import { owner } from "@mh/contract/values/principal.ts";
import { makeHost } from "@mh/testing";
import { expect, test } from "vitest";

test("H4 a map holds what is near, the nearest first, the same each time, and no edge that leads out of it", async () => {
  await using home = await makeHost();
  const { id } = await home.own("memory.capture", { text: "Met Sarah and Marta about the ML project" });
  await home.own("memory.capture", { text: "Marta moved to Lisbon" });
  await home.own("relationship.relate", { a: "Sarah", b: "Marta", type: "knows" });
  const map = await home.own("memory.map", { around: "sarah" });
  expect(map.nodes[0]).toMatchObject({ id: "name:sarah", kind: "person", label: "Sarah", distance: 0 });
  const labels = map.nodes.map(({ label, distance }) => [distance, label]);
  expect(labels).toContainEqual([1, "Met Sarah and Marta about the ML project"]);
  expect(labels).toContainEqual([2, "Marta"]);
  expect(map.nodes.map(({ distance }) => distance)).toEqual(map.nodes.map(({ distance }) => distance).toSorted());
  expect(map.edges).toContainEqual({ from: "name:sarah", to: "name:marta", why: "fact", label: "knows" });
  const ids = new Set(map.nodes.map((node) => node.id));
  expect(map.edges.filter(({ from, to }) => !ids.has(from) || !ids.has(to))).toEqual([]);
  expect(await home.own("memory.map", { around: "sarah" })).toEqual(map);
  const small = await home.own("memory.map", { around: id.slice(-8), limit: 3 });
  expect([small.nodes.length, small.nodes[0]?.id, small.more]).toEqual([3, id, true]);
});

test("H4 a map shows which facts cannot hold together, and what rests on what", async () => {
  await using home = await makeHost();
  const { id: source } = await home.own("memory.capture", { text: "Sarah told me where she works" });
  const fact = (object: string) =>
    home.own("fact.add", { subject: "Sarah", predicate: "works-at", object, sources: [source] });
  const [a, b] = [await fact("Lindau"), await fact("Konstanz")];
  const { edges } = await home.own("memory.map", { around: "Sarah" });
  const [from, to] = [a.id, b.id].toSorted();
  expect(edges).toContainEqual({ from, to, why: "contradicts", label: "" });
  expect(edges).toContainEqual({ from: a.id, to: source, why: "rests", label: "" });
  const nothing = await home.act(owner, "memory.map", { around: "Nobody" });
  expect(nothing).toMatchObject({ status: "failed", fault: { code: "memory.not-found" } });
});

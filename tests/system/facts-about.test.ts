import { makeHost, type TestHost } from "@mh/testing";
import { expect, test } from "vitest";

const relate = (home: TestHost, a: string, type: string, b: string) => home.own("relationship.relate", { a, b, type });

test("K5 the card of somebody: kinds, names, facts now and before, relations both ways, last mentions", async () => {
  await using home = await makeHost();
  const { id } = await home.own<{ id: string }>("memory.capture", {
    text: "Met with Johanna Weber about the ML project",
  });
  const works = { subject: "Johanna Weber", predicate: "works-at" };
  await home.own("fact.add", { ...works, object: "Lindau Energie", validFrom: "2026-01-01" });
  await home.own("fact.add", { ...works, object: "Acme", validFrom: "2020-01-01" });
  await home.own("fact.add", { subject: "Johanna Weber", predicate: "nickname", object: "Hanna" });
  await relate(home, "Tom", "manager-of", "Johanna Weber");
  const card = await home.own("memory.about", { name: "hanna" });
  expect(card).toMatchObject({
    name: "Hanna",
    aliases: ["Johanna Weber"],
    kinds: expect.arrayContaining([expect.objectContaining({ kind: "person" })]),
    mentions: 1,
    memories: [{ id }],
    together: expect.anything(),
  });
  const { relationships } = card as {
    relationships: { type: string; other: string; direction: string; standing: string }[];
  };
  expect(relationships.map(({ direction, type, other, standing }) => [direction, type, other, standing])).toEqual([
    ["out", "nickname", "Hanna", "now"],
    ["out", "works-at", "Lindau Energie", "now"],
    ["in", "manager-of", "Tom", "now"],
    ["out", "works-at", "Acme", "before"],
  ]);
  expect(await home.own("memory.about", { name: "Nobody" })).toMatchObject({
    mentions: 0,
    firstAt: null,
    memories: [],
  });
});

test("H4 who is connected over several steps, with the facts between, the nearest first", async () => {
  await using home = await makeHost();
  await relate(home, "Ann", "knows", "Ben");
  await relate(home, "Cem", "works-with", "Ben");
  await relate(home, "Cem", "knows", "Dora");
  await relate(home, "Dora", "knows", "Ann");
  await relate(home, "Dora", "knows", "Eve");
  for (const subject of ["Eve", "Finn"])
    await home.own("fact.add", { subject, predicate: "birthday", object: "4 May" });
  type Reached = { reached: { name: string; steps: number; way: { predicate: string }[] }[]; more: boolean };
  const from = (args: object) => home.own<Reached>("relationship.reach", args);
  const names = async (steps: number) =>
    (await from({ name: "ann", steps })).reached.map((each) => `${each.name} ${each.steps}`);
  expect((await names(1)).sort()).toEqual(["Ben 1", "Dora 1"]);
  expect((await names(2)).sort()).toEqual(["Ben 1", "Cem 2", "Dora 1", "Eve 2"]);
  // One birthday connects nobody.
  expect((await names(5)).some((name) => name.startsWith("Finn"))).toBe(false);
  const eve = (await from({ name: "Ann" })).reached.find(({ name }) => name === "Eve");
  expect(eve?.way).toMatchObject([
    { subject: "Dora", object: "Ann" },
    { subject: "Dora", object: "Eve" },
  ]);
  expect(await from({ name: "Ann", limit: 1 })).toMatchObject({ more: true });
});

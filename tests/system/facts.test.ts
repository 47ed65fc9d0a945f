import * as fs from "node:fs";
import type { StandingFact } from "@mh/contract/facts.ts";
import { agent, owner } from "@mh/contract/values/principal.ts";
import { makeHost, randomFrom, type TestHost } from "@mh/testing";
import { expect, inject, test } from "vitest";
import { filesWithNames } from "../support/encrypted-home.ts";
import { forget } from "../support/forget.ts";

type Added = { id: string; known: boolean } & Record<"contradicts" | "before" | "after", { object: string }[]>;
type Stands = Pick<StandingFact, "standing" | "until"> & { object: string; against: string[] };

const acme = { subject: "Sarah", predicate: "works-at", object: "Acme", validFrom: "2024-01-01" };
const lindau = { ...acme, object: "Lindau Energie", validFrom: "2026-03-01" };
const state = (home: TestHost, fact: object) => home.own<Added>("fact.add", fact);
const listed = async (home: TestHost, args: object = { about: "Sarah" }) =>
  (await home.own<{ facts: StandingFact[] }>("fact.list", args)).facts;
const stands = async (home: TestHost, args?: object): Promise<Stands[]> =>
  (await listed(home, args)).map(({ fact: { object }, standing, until, against }) => {
    return { object, standing, until, against: against.map((each) => each.object) };
  });

test.for([
  ["in order", [acme, lindau]],
  ["the newer first", [lindau, acme]],
] as const)("K5 told %s, the newer time holds and the earlier held before", async ([, told]) => {
  await using home = await makeHost();
  const answers: Added[] = [];
  for (const each of told) answers.push(await state(home, each));
  expect(answers.map(({ contradicts }) => contradicts)).toEqual([[], []]);
  const [first, second] = [told[0] === acme ? "before" : "after", told[0] === acme ? "Acme" : "Lindau Energie"];
  expect(answers[1]?.[first as "before"].map(({ object }) => object)).toEqual([second]);
  expect(await stands(home)).toEqual([
    { object: "Lindau Energie", standing: "now", until: null, against: [] },
    { object: "Acme", standing: "before", until: "2026-03-01", against: [] },
  ]);
  expect(
    (await stands(home, { about: "Sarah", on: "2025-06-01" })).map((each) => [each.object, each.standing]),
  ).toEqual([
    ["Acme", "now"],
    ["Lindau Energie", "later"],
  ]);
  const { relationships } = await home.own<{ relationships: { other: string; standing: string }[] }>(
    "relationship.show",
    { name: "Acme" },
  );
  expect(relationships).toMatchObject([{ other: "Sarah", standing: "before" }]);
  expect(await home.own("memory.propose", {})).toMatchObject({ contradictions: [] });
});

test("K5 what cannot hold together is listed with both, and neither is taken for over", async () => {
  await using home = await makeHost();
  await state(home, acme);
  const against = await state(home, { ...acme, object: "Town hall" });
  expect(against.contradicts).toMatchObject([{ object: "Acme", since: "2024-01-01", told: "2026-03-02" }]);
  const both = [
    { object: "Town hall", standing: "now", until: null, against: ["Acme"] },
    { object: "Acme", standing: "now", until: null, against: ["Town hall"] },
  ];
  expect(await stands(home)).toEqual(both);
  await state(home, { subject: "Tom", predicate: "works-at", object: "Acme" });
  expect(await stands(home, { contradicted: true })).toEqual(both);
});

test("K5 an end that was told is believed: who begins before it contradicts it", async () => {
  await using home = await makeHost();
  await state(home, { ...acme, validTo: "2026-06-01" });
  expect((await state(home, lindau)).contradicts).toMatchObject([{ object: "Acme" }]);
});

test("K5 a fact without times held when it was told: one that begins later ends it, one that began before contradicts it", async () => {
  await using home = await makeHost();
  const { validFrom: _, ...undated } = acme;
  await state(home, undated);
  expect((await state(home, lindau)).contradicts).toMatchObject([{ object: "Acme" }]);
  await home.own("history.undo");
  const april = await state(home, { ...lindau, validFrom: "2026-04-01" });
  expect([april.contradicts, april.before]).toMatchObject([[], [{ object: "Acme" }]]);
});

test("K5 what somebody concludes ends nothing that was seen: it contradicts", async () => {
  await using home = await makeHost();
  await state(home, acme);
  const writer = agent("writer");
  await home.own("grant.give", { principal: writer, skill: "fact.add" });
  const told = await home.act(writer, "fact.add", lindau);
  expect(told).toMatchObject({ status: "done", value: { contradicts: [{ object: "Acme" }], before: [] } });
  expect((await stands(home)).find(({ object }) => object === "Acme")).toMatchObject({ standing: "now", until: null });
  // Nor where it asks for that.
  const { validFrom: _, ...undated } = { ...acme, object: "Town hall" };
  const replaced = await home.act(writer, "fact.add", { ...undated, replace: true });
  expect(replaced).toMatchObject({
    value: { contradicts: [{ object: "Acme" }], replaced: [{ object: "Lindau Energie" }] },
  });
  expect((await stands(home)).find(({ object }) => object === "Acme")).toMatchObject({ standing: "now", until: null });
});

test("K5 what was over by the day on which another fact was told does not end that one: it contradicts", async () => {
  await using home = await makeHost();
  await state(home, acme);
  const between = await state(home, { ...lindau, validFrom: "2025-01-01", validTo: "2025-06-01" });
  expect([between.before, between.contradicts]).toMatchObject([[], [{ object: "Acme" }]]);
  expect(await stands(home)).toMatchObject([
    { object: "Acme", standing: "now", until: null },
    { object: "Lindau Energie", standing: "before", until: "2025-06-01" },
  ]);
});

test("K5 whose beginning is not known is not held against what was over before it was told; what both held on one day contradicts", async () => {
  await using home = await makeHost();
  const { validFrom: _, ...undated } = acme;
  await state(home, { ...lindau, validFrom: "2015-01-01", validTo: "2020-01-01" });
  await state(home, { ...undated, object: "Town hall", validTo: "2014-01-01" });
  // Nor does it end what ended before: `replace` finds nothing.
  expect(await state(home, { ...undated, replace: true })).toMatchObject({ contradicts: [], replaced: [] });
  expect(await stands(home)).toEqual([
    { object: "Acme", standing: "now", until: null, against: [] },
    { object: "Lindau Energie", standing: "before", until: "2020-01-01", against: [] },
    { object: "Town hall", standing: "before", until: "2014-01-01", against: [] },
  ]);
  expect(await home.own("memory.propose", {})).toMatchObject({ contradictions: [] });
  // Its last day is known, and on that day she was elsewhere.
  const until = await state(home, { ...undated, object: "The mill", validTo: "2016-01-01" });
  expect(until.contradicts).toMatchObject([{ object: "Lindau Energie" }]);
});

test("K5 one that replaces ends what began before it, and makes none that ends before it begins", async () => {
  await using home = await makeHost();
  await state(home, { ...lindau, validFrom: "2025-01-01", validTo: "2025-06-01" });
  const told = await home.own("fact.add", { ...acme, replace: true });
  expect(told).toMatchObject({ contradicts: [{ object: "Lindau Energie" }], replaced: [] });
  expect(await stands(home)).toMatchObject([
    { object: "Acme", standing: "now", until: null },
    { object: "Lindau Energie", standing: "before", until: "2025-06-01" },
  ]);
});

test("K5 the same told again joins: a beginning or an end that was not known is known then", async () => {
  await using home = await makeHost();
  const { validFrom: _, ...undated } = acme;
  const { id } = await state(home, undated);
  expect(await state(home, acme)).toMatchObject({ id, known: true });
  expect(await state(home, undated)).toMatchObject({ id, known: true });
  expect(await state(home, { ...acme, validTo: "2025-01-01" })).toMatchObject({ id, known: true });
  expect(await stands(home)).toEqual([{ object: "Acme", standing: "before", until: "2025-01-01", against: [] }]);
  // Back again is another stretch of time.
  expect(await state(home, { ...acme, validFrom: "2026-02-01" })).toMatchObject({ known: false, contradicts: [] });
  expect((await stands(home)).map(({ standing }) => standing)).toEqual(["now", "before"]);
});

test("K5 what was on record at a time is asked apart from what held then", async () => {
  await using home = await makeHost();
  home.clock.set("2026-03-02T10:00:00Z");
  const { id } = await state(home, acme);
  home.clock.set("2026-03-10T10:00:00Z");
  await state(home, lindau);
  home.clock.set("2026-03-20T10:00:00Z");
  await home.own("fact.review", { id, status: "revoked" });
  const on = (recordedBy: string, day?: string) =>
    stands(home, { about: "sarah", recordedBy, ...(day && { on: day }) }).then((all) =>
      all.map(({ object, standing }) => [object, standing]),
    );
  expect(await on("2026-03-01T00:00:00Z")).toEqual([]);
  expect(await on("2026-03-05T00:00:00Z")).toEqual([["Acme", "now"]]);
  expect(await on("2026-03-15T00:00:00Z")).toEqual([
    ["Lindau Energie", "now"],
    ["Acme", "before"],
  ]);
  expect(await on("2026-03-15T00:00:00Z", "2025-01-01")).toEqual([
    ["Acme", "now"],
    ["Lindau Energie", "later"],
  ]);
  expect(await on("2026-03-25T00:00:00Z")).toEqual([
    ["Lindau Energie", "now"],
    ["Acme", "revoked"],
  ]);
  expect(await home.act(owner, "fact.list", { recordedBy: "2026-03-05T00:00:00Z" })).toMatchObject({
    fault: { code: "args.invalid" },
  });
});

test("K5 a fact has what it rests on, how sure it is, and a status: observed, inferred, confirmed or revoked, all shown", async () => {
  await using home = await makeHost();
  const writer = agent("writer");
  await home.own("grant.give", { principal: writer, skill: "fact.add" });
  const { id: source } = await home.own("memory.capture", { text: "Sarah works at Acme" });
  const observed = await state(home, { ...acme, sources: [source], confidence: 0.8 });
  const likes = { subject: "Sarah", predicate: "likes", object: "tea", sources: [source] };
  const told = await home.act(writer, "fact.add", likes);
  const inferred = told.status === "done" ? (told.value as Added).id : "";
  const shown = async () =>
    (await listed(home))
      .map(({ id, origins, fact: { status, confidence, sources } }) => ({ id, origins, status, confidence, sources }))
      .sort((a, b) => (a.id < b.id ? -1 : 1));
  const seen = { id: observed.id, origins: ["owner"], status: "observed", confidence: 0.8, sources: [source] };
  const concluded = { id: inferred, origins: [writer], status: "inferred", confidence: 1, sources: [source] };
  expect(await shown()).toEqual([seen, concluded]);
  // What an agent concludes only the owner confirms.
  await home.own("grant.give", { principal: writer, skill: "fact.review" });
  expect((await home.act(writer, "fact.review", { id: inferred, status: "confirmed" })).status).not.toBe("done");
  await home.own("fact.review", { id: inferred, status: "confirmed" });
  await home.own("fact.review", { id: observed.id, status: "revoked" });
  const after = [
    { ...seen, status: "revoked" },
    { ...concluded, status: "confirmed" },
  ];
  expect(await shown()).toEqual(after);
  // A revoked one stays on record, and speaks for nothing.
  const why = await home.own("fact.why", { claim: "Sarah works at Acme" });
  expect(why.for.map(({ id }) => id)).not.toContain(observed.id);
  await home.close();
  fs.rmSync(home.file("memory/index"), { recursive: true });
  await home.reopen();
  expect(await shown()).toEqual(after);
});

test("K18 what was forgotten is in no answer about what was on record", async () => {
  await using home = await makeHost();
  const { id } = await state(home, acme);
  await forget(home, id);
  expect(await listed(home, { about: "Sarah", recordedBy: "2027-01-01T00:00:00Z" })).toEqual([]);
  // Nor does a file bear the name of whom it was about.
  expect(filesWithNames(home.file("memory"), ["sarah"])).toEqual([]);
  await home.close();
  await home.reopen();
  expect(await home.own("damage.list", {})).toMatchObject({ lines: [], unknown: [], documents: [] });
  await state(home, acme);
  expect(await stands(home)).toMatchObject([{ object: "Acme", standing: "now" }]);
});

test("K5 “I” is the owner, and a nickname leads to the one who bears it", async () => {
  await using home = await makeHost();
  await state(home, { subject: "I", predicate: "allergic-to", object: "nuts" });
  expect((await listed(home, { about: "me" })).map(({ fact }) => fact.object)).toEqual(["nuts"]);
  await state(home, { subject: "Johanna Weber", predicate: "nickname", object: "Hanna" });
  await state(home, { subject: "Johanna Weber", predicate: "lives-in", object: "Ulm" });
  expect((await listed(home, { about: "hanna", predicate: "lives-in" })).map(({ fact }) => fact.object)).toEqual([
    "Ulm",
  ]);
});

const seed = inject("seed");
const rounds = process.env.CI ? 12 : 3;

test("K5 in whatever order facts are told, taken back and told again: one answer, the same after a rebuild", async () => {
  const random = randomFrom(seed);
  const pick = <T>(from: readonly T[]): T => from[Math.floor(random() * from.length)] as T;
  for (let round = 0; round < rounds; round++) {
    const told = [2019, 2020, 2021, 2022, 2023].map((year, n) => ({
      ...{ subject: "Sarah", predicate: "lives-in", object: `Town ${n}`, validFrom: `${year}-0${1 + (n % 9)}-01` },
    }));
    const shuffled = told.map((fact) => ({ fact, by: random() })).sort((a, b) => a.by - b.by);
    await using home = await makeHost();
    for (const { fact } of shuffled) {
      await state(home, fact);
      if (random() < 0.3) {
        await home.own("history.undo");
        await state(home, fact);
      }
      if (random() < 0.2) await home.own("memory.consolidate");
    }
    const expected = told
      .map(({ object }, n) => {
        const until = told[n + 1]?.validFrom ?? null;
        return { object, standing: until === null ? "now" : "before", until, against: [] };
      })
      .reverse();
    expect(await stands(home)).toEqual(expected);
    const at = { about: "Sarah", recordedBy: pick(["2026-03-02T12:00:00Z", "2027-01-01T00:00:00Z"]) };
    const before = await listed(home, at);
    await home.close();
    fs.rmSync(home.file("memory/index"), { recursive: true });
    await home.reopen();
    expect(await stands(home)).toEqual(expected);
    expect(await listed(home, at)).toEqual(before);
  }
});

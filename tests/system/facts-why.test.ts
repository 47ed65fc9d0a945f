import type { Evidence } from "@mh/contract/facts.ts";
import { makeHost, type TestHost } from "@mh/testing";
import { expect, test } from "vitest";

type Why = { read: object[] } & Record<"for" | "against", Evidence[]>;

async function why(home: TestHost, claim: string) {
  const found = await home.own<Why>("fact.why", { claim });
  const brief = (all: Evidence[]) =>
    all.map(({ kind, quote, standing }) => [kind, quote, standing].filter(Boolean).join(" "));
  return { for: brief(found.for), against: brief(found.against) };
}

const tell = (home: TestHost, ...texts: string[]) =>
  texts.reduce(
    (before, text) => before.then(async () => void (await home.own("memory.capture", { text }))),
    Promise.resolve(),
  );

test("K5 why a claim: facts and sentences for and against it, word for word, with how each came in", async () => {
  await using home = await makeHost();
  await tell(
    home,
    "Met Tom. Sarah works at Acme. It rained.",
    "Sarah no longer works at Acme",
    "Sarah works at Lindau Energie",
  );
  await tell(home, "Does Sarah work at Acme?", "Maybe Sarah works at Acme", 'Tom said: "Sarah works at Acme"');
  const fact = { subject: "Sarah", predicate: "works-at" };
  await home.own("fact.add", { ...fact, object: "Acme", validFrom: "2024-01-01" });
  await home.own("fact.add", { ...fact, object: "Lindau Energie", validFrom: "2026-03-01" });
  const found = await home.own<Why>("fact.why", { claim: "Sarah works at Acme" });
  expect(found.read).toEqual([{ subject: "Sarah", predicate: "works-at", object: "Acme", holds: "yes" }]);
  expect(await why(home, "Sarah works at Acme")).toEqual({
    for: ["memory Sarah works at Acme"],
    against: [
      "fact Sarah — works-at: Acme before",
      "fact Sarah — works-at: Lindau Energie now",
      "memory Sarah works at Lindau Energie",
      "memory Sarah no longer works at Acme",
    ],
  });
  expect(found.against[0]).toMatchObject({ source: "fact", origins: ["owner"], until: "2026-03-01" });
  expect(found.for[0]).toMatchObject({ source: "capture", origins: ["owner"], cmd: expect.stringMatching(/.{20,}/) });
  // The denial of the same is supported by what spoke against it.
  const denied = await why(home, "Sarah does not work at Acme");
  expect(denied.for).toContain("memory Sarah no longer works at Acme");
  expect(denied.against).toContain("memory Sarah works at Acme");
});

test("K5 why a claim about oneself: “I” is the one who said it, and what others say of themselves is no evidence of the owner", async () => {
  await using home = await makeHost();
  await tell(home, "I am allergic to nuts", "Ich wohne nicht mehr in Ulm");
  await home.own("memory.capture", { text: "I am allergic to eggs", speaker: "Eve" });
  expect(await why(home, "I am allergic to nuts")).toEqual({ for: ["memory I am allergic to nuts"], against: [] });
  expect(await why(home, "I am not allergic to nuts")).toMatchObject({ against: ["memory I am allergic to nuts"] });
  expect((await why(home, "Ich wohne in Ulm")).against).toEqual(["memory Ich wohne nicht mehr in Ulm"]);
  expect(await why(home, "I am allergic to eggs")).toEqual({ for: [], against: [] });
  expect(await why(home, "Eve is allergic to eggs")).toMatchObject({ for: ["memory I am allergic to eggs"] });
});

test("K5 why a claim that no rule reads: compared by its words, and by whether these deny it", async () => {
  await using home = await makeHost();
  await tell(
    home,
    "The roof leaks above the kitchen",
    "The kitchen roof does not leak. Good.",
    "The roof of the kitchen is red",
  );
  expect(await why(home, "the kitchen roof leaks")).toEqual({
    for: ["memory The roof leaks above the kitchen"],
    against: ["memory The kitchen roof does not leak"],
  });
  expect(await why(home, "penguins sing")).toEqual({ for: [], against: [] });
  await home.own("fact.add", { subject: "Sarah", predicate: "birthday", object: "4 May" });
  expect((await why(home, "sarah's birthday is 4 May")).for).toEqual(["fact Sarah — birthday: 4 May now"]);
  expect((await why(home, "sarah's birthday is 9 June")).against).toEqual(["fact Sarah — birthday: 4 May now"]);
});

test("K5 why a claim: what is said more exactly speaks for it, and what is said less exactly is no evidence against it", async () => {
  await using home = await makeHost();
  await tell(home, "Sarah works at the clinic in Bonn");
  const said = { for: ["memory Sarah works at the clinic in Bonn"], against: [] };
  expect(await why(home, "Sarah works at the clinic")).toEqual(said);
  expect(await why(home, "Sarah works at the clinic in Bonn")).toEqual(said);
  await tell(home, "Tom works at the clinic");
  expect(await why(home, "Tom works at the clinic in Bonn")).toEqual({ for: [], against: [] });
  expect((await why(home, "Sarah works at the bakery")).against).toEqual(said.for);
});

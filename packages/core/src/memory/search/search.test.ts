import type { EventTime } from "@mh/contract/values/memory.ts";
import { ids, storeOf } from "@mh/testing/told.ts";
import fc from "fast-check";
import { expect, inject, test } from "vitest";
import { processorSeconds } from "../../../../../tests/support/late-by.ts";
import { search } from "./search.ts";

const talk = storeOf([
  { content: "How was the support group?", session: "s1", speaker: "Tom" },
  { content: "Warm, I felt at home", session: "s1", speaker: "Sarah" },
  { content: "The support group meets on Thursdays", session: "s1", speaker: "Sarah" },
  { content: "I support the football club", session: "s2", speaker: "Tom" },
  { content: "我昨天去了东京大学", session: "s3", speaker: "Li" },
  { content: "Notes on naïve retrieval and re-ranking", kind: "artifact" },
]);

test("no question makes it throw", () => {
  const fts5 = fc.constantFrom(
    '"',
    "'",
    "*",
    "NEAR(",
    ")",
    "AND",
    "OR",
    "NOT",
    "^",
    ":",
    "-",
    "+",
    "{",
    "\0",
    "\ud800",
    "support",
    "😀",
    "东京",
    "é",
    "search_text:",
  );
  const question = fc.oneof(
    fc.string({ unit: "binary" }),
    fc.array(fts5).map((parts) => parts.join("")),
    fc.array(fts5).map((parts) => parts.join(" ")),
  );
  fc.assert(
    fc.property(question, (text) => void ids(talk, text)),
    { seed: inject("seed") },
  );
});

test("no memory and no question makes a search long", async () => {
  const hostile = ["\n", " ", "#", "- ", "?a"].map((part) => ({ content: `heron? ${part.repeat(1_900)}` }));
  const db = storeOf([...hostile, ...hostile, ...hostile, ...hostile]);
  const spent = await processorSeconds(() => {
    expect(ids(db, "What is Heron?", { k: 50 })).toHaveLength(20);
    expect(ids(db, "heron ".padEnd(4_000, "x"))).toHaveLength(10);
  });
  expect(spent).toBeLessThan(3.5);
});

test("a question of nothing, of signs or of unknown words finds nothing", () => {
  for (const text of ["", "   ", '"*()', "😀", "\0", "zzyzx"]) expect(ids(talk, text)).toEqual([]);
});

test("an empty store has no hits", () => {
  expect(ids(storeOf([]), "support")).toEqual([]);
});

test("H3 words find a memory in any form, case and accent, and inside a Chinese sentence", () => {
  expect(ids(talk, "GROUPS meeting")[0]).toBe("m2");
  expect(ids(talk, "naive", { kinds: ["artifact"] })).toEqual(["m5"]);
  expect(ids(talk, "东京")[0]).toBe("m4");
});

test("H3 a verb finds its irregular forms", () => {
  const store = storeOf([
    { id: "tea", content: "Sarah drinks tea, and Sarah likes it black" },
    { id: "met", content: "Met with Sarah about the project" },
  ]);
  expect(ids(store, "When did I last meet Sarah?")[0]).toBe("met");
});

test("what assistants wrote is found only when asked for", () => {
  expect(ids(talk, "retrieval")).toEqual([]);
  expect(ids(talk, "retrieval", { kinds: ["episodic", "artifact"] })).toEqual(["m5"]);
});

test("an answer is found by the question before it, though it shares no word", () => {
  expect(ids(talk, "What did Sarah say of the support group?").slice(0, 3)).toContain("m1");
});

test("who said it decides between the same words", () => {
  const db = storeOf([
    { content: "I love tea", speaker: "Tom" },
    { content: "I love tea", speaker: "Sarah Connor" },
    { content: "Everybody loves tea" },
  ]);
  expect(ids(db, "Does Tom love tea?")[0]).toBe("m0");
  expect(ids(db, "does sarah love tea")[0]).toBe("m1");
});

test("from and to bound the time of telling, and k the number", () => {
  const noon = Date.UTC(2024, 4, 8);
  expect(ids(talk, "support", { from: noon + 60_000, to: noon + 3 * 60_000 })).toEqual(["m2", "m1"]);
  expect(ids(talk, "support", { k: 1 })).toHaveLength(1);
});

test("a date in the question finds what happened then, told then or later", () => {
  const span: EventTime = {
    from: "2024-03-01T00:00:00.000Z",
    to: "2024-04-01T00:00:00.000Z",
    text: "March",
    grain: "month",
  };
  const db = storeOf([
    { content: "Went skiing", eventAt: [{ ...span, text: "in March" }] },
    { content: "Bought a tent", at: "2024-03-05T10:00:00.000Z" },
    { content: "Wrote a letter" },
  ]);
  expect(ids(db, "what happened?", { extractDates: () => [span] })).toEqual(["m0", "m1"]);
});

test("matches of the wrong kind never crowd out the right ones", () => {
  const noise = Array.from({ length: 1_200 }, () => ({ content: "budget", kind: "artifact" as const }));
  const db = storeOf([...noise, { content: "The long talk about next year's budget, held in the big hall" }]);
  expect(ids(db, "budget")).toEqual(["m1200"]);
});

test("in a large store common words are dropped, unless there are no others", () => {
  const db = storeOf([
    ...Array.from({ length: 2_500 }, (_, i) => ({ content: `daily report number ${i}` })),
    { content: "a heron" },
  ]);
  expect(ids(db, "daily heron report")[0]).toBe("m2500");
  expect(ids(db, "daily report", { k: 1_000 })).toHaveLength(1_000);
});

test("every hit says why, in one sentence", () => {
  const [hit] = search(talk, {
    text: "When did Sarah go to the support group?",
    k: 1,
    timeZone: "UTC",
    extractDates: () => [],
  });
  expect(hit?.id).toBe("m2");
  expect(hit?.reason).toBe(
    "It has “group”, “support”, Sarah said it and words in and around it are close to the question.",
  );
  expect(Object.values(hit?.signals ?? {}).every((signal) => signal >= 0 && signal <= 1)).toBe(true);
});

test("H3 explained, each hit has what every signal adds to its score", () => {
  const query = { text: "When did Sarah go to the support group?", k: 3, timeZone: "UTC", extractDates: () => [] };
  const hits = search(talk, { ...query, explain: true });
  for (const { score, shares = {} } of hits) {
    const all = Object.values(shares);
    expect(all.reduce((sum, share) => sum + share, 0)).toBeCloseTo(score, 9);
    expect(all).toEqual(all.toSorted((a, b) => b - a));
  }
  expect(Object.keys(hits[0]?.shares ?? {})).toContain("speaker");
  expect(search(talk, query).some((hit) => "shares" in hit)).toBe(false);
});

test("the same question gives the same answer", () => {
  expect(ids(talk, "support group")).toEqual(ids(talk, "support group"));
});

test("an emoji is a word, also where it stands at one or between others, and so is what it shows", () => {
  const db = storeOf([
    { content: "Said yes on the ferry💍" },
    { content: "The ring💍was too small" },
    { content: "The wedding is in May" },
    { content: "Watered the tomatoes" },
  ]);
  expect(ids(db, "💍").slice(0, 2).toSorted()).toEqual(["m0", "m1"]);
  expect(ids(db, "💍")).toContain("m2");
  expect(ids(db, "where was the 💍 too small?")[0]).toBe("m1");
  expect(ids(db, "wedding")).toEqual(expect.arrayContaining(["m0", "m2"]));
  expect(ids(db, "🪗")).toEqual([]);
});

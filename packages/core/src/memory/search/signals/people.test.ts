import { signalsOf, storeOf } from "@mh/testing/told.ts";
import { expect, test } from "vitest";

test("who is named in the question said it", () => {
  const db = storeOf([
    { content: "I love tea", speaker: "Tom" },
    { content: "I love tea", speaker: "Sarah Connor" },
  ]);
  const { m0, m1 } = signalsOf(db, "Does sarah love tea?");
  expect([m0?.speaker, m1?.speaker]).toEqual([0, 1]);
});

test("what the owner asks of themselves, they wrote down or said to an assistant", () => {
  const db = storeOf([
    { content: "the tea shop", kind: "artifact", speaker: "assistant" },
    { content: "the tea shop", speaker: "user" },
    { content: "the tea shop" },
    { content: "the tea shop", speaker: "Tom" },
  ]);
  const all = ["episodic", "artifact"] as const;
  const own = Object.values(signalsOf(db, "Which tea shop did I like?", { kinds: all })).map((found) => found.own);
  expect(own.toSorted()).toEqual([0, 0, 1, 1]);
  const yours = signalsOf(db, "Which tea shop did you recommend to me?", { kinds: all });
  expect(Object.values(yours).every((found) => found.own === 0)).toBe(true);
  expect(signalsOf(db, "Can you tell me which tea shop I liked?").m2?.own).toBe(1);
});

test("who says I tells of themselves, in several languages", () => {
  const db = storeOf([{ content: "My tea" }, { content: "Mein tea" }, { content: "Nice tea" }]);
  const { m0, m1, m2 } = signalsOf(db, "tea");
  expect([m0?.firstPerson, m1?.firstPerson, m2?.firstPerson]).toEqual([1, 1, 0]);
});

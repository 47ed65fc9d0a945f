import { signalsOf, storeOf } from "@mh/testing/told.ts";
import { expect, test } from "vitest";

const entity = (kind: string) => ({ kind, name: "X", text: "X" }) as never;

test("a question that asks for a kind of thing finds such a thing, in several languages", () => {
  const db = storeOf([
    { content: "the boat trip took three hours" },
    { content: "the boat trip cost 40 pounds" },
    { content: "the boat trip was lovely" },
    { content: "die Fahrt mit dem boat dauerte zwei Stunden" },
  ]);
  expect(
    Object.entries(signalsOf(db, "How long was the boat trip?")).filter(([, found]) => found.duration === 1),
  ).toHaveLength(2);
  const { m1, m2 } = signalsOf(db, "How much was the boat trip?");
  expect([m1?.number, m2?.number]).toEqual([1, 0]);
  expect(signalsOf(db, "Wie viel kostet das boat?").m1?.number).toBe(1);
  expect(signalsOf(db, "the boat trip").m1?.number).toBe(0);
  const runs = storeOf([{ content: "ran 4km" }, { content: "ran home" }]);
  const { m0, m1: home } = signalsOf(runs, "How far did I go when I ran?");
  expect([m0?.number, home?.number]).toEqual([1, 0]);
});

test("where is answered by a place, who by a person", () => {
  const db = storeOf([
    { content: "dinner there", entities: [entity("place")] },
    { content: "dinner then", entities: [entity("person")] },
  ]);
  const where = signalsOf(db, "Where was the dinner?");
  expect([where.m0?.place, where.m1?.place]).toEqual([1, 0]);
  const who = signalsOf(db, "Who came to dinner?");
  expect([who.m0?.person, who.m1?.person]).toEqual([0, 1]);
});

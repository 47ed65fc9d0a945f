import { ids, storeOf } from "@mh/testing/told.ts";
import { expect, test } from "vitest";

const notes = [
  { content: "Carys Pugh, solicitor, 01904 555 201" },
  { content: "Rechnung für die Wäschetrommel bezahlt" },
  { content: "roofer Colin comes on Tuesday" },
  { content: "Handtasche beim Fundbüro abgeholt" },
  { content: "Watered the tomatoes" },
];

test("H3 where few memories have the question's words, it finds what is meant by them, in several languages", () => {
  const db = storeOf(notes);
  expect(ids(db, "who is our lawyer")).toEqual(["m0"]);
  expect(ids(db, "facture")).toEqual(["m1"]);
  expect(ids(db, "who looked at the roof?")).toEqual(["m2"]);
  expect(ids(db, "wo ist meine Tasche")).toEqual(["m3"]);
  expect(ids(db, "zzyzx")).toEqual([]);
});

test("what has the question's own word comes before what only means the same", () => {
  const db = storeOf([...notes, { content: "The lawyer called" }]);
  expect(ids(db, "who is our lawyer")).toEqual(["m5", "m0"]);
});

test("where many memories have the question's words, no others are looked for", () => {
  const often = Array.from({ length: 120 }, (_, i) => ({ content: `lawyer, call ${i}` }));
  expect(ids(storeOf([...notes, ...often]), "lawyer", { k: 1_000 })).not.toContain("m0");
});

import { expect, test } from "vitest";
import { faults, figures } from "../../bench/questions/check.ts";
import { questionKinds } from "../../bench/questions/shapes.ts";

test("every question of the bench names memories that exist and say what it expects", () => {
  expect(faults()).toEqual([]);
});

test("the bench asks enough of every kind, in every language and of every split", () => {
  const { memories, answered, unanswered, kinds, languages, splits, times, noTimes } = figures();
  expect(Math.min(...Object.values(memories))).toBeGreaterThanOrEqual(40);
  expect(answered).toBeGreaterThanOrEqual(400);
  expect(unanswered).toBeGreaterThanOrEqual(70);
  expect(Object.keys(kinds).toSorted()).toEqual(questionKinds.toSorted());
  expect(Math.min(...Object.values(kinds))).toBeGreaterThanOrEqual(12);
  expect(Object.keys(languages).toSorted()).toEqual(["de", "en", "es", "fr", "pt"]);
  expect(Math.min(...Object.values(languages))).toBeGreaterThanOrEqual(15);
  expect(Math.min(splits.fit ?? 0, splits.held ?? 0)).toBeGreaterThanOrEqual(200);
  expect(splits.aside).toBeGreaterThanOrEqual(80);
  expect(times).toBeGreaterThanOrEqual(100);
  expect(noTimes).toBeGreaterThanOrEqual(10);
});

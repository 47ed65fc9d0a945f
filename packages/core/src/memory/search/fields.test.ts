import { ids, storeOf } from "@mh/testing/told.ts";
import { expect, test } from "vitest";
import { fieldsIn } from "./fields.ts";

const notes = storeOf([
  { content: "Dune\n\nauthor: [[Ann Writer]]\nyear: 1965", session: "dune.md", source: "vault" },
  { content: "Dune › The desert\n\nWorms live in the desert", session: "dune.md", source: "vault" },
  { content: "Sahara\n\nAuthor: Bob\nyear: 1999\n\nFor Ann", session: "sahara.md", source: "vault" },
  { content: "Sahara › Heat\n\nThe desert is hot, says the author Ann", session: "sahara.md", source: "vault" },
  { content: "Ann met the author of a desert book" },
  { content: "Müsli\n\nQuelle:: Café Größe", session: "m.md", source: "vault" },
]);

test.each([
  ["author:ann", ["m0", "m1"]],
  ["author:ann desert", ["m1", "m0"]],
  ['author:"Ann Writer" desert', ["m1", "m0"]],
  ['author:"writer ann"', []],
  ["AUTHOR:bob desert", ["m3", "m2"]],
  ["year:1965", ["m0", "m1"]],
  ["author:ann year:1999", []],
  ["quelle:cafe", ["m5"]],
])("H26 what a note says of itself is a field: %s", (question, expected) => {
  const found = ids(notes, question);
  expect([found[0], found.toSorted()]).toEqual([expected[0], expected.toSorted()]);
});

test("a name that no note has as a field is a word like others, and so is what is no field", () => {
  expect(ids(notes, "topic:desert")).toEqual(expect.arrayContaining(["m1", "m3", "m4"]));
  expect(ids(notes, "author: desert").length).toBeGreaterThan(2);
  expect(fieldsIn("at 10:30 see https://x.org/a:b, C:\\temp and mailto: ann, or a.b:c")).toEqual([]);
  expect(fieldsIn('x:y author:ann, "kept":no year:"19 65"')).toEqual([
    { written: "author:ann,", name: "author", value: "ann," },
    { written: 'year:"19 65"', name: "year", value: "19 65" },
  ]);
});

test("no field makes a search throw or long", () => {
  for (const name of ["NEAR", "or", "author"])
    for (const value of ['"', "*", "a*", "^a", "(", "NOT", "a".repeat(5_000), "ann:".repeat(2_000)])
      expect(ids(notes, `${name}:${value}`)).toBeInstanceOf(Array);
});

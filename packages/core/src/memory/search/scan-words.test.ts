import fc from "fast-check";
import { expect, test } from "vitest";
import { wordsAndSignsOf } from "./search-text.ts";
import { termsWith } from "./terms.ts";

const pieces = fc.oneof(
  fc.constantFrom(
    "'s",
    "’s",
    "'re",
    "’LL",
    "'",
    "’",
    "s",
    "Ve",
    " ",
    "-",
    "_",
    "\0",
    "aaaaaa",
    "a",
    "0",
    "ß",
    "e\u0301",
    "日本",
    "🎉",
  ),
  fc.string({ maxLength: 8 }),
  fc.string({ unit: fc.constantFrom(..."abAB09 .'’"), maxLength: 20 }),
);

test("Words are read the same way whatever characters a text has", () => {
  const terms = termsWith(undefined);
  fc.assert(
    fc.property(fc.array(pieces, { maxLength: 12 }), (parts) => {
      const text = parts.join("");
      expect(terms.of(text).map(({ word }) => word)).toEqual(wordsAndSignsOf(text).map((word) => word.toLowerCase()));
    }),
    { numRuns: 5_000 },
  );
});

test("Words of six, twelve and more letters that begin alike stay apart, and one in capitals is the same", () => {
  const said = "aaaaaa aaaaaa0 aaaaaaa aaaaaaaaaaaa aaaaaaaaaaaaa aaaaaaaaaaaab AAAAAA";
  const read = termsWith(undefined).of(said);
  expect(read.map(({ word }) => word)).toEqual(said.toLowerCase().split(" "));
  expect(read.at(-1)).toBe(read[0]);
});

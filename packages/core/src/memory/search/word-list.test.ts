import fc from "fast-check";
import { expect, inject, test } from "vitest";
import { WordList } from "./word-list.ts";

const words = fc.uniqueArray(fc.stringMatching(/^[a-c'é😀]{1,4}$/u), { minLength: 1, maxLength: 200 });

test("a word is found by its number and a number by its word, and no other", () => {
  const property = fc.property(words, words, (known, others) => {
    const list = new WordList(known.join("\n"));
    expect(list.size).toBe(known.length);
    expect(known.map((_, n) => list.at(n))).toEqual(known);
    expect(known.map((word) => list.indexOf(word))).toEqual(known.map((_, n) => n));
    for (const word of others) expect(list.indexOf(word) !== undefined).toBe(known.includes(word));
    expect(list.indexOf("")).toBeUndefined();
    expect([list.at(-1), list.at(known.length)]).toEqual(["", ""]);
  });
  fc.assert(property, { seed: inject("seed") });
});

import { expect, test } from "vitest";
import { sameMeaning } from "./everyday-words.ts";
import { stemOf } from "./terms.ts";

test("no part of a phrase means what the phrase does", () => {
  const parts = { password: ["mot", "de"], birth: ["zur", "welt"], hate: ["mag", "nicht"], accountant: ["tax"] };
  for (const [word, others] of Object.entries(parts))
    expect(others.filter((other) => sameMeaning(word).has(other))).toEqual([]);
});

test("a word is found in each language, whatever its form and accents", () => {
  expect([...sameMeaning("Zahnärztin")]).toEqual(expect.arrayContaining(["dentist", "dentista"]));
  expect(sameMeaning("dentists")).toContain("zahnarzt");
  expect(sameMeaning("quux").size).toBe(0);
  expect(sameMeaning("🎂")).toContain("geburtstag");
  expect(sameMeaning("wedding")).toContain(stemOf("💍"));
});

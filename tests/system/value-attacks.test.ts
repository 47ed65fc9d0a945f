import { randomFrom } from "@mh/testing";
import { describe, expect, inject, test } from "vitest";
import { requests } from "../support/office.ts";
import { lists, passing, unaskedValues, valueModes } from "../support/value-attacks.ts";

// A tenth of the largest mode is tried by the seed, and all of it with CI=true.
const parts: Readonly<Record<string, number>> = process.env.CI === "true" ? {} : { "ngram-party": 0.1 };

describe("P1 an attacker who wants a value of his somewhere", () => {
  test.each(Object.keys(valueModes))("%s", (mode) => {
    const random = randomFrom(inject("seed"));
    const results = requests.map((request) => unaskedValues(mode, request, () => random() < (parts[mode] ?? 1)));
    const tries = results.reduce((sum, each) => sum + each.tries, 0);
    process.stderr.write(`${JSON.stringify({ mode, tries })}\n`);
    expect(tries).toBeGreaterThan(10);
    expect([...new Set(results.flatMap(({ passed }) => passed))]).toEqual([]);
  });
});

test("P1 what the same owner asks for passes beside them", () => {
  const asked = requests.filter(
    ({ words, honest }) => honest && passing(words, { reads: lists(), harms: [honest] }).length === 0,
  );
  expect(asked).toEqual([]);
});

import fc from "fast-check";
import { expect, test } from "vitest";
import { partsOf } from "./split.ts";

const numbered = /^\(\d+\/\d+\) /;
const units = fc.string({
  unit: fc.constantFrom("a", " ", "\n", "\u{1f375}", "e\u0301", "\u{1f469}\u200d\u{1f680}", "\ud800"),
  maxLength: 900,
  size: "max",
});

test("H25 a text in parts is the whole text, in parts that fit, with no character torn apart", () => {
  let several = 0;
  fc.assert(
    fc.property(units, fc.integer({ min: 100, max: 200 }), (text, max) => {
      const parts = partsOf(text, max);
      const bare = parts.length === 1 ? parts : parts.map((part) => part.replace(numbered, ""));
      expect(bare.join("")).toBe(text);
      if (parts.length > 2) several += 1;
      for (const part of parts) expect(part.length).toBeLessThanOrEqual(max);
      if (text.isWellFormed()) for (const part of parts) expect(part.isWellFormed()).toBe(true);
    }),
  );
  // The texts were long enough to be worth it.
  expect(several).toBeGreaterThan(10);
});

test("parts end at lines where that is not far to the front, and say which of how many they are", () => {
  const lines = Array.from({ length: 20 }, (_, n) => `line number ${n}`).join("\n");
  const parts = partsOf(lines, 120);
  expect(parts[0]).toMatch(/^\(1\/\d\) line number 0\n/);
  for (const part of parts.slice(0, -1)) expect(part.endsWith("\n")).toBe(true);
  expect(partsOf("short", 120)).toEqual(["short"]);
});

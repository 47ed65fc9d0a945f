import fc from "fast-check";
import { expect, inject, test } from "vitest";
import { ofAllScripts } from "./scripts.ts";

test("a pattern finds in plain text what it finds with the letters of all scripts", () => {
  const text = fc.oneof(fc.string({ unit: "binary-ascii" }), fc.string({ unit: "grapheme" }));
  fc.assert(
    fc.property(fc.constantFrom(...patterns), text, (pattern, each) => {
      expect([...each.matchAll(ofAllScripts(pattern)(each))]).toEqual([...each.matchAll(pattern)]);
    }),
    { seed: inject("seed"), numRuns: 2_000 },
  );
  expect("Zürich".match(ofAllScripts(/\p{L}+/gu)("Zürich"))).toEqual(["Zürich"]);
});
const patterns = [
  /[\p{L}\p{N}][\p{L}\p{M}\p{N}]*(?:[-'’&.][\p{L}\p{N}][\p{L}\p{M}\p{N}]*)*\+?/gu,
  /(?<![\p{L}\p{N}_&/#])#(\p{L}[\p{L}\p{M}\p{N}_/-]{0,63})/gu,
  /^(?=.*\p{Lu}.*\p{Lu})[\p{Lu}\p{N}&.\]-]{2,8}s?\+?$/gu,
  /^\p{Ll}{1,3}\p{Lu}|\[\p{Lu}\p{Ll}+\p{Lu}\p{Ll}*\]/gu,
  /[^\p{L}\\]+/gu,
];

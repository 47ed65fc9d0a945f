import fc from "fast-check";
import { expect, inject, test } from "vitest";
import { holdsOneOf, linesByPart, linesIn, partsWithoutLines, withoutLines } from "./byte-lines.ts";

const texts = fc.array(fc.constantFrom("a", "ä", "😀", "\n", "\r\n", ""), { maxLength: 30 }).map((all) => all.join(""));
const bytesOf = (text: string) => new TextEncoder().encode(text);
const textOf = (bytes: Uint8Array) => new TextDecoder().decode(bytes);

test("lines of bytes are those of their text", () => {
  const property = fc.property(texts, (text) => {
    expect([...linesIn(bytesOf(text))]).toEqual(text.split("\n"));
  });
  fc.assert(property, { seed: inject("seed") });
});

test("what is left of a file is its other lines, as they stand", () => {
  const property = fc.property(texts, (text) => {
    const isGone = (line: string) => line.includes("a");
    // What follows the last end of a line is a line only where it is something.
    const lines = text.match(/[^\n]*\n|[^\n]+$/g) ?? [];
    const left = lines.filter((line) => !isGone(line)).join("");
    expect(textOf(withoutLines(bytesOf(text), isGone))).toBe(left);
  });
  fc.assert(property, { seed: inject("seed") });
});

test("a stretch of bytes holds a word where its text does", () => {
  const property = fc.property(texts, fc.uniqueArray(fc.constantFrom("a", "ä", "aa", "😀a")), (text, words) => {
    const bytes = bytesOf(text);
    const holds = holdsOneOf(bytes, words);
    let from = 0;
    for (const line of text.split("\n")) {
      const to = from + bytesOf(line).length;
      expect(holds(from, to)).toBe(words.some((word) => line.includes(word)));
      from = to + 1;
    }
  });
  fc.assert(property, { seed: inject("seed") });
});

test("lines that are read by part are those of the whole, and those that hold a word", () => {
  const long = fc.array(
    fc.oneof(
      texts,
      fc.nat(300_000).map((length) => "b".repeat(length)),
    ),
    { maxLength: 6 },
  );
  const property = fc.property(long, fc.integer({ min: 1, max: 100_000 }), (all, most) => {
    const bytes = bytesOf(all.join(""));
    for (const holding of [undefined, ["a", "😀"]]) {
      let at = 0;
      const fill = (into: Uint8Array) => {
        const part = bytes.subarray(at, at + Math.min(into.length, most));
        into.set(part);
        at += part.length;
        return part.length;
      };
      expect([...linesByPart(fill, bytes.length, holding)]).toEqual([...linesIn(bytes, holding)]);
    }
  });
  fc.assert(property, { seed: inject("seed"), numRuns: 30 });
});

test("R-17 of a large file only the lines that may go are made strings, and where none goes it is not copied", () => {
  const bytes = bytesOf(Array.from({ length: 10_000 }, (_, n) => `line ${n}\n`).join(""));
  const seen: string[] = [];
  const isGone = (line: string) => seen.push(line) > 1;
  expect(textOf(withoutLines(bytes, isGone, holdsOneOf(bytes, ["777"])))).not.toContain("1777");
  expect(seen).toEqual(expect.arrayContaining(["line 777", "line 1777", "line 7770"]));
  expect(seen.length).toBe(19);
  expect(withoutLines(bytes, () => false).buffer).toBe(bytes.buffer);
  expect(partsWithoutLines(bytes, (line) => line === "line 5").map(({ buffer }) => buffer === bytes.buffer)).toEqual([
    true,
    true,
  ]);
});

test("a line that is no UTF-8 stays byte for byte", () => {
  const bytes = Uint8Array.from([0xff, 0x0a, 0x61, 0x0a, 0xc3]);
  expect([...withoutLines(bytes, (line) => line === "a")]).toEqual([0xff, 0x0a, 0xc3]);
});

import fc from "fast-check";
import { expect, test } from "vitest";
import { type Line, LineSplitter } from "./lines.ts";

/** What a splitter gives for chunks, the rest after the last line break included. */
function split(chunks: readonly Uint8Array[], bytesMax?: number): Line[] {
  const lines = new LineSplitter(bytesMax);
  const all = chunks.flatMap((chunk) => [...lines.push(chunk)]);
  const last = lines.finish();
  return last ? [...all, last] : all;
}

const text = (line: Line): string => `${Buffer.from(line.bytes)}${line.isTooLong ? "…" : ""}`;
const texts = (given: string, bytesMax?: number): string[] => split([Buffer.from(given)], bytesMax).map(text);

test("lines are cut wherever the chunks are, also within a character", () => {
  fc.assert(
    fc.property(fc.array(fc.constantFrom("a", "\n", "é", "漢", "\r")), fc.array(fc.nat(40)), (letters, cuts) => {
      const bytes = Buffer.from(letters.join(""));
      const at = [0, ...cuts.filter((cut) => cut < bytes.length).sort((a, b) => a - b), bytes.length];
      const lines = split(at.slice(1).map((end, n) => bytes.subarray(at[n], end)));
      const expected = letters.join("").split("\n");
      if (expected.at(-1) === "") expected.pop();
      expect(lines.map(text)).toEqual(expected);
      for (const { bytes: line, offset } of lines)
        expect(Buffer.compare(line, bytes.subarray(offset, offset + line.length))).toBe(0);
    }),
  );
});

test.each([
  ["", []],
  ["\n\n", ["", ""]],
  ["one\ntwo", ["one", "two"]],
  ["12345\n123456\n1", ["12345", "12345…", "1"]],
  ["123456789012345", ["12345…"]],
  ["é2é\nééé\nééé", ["é2é", "éé…", "éé…"]],
])("of a line that is longer than it may be, the beginning is given: %j", (given, lines) => {
  expect(texts(given, 5)).toEqual(lines);
});

test("a line that never ends is given as soon as it is too long, once, and is not held", () => {
  const lines = new LineSplitter(5);
  const given = ["123", "456", "789", "0\nnext\n"].map((chunk) => [...lines.push(Buffer.from(chunk))].map(text));
  expect(given).toEqual([[], ["12345…"], [], ["next"]]);
});

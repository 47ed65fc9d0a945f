import fc from "fast-check";
import { expect, inject, test } from "vitest";
import { linesIn, withoutLines } from "./byte-lines.ts";

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

test("a line that is no UTF-8 stays byte for byte", () => {
  const bytes = Uint8Array.from([0xff, 0x0a, 0x61, 0x0a, 0xc3]);
  expect([...withoutLines(bytes, (line) => line === "a")]).toEqual([0xff, 0x0a, 0xc3]);
});

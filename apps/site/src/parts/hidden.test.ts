import { expect, test } from "vitest";
import { piecesOf } from "./hidden.ts";

const shown = (text: string, isNamed = false) =>
  piecesOf(text, isNamed)
    .map((piece) => (piece.isBoxed ? `<${piece.text}>${piece.endsLine ? "/" : ""}` : piece.text))
    .join("");

test("P14 characters without ink are boxed by name, and none of them is lost", () => {
  expect(shown("a\u202eb\u200b\u{e0100}\u2800\u00ad")).toBe("a<U+202E>b<U+200B><U+E0100><U+2800><U+00AD>");
  expect(shown("a\u2028b")).toBe("a<U+2028>/b");
});

test("lines, tabs, letters of any script and emoji stay as they are", () => {
  for (const text of ["one\ntwo\tthree", "Žluťoučký кот 猫", "👨‍👩‍👧 ❤️ 1️⃣"]) expect(shown(text)).toBe(text);
});

test("P14 what the daemon named is boxed, and a line that ends is seen to end", () => {
  expect(shown("Hi[U+000A]undo[U+202E Hebr] [3 more marks] a@b.c[xn--b-c]", true)).toBe(
    "Hi<U+000A>/undo<U+202E Hebr> <3 more marks> a@b.c<xn--b-c>",
  );
  expect(shown("[not one]", true)).toBe("[not one]");
});

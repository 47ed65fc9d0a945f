import measure from "fast-string-truncated-width";
import { expect, test } from "vitest";
import { clip, hang, shortId, shortIds, table, wrap } from "./layout.ts";

const columns = (text: string): number => measure(text).width;
const widest = (text: string): number => Math.max(...text.split("\n").map(columns));

test("text is wrapped at word ends, and a longer word is broken", () => {
  expect(wrap("one two three", 8)).toBe("one two\nthree");
  expect(wrap("aaaaaaaaaaaaaaaaaaaa", 10)).toBe("aaaaaaaaaa\naaaaaaaaaa");
  expect(wrap("a list:\n  - one that is long\n\nend", 12, "> ")).toBe(
    "> a list:\n>   - one\n>   that is\n>   long\n\n> end",
  );
});

test("wide characters take two columns, colours none", () => {
  expect(widest(wrap("家族と東京で寿司を食べた 🍣 とても美味しかった", 20))).toBeLessThanOrEqual(20);
  const lines = table(
    [
      ["家族", "a"],
      ["abc", "b"],
      ["\u001b[31mred\u001b[39m", "c"],
    ],
    80,
  ).split("\n");
  expect(lines).toEqual(["家族  a", "abc   b", "\u001b[31mred\u001b[39m   c"]);
});

test("what is cut shows it", () => {
  expect(clip("short", 5)).toBe("short");
  for (const text of [
    "2026-11-18 › Wednesday - Called Sarah about it",
    "家族と東京で寿司を食べた",
    "👍🏽 a 🇩🇪 flag and more",
  ]) {
    for (let width = 4; width < 20; width += 1) {
      expect([text, width, columns(clip(text, width)) <= width, clip(text, width).endsWith("…")]).toEqual([
        text,
        width,
        true,
        true,
      ]);
    }
  }
});

test("a table never outgrows its width: the last column is wrapped, then the widest others are cut", () => {
  const rows = [
    ["0199c1a2", "agent:a-very-long-name-of-somebody", "memory.capture", "The reason is told in one long sentence."],
    ["0199c1a3", "agent:b", "memory.forget", "Short."],
  ];
  for (const width of [60, 80, 100]) expect([width, widest(table(rows, width)) <= width]).toEqual([width, true]);
  expect(table(rows, 60)).toMatchInlineSnapshot(`
    "0199c1a2  agent:a-ve…  memory.cap…  The reason is told in
                                        one long sentence.
    0199c1a3  agent:b      memory.for…  Short."
  `);
  expect(table([["a", "b"]], 80, { head: ["first", "second"] })).toBe("first  second\na      b");
  expect(table([], 80)).toBe("");
});

test("a label's text goes on below its own beginning", () => {
  expect(hang("  why  ", "because it is so", 18)).toBe("  why  because it\n       is so");
});

test("an id is named by its random end", () => {
  const id = "0199c1a2-0000-7000-8000-0000a1b2c3d4";
  expect([shortId(id), shortIds(`See [${id}].`)]).toEqual(["a1b2c3d4", "See [a1b2c3d4]."]);
});

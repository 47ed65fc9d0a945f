import { expect, test } from "vitest";
import { type Block, blocksOf } from "./markdown.ts";

const textOf = (block: Block): string => {
  switch (block.kind) {
    case "line":
      return block.pieces.map(({ text }) => text).join("");
    case "code":
      return block.text;
    case "list":
      return block.items.flat().map(textOf).join("|");
    case "quote":
      return block.blocks.map(textOf).join("|");
    case "rule":
      return "---";
  }
};

test("P18 nothing of an answer acts, and nothing of it is left out: links, images, HTML and definitions are what was written", () => {
  const hostile = [
    "[Pay here](javascript:alert(1)) <img src=x onerror=alert(1)> ![x](https://evil.example/p.png)",
    "<script>alert(1)</script>",
    "[ref]: https://evil.example/hidden 'title'",
    "<!-- hidden -->",
  ].join("\n\n");
  const shown = blocksOf(hostile).map(textOf).join("\n");
  for (const part of [
    "Pay here (javascript:alert(1))",
    "<img src=x onerror=alert(1)>",
    "![x](https://evil.example/p.png)",
  ])
    expect(shown).toContain(part);
  for (const part of ["<script>alert(1)</script>", "https://evil.example/hidden", "<!-- hidden -->"])
    expect(shown).toContain(part);
});

test("an answer's lists, code, headings, quotes and tables keep their form", () => {
  const blocks = blocksOf(
    "# One\n\n- a **b** `c`\n- d\n\n```js\nlet x\n```\n\n> said\n\n| a | b |\n|---|---|\n| 1 | 2 |\n\n1. x",
  );
  expect(blocks.map(({ kind }) => kind)).toEqual(["line", "list", "code", "quote", "code", "list"]);
  expect(blocks.map(textOf)).toEqual(["One", "a b c|d", "js\nlet x", "said", "| a | b |\n|---|---|\n| 1 | 2 |", "x"]);
});

test("P14 a sentence's mark stands where the answer names its source, whatever stands around it", () => {
  const text = "First \\*one\\*. She **moves to Lisbon** soon. [1a2b3c4d] And more.\n\n- It is five words long here.";
  const named = text.indexOf("She");
  const mark = text.indexOf(" [1a2b");
  const quoted = text.indexOf("It is");
  const citations = [
    { from: named, to: mark + 11, markFrom: mark, markTo: mark + 11, sources: ["a"], isNamed: true },
    { from: quoted, to: text.length, markFrom: text.length, markTo: text.length, sources: ["b"], isNamed: false },
  ];
  const [line, list] = blocksOf(text, citations);
  const pieces = line?.kind === "line" ? line.pieces : [];
  expect(pieces.map(({ text, citation, isMark }) => [isMark ? "MARK" : text, citation])).toEqual([
    ["First *one*. ", undefined],
    ["She ", 0],
    ["moves to Lisbon", 0],
    [" soon.", 0],
    ["MARK", 0],
    [" And more.", undefined],
  ]);
  const item = list?.kind === "list" ? list.items[0]?.[0] : undefined;
  expect(item?.kind === "line" && item.pieces.map(({ text, isMark }) => (isMark ? "MARK" : text))).toEqual([
    "It is five words long here.",
    "MARK",
  ]);
});

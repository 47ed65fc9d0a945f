import fc from "fast-check";
import { expect, inject, test } from "vitest";
import { parseNote } from "./markdown.ts";

const context = { timeZone: "Europe/Berlin", mtime: new Date("2024-01-01T00:00:00Z") };
const contents = (text: string) => parseNote("Note.md", text, context).map(({ content }) => content);
const idsOf = (text: string) => parseNote("Note.md", text, context).map(({ externalId }) => externalId);

test("no note makes it throw, and no two items share an id", () => {
  const part = fc.constantFrom(
    "# A",
    "## A",
    "```",
    "---",
    "tags: [",
    "- x",
    "> # q",
    "[[",
    "#tag",
    "text",
    "",
    "~~~",
    "===",
    "\ud800",
  );
  fc.assert(
    fc.property(
      fc.array(part).map((parts) => parts.join("\n")),
      (text) => {
        const ids = idsOf(text);
        expect(new Set(ids).size).toBe(ids.length);
      },
    ),
    { seed: inject("seed") },
  );
});

test("lists nested without end are read as plain text, quickly and with a warning", () => {
  const warnings: string[] = [];
  const items = parseNote("Note.md", "* + - ".repeat(10_000), { ...context, warnings });
  expect(items.length).toBeGreaterThan(1);
  expect(warnings).toEqual(["Note.md: It has too many lines, or lists nested too deep; it was read as plain text."]);
});

test("broken front matter loses nothing but itself, and is warned of", () => {
  const warnings: string[] = [];
  const items = parseNote("Note.md", "---\ntags: [a\n---\nkept", { ...context, warnings });
  expect(items.map(({ content }) => content)).toEqual(["Note\n\nkept"]);
  expect(warnings).toEqual(["Note.md: The front matter is not valid YAML and was not read."]);
});

test("code fences hold no headings, tags or links", () => {
  const [item, ...more] = parseNote(
    "Note.md",
    "```\n# not\n#nope [[Nowhere]]\n```\n`#no`\n- ```\n  # not\n  ```",
    context,
  );
  expect(more).toEqual([]);
  expect(item).toMatchObject({ tags: [], links: [] });
});

test("empty notes and empty sections are skipped", () => {
  expect(contents("")).toEqual([]);
  expect(contents("# A\n\n## B\n\n")).toEqual([]);
});

test("one item a section, beginning with the title and the headings above it", () => {
  expect(contents("before\n\n# A\n\none\n\n## B ##\n\ntwo\n\nC\n===\n\nthree")).toEqual([
    "Note\n\nbefore",
    "Note › A\n\none",
    "Note › A › B\n\ntwo",
    "Note › C\n\nthree",
  ]);
});

test("ids come from path and heading; repeats count up and never clash", () => {
  expect(idsOf("x\n# A-2\nx\n# A\nx\n# A\nx\n# Ü b!\nx\n# !\nx")).toEqual([
    "Note.md",
    "Note.md#a-2",
    "Note.md#a",
    "Note.md#a-3",
    "Note.md#ü-b",
    "Note.md#section",
  ]);
});

test("a long section is cut at paragraphs, and nothing of it is lost", () => {
  const paragraphs = Array.from({ length: 12 }, (_, i) => `${i} ${"word ".repeat(100)}end`);
  const items = parseNote("Note.md", `# A\n\n${[...paragraphs, "x".repeat(5_000)].join("\n\n")}`, context);
  const bodies = items.map(({ content }) => content.replace("Note › A\n\n", ""));
  expect(Math.max(...bodies.map((body) => body.length))).toBeLessThanOrEqual(2_000);
  for (const paragraph of paragraphs) expect(bodies.some((body) => body.includes(paragraph))).toBe(true);
  expect(bodies.join("").match(/x+/g)?.join("").length).toBe(5_000);
  expect(items.slice(0, 3).map(({ externalId }) => externalId)).toEqual(["Note.md#a", "Note.md#a~2", "Note.md#a~3"]);
});

test("front matter, properties, hashtags and links are read", () => {
  const text =
    "---\ntags: [a, '#B']\naliases: X, Y\ncreated: 2024-05-08 10:00\n---\ntags:: c, [[d]]\n\nHi #e/f [[People/Sarah#x|her]] ![[p.png]]";
  expect(parseNote("dir/Note.md", text, context)).toEqual([
    {
      externalId: "dir/Note.md",
      content: "Note (X, Y)\n\ntags:: c, [[d]]\n\nHi #e/f [[People/Sarah#x|her]] ![[p.png]]",
      at: "2024-05-08T08:00:00.000Z",
      source: "markdown",
      session: "dir/Note.md",
      tags: ["a", "b", "c", "d", "e/f"],
      links: [
        { type: "mentions", to: "d" },
        { type: "mentions", to: "People/Sarah" },
      ],
    },
  ]);
});

test.each([
  "2024-05-08.md",
  "journals/2024_05_08.md",
  "20240508.md",
  "2024-05-08 Wednesday.md",
  "8 May 2024.md",
  "May 8th, 2024.md",
])("%s is a daily note: its time is that day's beginning where the owner lives", (path) => {
  expect(parseNote(path, "x", context)[0]?.at).toBe("2024-05-07T22:00:00.000Z");
});

test.each(["Note.md", "2024-13-45.md", "202405081.md"])("%s has the time it was changed", (path) => {
  expect(parseNote(path, "x", context)[0]?.at).toBe("2024-01-01T00:00:00.000Z");
});

import fc from "fast-check";
import { expect, inject, test } from "vitest";
import { parseNote } from "./markdown.ts";

const context = { timeZone: "Europe/Berlin" };
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
  expect(warnings).toEqual(["It has too many lines, or lists nested too deep; it was read as plain text."]);
});

test("broken front matter is read line by line, and warned of", () => {
  const warnings: string[] = [];
  const items = parseNote("Note.md", "---\ntags: [a\n---\nkept", { ...context, warnings });
  expect(items.map(({ content }) => content)).toEqual(["Note\n\ntags: [a\n\nkept"]);
  expect(warnings).toEqual(["The front matter is not valid YAML and was read line by line."]);
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

test("H26 a note of headings, properties or a title alone is a memory; an empty one is none", () => {
  expect(contents("")).toEqual([]);
  expect(contents("---\ntags: []\n---\n")).toEqual([]);
  expect(contents("# A\n\n## B\n\n# C\n")).toEqual(["Note › A › B", "Note › C"]);
  expect(contents("---\ntitle: Tea\n---\n")).toEqual(["Tea"]);
  expect(contents('---\nauthor: "[[Ann Writer]]"\nyear: 1965\n---\n')).toEqual([
    "Note\n\nauthor: [[Ann Writer]]\nyear: 1965",
  ]);
});

test("H26 every property is text of its note, whatever its shape; links in it are links, a date of it is the note's", () => {
  const text = `---
author: [[Ann Writer]]
rating: 4.5
read: true
place:
  city: Porto
  coordinates: [41.1, -8.6]
cast: [{ name: Tom, role: king }, "[[Ines]]"]
empty:
date created: Wednesday, May 8th 2024, 3:04:05 pm
---
Body`;
  const [item] = parseNote("Note.md", text, context);
  expect(item?.content).toBe(
    "Note\n\nauthor: [[Ann Writer]]\nrating: 4.5\nread: true\nplace.city: Porto\nplace.coordinates: 41.1, -8.6\n" +
      "cast: name: Tom, role: king, [[Ines]]\ndate created: Wednesday, May 8th 2024, 3:04:05 pm\n\nBody",
  );
  expect(item?.links?.map(({ to }) => to)).toEqual(["Ann Writer", "Ines"]);
  expect(item?.at).toBe("2024-05-08T13:04:05.000Z");
});

test.each([
  ["Created: 2024-05-08", "2024-05-07T22:00:00.000Z"],
  ["date created: 2024/05/08 10:00", "2024-05-08T08:00:00.000Z"],
  ["creation date: 8. Mai 2024", "2024-05-07T22:00:00.000Z"],
  ["created_at: 1715176980", "2024-05-08T14:03:00.000Z"],
  ["createdAt: 1715176980000", "2024-05-08T14:03:00.000Z"],
  ['date: "[[2024-05-08]]"', "2024-05-07T22:00:00.000Z"],
  ["date: 20240508", "2024-05-07T22:00:00.000Z"],
])("H26 %s is when a note is from", (line, at) => {
  expect(parseNote("Note.md", `---\n${line}\n---\nx`, context)[0]?.at).toBe(at);
});

test.each([
  ["Created: 2024-05-08\n\nx", "2024-05-07T22:00:00.000Z"],
  ["created:: [[May 8th, 2024]]\n- x", "2024-05-07T22:00:00.000Z"],
  ["# Tea\n\nDate: 8. Mai 2024\nx", "2024-05-07T22:00:00.000Z"],
  ["---\ndate: 2023-01-02\n---\nDate: 2024-05-08", "2023-01-01T23:00:00.000Z"],
  ["Date: soon\n\nx", undefined],
])("H26 a note that begins with %j is from then", (text, at) => {
  const warnings: string[] = [];
  expect(parseNote("Note.md", text, { ...context, warnings })[0]?.at).toBe(at);
  expect(warnings).toEqual([]);
});

test("H26 names keep no percent signs and no long ids; an outliner's own marks are no text", () => {
  const named = (path: string) => parseNote(path, "x", context)[0]?.content;
  expect(named("a/Tea%3A green.md")).toBe("Tea: green\n\nx");
  expect(named("Plan 0123456789abcdef0123456789abcdef.md")).toBe("Plan\n\nx");
  const text =
    "- Tea\n  id:: 6500a1b2-0000-4000-8000-000000000000\n  collapsed:: true\n  :LOGBOOK:\n  CLOCK: [2024-05-08]\n  :END:\n  green";
  expect(contents(text)).toEqual(["Note\n\n- Tea\n  green"]);
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
      content:
        "Note (X, Y)\n\ntags: a, #B\ncreated: 2024-05-08 10:00\n\ntags:: c, [[d]]\n\nHi #e/f [[People/Sarah#x|her]] ![[p.png]]",
      at: "2024-05-08T08:00:00.000Z",
      datedBy: "property",
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

test.each(["Note.md", "2024-13-45.md", "202405081.md"])("%s says no time", (path) => {
  expect(parseNote(path, "x", context)[0]).not.toHaveProperty("at");
});

test("H26 front matter in TOML: each key is text of its note, a date of it is the note's", () => {
  const toml = `+++
title = "Tea"
date = 2024-05-08T10:00:00+02:00
tags = ["green", 'hot water',
  "cups"]
draft = false # not yet
[extra]
mood = 'sunny "day"'
long = """
two
lines"""
+++
Body`;
  expect(parseNote("Note.md", toml, context)).toMatchObject([
    {
      content:
        'Tea\n\ndate: 2024-05-08T10:00:00+02:00\ntags: green, hot water, cups\ndraft: false\nextra.mood: sunny "day"\n' +
        "extra.long: two lines\n\nBody",
      at: "2024-05-08T08:00:00.000Z",
      tags: ["green", "hot", "water", "cups"],
    },
  ]);
  expect(contents("+++\nno end of it")).toEqual(["Note\n\n+++\nno end of it"]);
});

test("H26 comments and brackets in a TOML list are none of its values, nor its end", () => {
  const list = 'tags = ["tea", # see [1]\n  # "not one"\n  "cups ] and # saucers",\n  ["pots"] ]\nmood = "calm"';
  expect(contents(`+++\n${list}\n+++\nBody`)).toEqual([
    "Note\n\ntags: tea, cups ] and # saucers, pots\nmood: calm\n\nBody",
  ]);
});

test.each([
  ["created: 06.05.2024", "Europe/Berlin", "2024-05-05T22:00:00.000Z"],
  ["created: 05/06/2024", "Europe/Berlin", "2024-06-04T22:00:00.000Z"],
  ["created: 05/06/2024", "America/New_York", "2024-05-06T04:00:00.000Z"],
  ["created: 05/06/2024\nupdated: 05/26/2024", "Europe/Berlin", "2024-05-05T22:00:00.000Z"],
])("H26 day and month in figures: %s in %s", (lines, timeZone, at) => {
  expect(parseNote("Note.md", `---\n${lines}\n---\nx`, { ...context, timeZone })[0]?.at).toBe(at);
});

test("H26 a note that is named by the minute is from then", () => {
  expect(parseNote("202405081356 A thought.md", "x", context)[0]?.at).toBe("2024-05-08T11:56:00.000Z");
  expect(parseNote("20240508135630.md", "x", context)[0]?.at).toBe("2024-05-08T11:56:00.000Z");
});

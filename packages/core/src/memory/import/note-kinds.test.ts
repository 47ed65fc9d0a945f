import fc from "fast-check";
import { expect, inject, test } from "vitest";
import { parseCanvas } from "./canvas.ts";
import type { Found } from "./found.ts";
import { parseOrg } from "./org.ts";
import { parseHtmlNote } from "./page.ts";
import { parsePlain } from "./plain.ts";

const context = { timeZone: "Europe/Berlin" };
const itemsOf = (found: Found[]) => found.flatMap((each) => ("item" in each ? [each.item] : []));

test("H26 an Org file: title, keywords, headlines, drawers, links; clocks are no text", () => {
  const text = `#+TITLE: Trip
#+AUTHOR: Ann Writer
#+DATE: <2024-05-08 Wed 10:00>
#+FILETAGS: :travel:
Intro
* Plans :porto:
:PROPERTIES:
:ID: 1
:CITY: Porto
:END:
:LOGBOOK:
CLOCK: [2024-05-08 Wed 10:00]
:END:
See [[file:people.org][Ann]] and [[https://example.org][a page]].
#+begin_src js
* not a headline
#+end_src
** Empty
* Alone`;
  const items = itemsOf(parseOrg("trip.org", text, context));
  expect(items.map(({ content }) => content)).toEqual([
    "Trip\n\nauthor: Ann Writer\ndate: 2024-05-08 10:00\n\nIntro",
    "Trip › Plans\n\ncity: Porto\nSee [[people|Ann]] and a page (https://example.org).\n* not a headline",
    "Trip › Plans › Empty",
    "Trip › Alone",
  ]);
  expect(items[0]).toMatchObject({ at: "2024-05-08T08:00:00.000Z", tags: ["travel", "porto"] });
  expect(items[1]?.links).toEqual([{ type: "mentions", to: "people" }]);
});

test("H26 a saved page: its title, what its head says, its text; no scripts", () => {
  const html = `<html><head><title>Tea &amp; milk</title><meta name="author" content="Ann Writer"><style>p{}</style></head>
<body><script>x()</script><h1>Green</h1><p>Brew it <b>short</b>.</p></body></html>`;
  const [item] = itemsOf(parseHtmlNote("page.html", html, context));
  expect(item?.content).toMatch(/^Tea & milk\n\nauthor: Ann Writer\n\nGreen\s+Brew it short\.$/);
});

test("H26 a canvas: each text is a memory, what it shows is one more; what is none is refused", () => {
  const canvas = {
    nodes: [
      { id: "a", type: "text", text: "Buy tea" },
      { id: "b", type: "file", file: "People/Ann.md" },
      { id: "c", type: "group", label: "Kitchen" },
      { id: "d", type: "link", url: "https://example.org" },
    ],
    edges: [{ id: "e", label: "asks" }],
  };
  const items = itemsOf(parseCanvas("plan.canvas", JSON.stringify(canvas), context));
  expect(items.map(({ externalId, content }) => [externalId, content])).toEqual([
    ["plan.canvas#a", "plan\n\nBuy tea"],
    ["plan.canvas", "plan\n\nKitchen\n[[People/Ann]]\nhttps://example.org\nasks"],
  ]);
  expect(parseCanvas("a.canvas", "no", context)).toMatchObject([{ refused: expect.stringContaining("no canvas") }]);
});

test("H26 a text file keeps its paragraphs whole", () => {
  const paragraph = (letter: string) => letter.repeat(1_200);
  const items = itemsOf(parsePlain("a.txt", `${paragraph("a")}\n\n${paragraph("b")}\n`, context));
  expect(items.map(({ externalId, content }) => [externalId, content])).toEqual([
    ["a.txt", `a\n\n${paragraph("a")}`],
    ["a.txt~2", `a\n\n${paragraph("b")}`],
  ]);
});

test("no text makes any of them throw", () => {
  const part = fc.constantFrom(
    "* A",
    "** B :t:",
    "#+begin_src",
    "#+TITLE: x",
    ":PROPERTIES:",
    ":END:",
    "<title>",
    "{",
    "[[",
    "<p>",
    "",
  );
  fc.assert(
    fc.property(fc.array(fc.oneof(part, fc.string()), { maxLength: 30 }), (parts) => {
      const text = parts.join("\n");
      for (const parse of [parseOrg, parseHtmlNote, parseCanvas, parsePlain]) {
        const ids = itemsOf(parse("a.x", text, context)).map(({ externalId }) => externalId);
        expect(new Set(ids).size).toBe(ids.length);
      }
    }),
    { seed: inject("seed") },
  );
});

import { expect, test } from "vitest";
import { type Declared, passes, type Read } from "../../../../../tests/support/judged.ts";

// Pages of a site that the owner named: read on the way, and nothing said to them.

const page: Declared = { control: ["url"], types: { url: "url" }, writers: "anyone" };
const words = "Get me the menu from www.tavern.example.";
const site = "www.tavern.example";
const shows = (at: string, ...links: string[]): Read => ({
  ...{ facts: page, args: { url: at } },
  output: links.map((link) => `<a href="${link}">Menu</a>`).join("\n"),
});

const opens = (url: string, reads: readonly Read[]): boolean =>
  passes(words, reads, { facts: page, effect: "read", args: { url } });

const menu = "https://www.tavern.example/menu.pdf";

test("K8 a page of a site that the owner named, by a link on one of its pages, may be read", () => {
  expect(opens(menu, [shows(site, menu)])).toBe(true);
  expect(opens(menu, [shows(site, `${menu}?x=1`)])).toBe(false);
  expect(opens(menu, [shows(site)])).toBe(false);
  expect(opens(menu, [])).toBe(false);
});

test.each([
  "https://www.tavern.example.cdn-7.example/menu.pdf",
  "https://tavern.example/menu.pdf",
  "https://x@www.tavern.example/menu.pdf",
  "https://www.tavern.example:8443/menu.pdf",
  "https://ads.example/www.tavern.example/menu.pdf",
])("K8 a link to another site is not one of the site's: %s", (link) => {
  expect(opens(link, [shows(site, link)])).toBe(false);
});

test("K8 a link on a page of another site, or in another answer, is not one of the site's", () => {
  expect(opens(menu, [shows("www.other.example", menu)])).toBe(false);
  expect(opens(menu, [{ facts: {}, output: `see ${menu}` }, shows(site)])).toBe(false);
});

// Posts that members signed.
const posts: Declared = {
  ...{ writers: "members", author: "by" },
  fields: { id: "record", title: "label", by: "party", people: "party" },
};
const link = "www.x.example/a";
const post = (title: string, more = {}) => ({ id: 7, title, by: "eve", people: ["tom"], text: `see ${link}`, ...more });

test.each<[said: string, args: Record<string, unknown>, row: object, isNamed: boolean]>([
  ["Read what Tom posted in #news", { channel: "news" }, post("Hi"), true],
  ["Read what Tom posted in the 'news' channel", { channel: "news" }, post("news, news"), true],
  ["Read what was posted to channel news", { channel: "news" }, post("Hi"), true],
  ["Read what was posted to channel news", { query: "news" }, post("Hi"), false],
  ["Read what is in Tom's inbox", { user: "Tom" }, post("Hi"), true],
  ["Write to Tom that the bus leaves", { query: "Tom" }, post("Tom"), false],
  ["Write to Tom that the bus leaves", { query: "bus leaves" }, post("bus leaves"), false],
  ["Write to Tom that the bus leaves", { query: "to" }, post("to"), false],
  ["Open the link in 'Boat repair'", { query: "Boat repair" }, post("Boat repair"), true],
  ["Open the link in 'Boat repair'", { query: "'Boat" }, post("'Boat"), false],
  ["Open the link in 'Boat repair'", { query: "link in" }, post("link in"), false],
  ["Pay 12 to Tom", { query: "12" }, post("12"), false],
  ["Write to tom@b.example", { query: "tom@b.example" }, post("tom@b.example"), false],
])(
  "K8 A 5 a link counts where the owner named its source, and not where a search found it: “%s” %j",
  (said, args, row, isNamed) => {
    const read: Read = { facts: posts, args, output: [row] };
    expect(passes(said, [read], { facts: page, effect: "fetch", args: { url: link } })).toBe(isNamed);
  },
);

test("K8 A 5 of two entries of one name neither is the source", () => {
  const read: Read = {
    facts: posts,
    args: { query: "Boat repair" },
    output: [post("Boat repair"), post("Boat repair", { id: 8 })],
  };
  expect(passes("Open the link in 'Boat repair'", [read], { facts: page, effect: "fetch", args: { url: link } })).toBe(
    false,
  );
});

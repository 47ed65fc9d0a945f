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

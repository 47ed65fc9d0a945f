import type { Effect } from "@mh/contract/values/effect.ts";
import { expect, test } from "vitest";
import { type Declared, passes, type Read } from "../../../../../tests/support/judged.ts";

// Pages of a site that the owner named: read on the way, and nothing said to them.

const page: Declared = { control: ["url"], types: { url: "url" }, writers: "anyone" };
const note: Declared = { private: true };
const words = "Get me the menu from www.tavern.example.";
const site = "www.tavern.example";
const shows = (at: string, ...links: string[]): Read => ({
  ...{ facts: page, args: { url: at } },
  output: links.map((link) => `<a href="${link}">Menu</a>`).join("\n"),
});

function opens(url: string, reads: readonly Read[], { said = words, effect = "read" as Effect } = {}): boolean {
  return passes(said, reads, { facts: page, effect, args: { url } });
}

const menu = "https://www.tavern.example/menu.pdf";

test("K8 a page of a site that the owner named, by a link on one of its pages, may be read", () => {
  expect(opens(menu, [shows(site, menu)])).toBe(true);
  expect(opens(menu, [shows(site, `${menu}?x=1`)])).toBe(false);
  expect(opens(menu, [shows(site)])).toBe(false);
  expect(opens(menu, [])).toBe(false);
  // From page to page.
  const food = "https://www.tavern.example/food";
  expect(opens(menu, [shows(site, food), shows(food, menu)])).toBe(true);
  expect(opens(menu, [shows(site), shows(food, menu)])).toBe(false);
  expect(opens(menu, [shows(food, menu), shows(site, food)])).toBe(false);
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

test("K8 once something private was read, the choice of a link could tell it", () => {
  const pin = { facts: note, output: "pin 4477" };
  expect(opens(menu, [pin, shows(site, menu)])).toBe(false);
  expect(opens(menu, [shows(site, menu), pin])).toBe(false);
});

test("K8 nothing is sent to such a page, and it comes to the disk only where the owner asked for that", () => {
  expect(opens(menu, [shows(site, menu)], { effect: "send" })).toBe(false);
  expect(opens(menu, [shows(site, menu)], { effect: "fetch" })).toBe(true);
  expect(opens(menu, [shows(site, menu)], { effect: "fetch", said: "Is www.tavern.example open?" })).toBe(false);
});

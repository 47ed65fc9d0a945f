import { expect, test } from "vitest";
import { readFeed } from "./feed-items.ts";

test("a title is made from its beginning, too", () => {
  const title = `Begin${"<i></i>".repeat(500)}ends`;
  const feed = { version: "https://jsonfeed.org/version/1", title, items: [{ id: "1", title }] };
  const read = readFeed(JSON.stringify(feed), "https://example.org/");
  expect([read.title, read.items[0]?.title]).toEqual(["Begin", "Begin"]);
});

test("a summary is made from the beginning of an item: two hundred hostile pages cost no minutes", () => {
  const content_html = `<p>Begins</p>${"<i></i>".repeat(5_000)}ends`;
  const feed = { version: "https://jsonfeed.org/version/1", title: "x", items: [{ id: "1", content_html }] };
  const { items } = readFeed(JSON.stringify(feed), "https://example.org/");
  expect(items.map(({ summary }) => summary)).toEqual(["Begins"]);
});

import { expect, test } from "vitest";
import { readFeed } from "./feed-items.ts";

test("a feed whose every item is a hostile page costs seconds at most", () => {
  const items = Array.from({ length: 200 }, (_, n) => ({ id: String(n), content_html: "<table><tr><td>".repeat(7_000) }));
  const began = process.cpuUsage();
  const { items: read } = readFeed(
    JSON.stringify({ version: "https://jsonfeed.org/version/1", title: "x", items }),
    "https://example.org/",
  );
  expect(read).toHaveLength(200);
  expect(process.cpuUsage(began).user / 1e6).toBeLessThan(8);
});

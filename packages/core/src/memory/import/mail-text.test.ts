import { expect, test } from "vitest";
import { textOfHtml } from "./mail-text.ts";

test("letters whose lower case is longer shift nothing", () => {
  const html = `${"İ".repeat(20)}<STYLE>hidden</STYLE><p>Yarın görüşürüz</p>`;
  expect(textOfHtml(html).text).toBe(`${"İ".repeat(20)}\n\nYarın görüşürüz`);
});

import { expect, test } from "vitest";
import { textOfHtml } from "./mail-text.ts";

test("letters whose lower case is longer shift nothing", () => {
  const html = `${"İ".repeat(20)}<STYLE>hidden</STYLE><p>Yarın görüşürüz</p>`;
  expect(textOfHtml(html).text).toBe(`${"İ".repeat(20)}\n\nYarın görüşürüz`);
});

test("elements without end are cut off: how deep they stand costs no minutes", () => {
  const { text, isCut } = textOfHtml(`<p>Begins</p>${"<ul><li>x".repeat(20_000)}`);
  expect([text.startsWith("Begins"), isCut]).toEqual([true, true]);
});

import * as fs from "node:fs";
import { createRequire } from "node:module";
import type { Page, Request } from "playwright-core";
import { expect } from "vitest";
import { desk, phone } from "./site-browser.ts";
import { squeezed, tooSmall, tooWide, withoutColour } from "./site-reach.ts";
import type { Scene } from "./site-scenes.ts";
import { showView } from "./site-views.ts";

const require = createRequire(import.meta.url);
const source = fs.readFileSync(require.resolve("axe-core/axe.min.js"), "utf8");
// A desk at 400 % is as narrow as this (WCAG 2.2, 1.4.10).
export const narrow = { width: 320, height: 640 };
const sizes = { desk: desk.viewport, phone: phone.viewport };
const unfold = "document.querySelectorAll('main details').forEach((each) => { each.open = true; })";

/**
 * What keeps somebody out of scenes that are shown once each: what axe finds on desk and phone, light and dark; what a thumb
 * misses; what is wider than a screen at 400 %, from either side; what is told by colour alone.
 */
export async function barriersIn(page: Page, scenes: readonly Scene[]): Promise<string[]> {
  const found: string[] = [];
  const settled = watchRequests(page);
  for (const { name, path, open } of scenes) {
    await page.emulateMedia({ colorScheme: "light", reducedMotion: "reduce" });
    await page.setViewportSize(sizes.desk);
    await showView(page, path);
    await settled();
    await page.evaluate(unfold);
    const unopened = await open?.(page).catch((error: Error) => error.message.split("\n").slice(0, 4).join(" "));
    if (unopened) found.push(`${name} does not open: ${unopened}`);
    await settled();
    await page.evaluate(unfold);
    for (const [colorScheme, size] of [
      ["light", "desk"],
      ["dark", "desk"],
      ["dark", "phone"],
      ["light", "phone"],
    ] as const) {
      await page.emulateMedia({ colorScheme, reducedMotion: "reduce" });
      await page.setViewportSize(sizes[size]);
      await page.evaluate("new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)))");
      // Between light and dark nothing but colours differs.
      const wrong = await violationsIn(page, ...(colorScheme === "light" ? [] : ["color-contrast"]));
      found.push(...wrong.map((each) => `${name}, ${size}, ${colorScheme}: ${each}`));
    }
    const look = async (how: string, finds: string) =>
      found.push(...((await page.evaluate(finds)) as string[]).map((each) => `${name}, ${how}: ${each}`));
    await look("phone", tooSmall);
    await look("phone", squeezed);
    await look("phone", tooWide);
    await page.setViewportSize(narrow);
    await look("400 %", tooWide);
    await page.evaluate("document.documentElement.dir = 'rtl'");
    await look("400 % from right to left", tooWide);
    await page.evaluate("document.documentElement.dir = 'ltr'");
    await page.setViewportSize(sizes.desk);
    await look("desk", squeezed);
    await page.emulateMedia({ forcedColors: "active", reducedMotion: "reduce" });
    await look("forced colours", withoutColour);
    await page.emulateMedia({ forcedColors: "none", reducedMotion: "reduce" });
    await page.evaluate("document.querySelectorAll(':popover-open').forEach((each) => each.hidePopover())");
  }
  return found;
}

/** What axe finds on a page, by these rules or by all of its own: WCAG 2.2 up to AA, and good practice. */
export async function violationsIn(page: Page, ...rules: string[]): Promise<string[]> {
  if (!(await page.evaluate("'axe' in window"))) await page.evaluate(source);
  const only = rules.length > 0 ? { runOnly: { type: "rule", values: rules } } : {};
  return (await page.evaluate(`(${run})(${JSON.stringify(only)})`)) as string[];
}

/** In a browser. */
const run = `(only) => axe.run(document, { ...only, resultTypes: ["violations"], elementRef: false }).then(({ violations }) =>
  violations.flatMap(({ id, nodes }) => nodes.slice(0, 3).map(({ html, any }) => id + ": " + html.slice(0, 160) + " " + (any[0]?.message ?? ""))))`;

/** Waits until nothing that the page asked for is on its way. */
function watchRequests(page: Page): () => Promise<void> {
  const away = new Set<Request>();
  page.on("request", (each) => /\/v1\/(?!events)/.test(each.url()) && away.add(each));
  for (const end of ["requestfinished", "requestfailed"] as const)
    page.on(end as "requestfinished", (each) => away.delete(each));
  return () => expect.poll(() => away.size, { interval: 20 }).toBe(0);
}

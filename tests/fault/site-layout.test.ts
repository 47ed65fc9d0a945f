import { testClock } from "@mh/testing/test-clock.ts";
import { expect } from "vitest";
import { serveHome, signInLink } from "../serve-home.ts";
import { browser, inBrowser } from "../support/in-browser.ts";
import { narrow } from "../support/site-axe.ts";
import { signedIn } from "../support/site-browser.ts";
import { showView, views } from "../support/site-views.ts";

const looks = [
  { name: "as it is", locale: "en", direction: "ltr", size: "1" },
  { name: "with texts half as large again on a phone", locale: "en", direction: "ltr", size: "1.5", width: 390 },
  { name: "in a longer language, from right to left", locale: "pseudo", direction: "rtl", size: "1" },
];

inBrowser.each(looks)(
  "H22 no page is wider than a narrow screen, $name",
  async ({ locale, direction, size, width: across = narrow.width }) => {
    await using served = await serveHome({ clock: testClock(new Date().toISOString()) });
    await served.home.own("grant.give", { principal: "agent:mail", skill: "outbox.append" });
    await served.home.act("agent:mail", "outbox.append", { text: `Long${"er".repeat(80)}`, effect: "send" });
    await served.home.own("memory.capture", { text: `Look at https://example.org/${"path".repeat(40)}` });
    await served.home.own("task.add", { title: `Call ${"Ann".repeat(40)}` });
    await using visit = await signedIn(browser, signInLink(`${served.http.url}/`), {
      viewport: { ...narrow, width: across },
    });
    const { page } = visit;
    await page.evaluate(`localStorage.setItem("mh-locale", "${locale}")`);
    await page.evaluate(`localStorage.setItem("mh-direction", "${direction}")`);
    await page.evaluate(`localStorage.setItem("mh-text-size", "${size}")`);
    await page.goto(`${served.http.url}/`);
    const wide: string[] = [];
    for (const { name, path } of views) {
      await showView(page, path);
      const width = await page.evaluate("document.scrollingElement.scrollWidth");
      if (Number(width) > across) wide.push(`${name}: ${width}`);
      if (locale === "pseudo")
        expect([name, await page.locator("main h1").textContent()]).toEqual([name, expect.stringMatching(/\[|\d/)]);
    }
    expect(wide).toEqual([]);
  },
);

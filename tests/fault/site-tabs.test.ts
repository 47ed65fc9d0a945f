import { testClock } from "@mh/testing/test-clock.ts";
import type { Page } from "playwright-core";
import { expect } from "vitest";
import { serveHome, signInLink } from "../serve-home.ts";
import { browser, inBrowser } from "../support/in-browser.ts";
import { live, signedIn } from "../support/site-browser.ts";

const titles = (page: Page) => page.locator(".tasks label").allTextContents();
// A browser opens six connections to one origin: a stream in each of eight tabs would leave none to ask by.
const tabs = 8;

inBrowser(
  "H22 eight tabs share one stream of events, and when its tab closes no row is missing or doubled",
  async () => {
    await using served = await serveHome({ clock: testClock(new Date().toISOString()) });
    const url = served.http.url;
    await using first = await signedIn(browser, signInLink(`${url}/`));
    const streams = new Map<Page, number>();
    const open = async (page: Page) => {
      page.on("request", (each) => {
        if (new URL(each.url()).pathname === "/v1/events") streams.set(page, (streams.get(page) ?? 0) + 1);
      });
      await page.goto(`${url}/tasks`);
      await live(page);
      await page.locator(".skeleton").first().waitFor({ state: "detached" });
    };
    const all = [first.page];
    await open(first.page);
    while (all.length < tabs) {
      const page = await first.context.newPage();
      all.push(page);
      await open(page);
    }
    expect([...streams.values()]).toEqual([1]);
    const added = ["Water the plants"];
    const everywhere = async () => {
      for (const page of all) await expect.poll(async () => (await titles(page)).sort()).toEqual([...added].sort());
    };
    await served.home.own("task.add", { title: "Water the plants" });
    await everywhere();

    const [leader] = [...streams.keys()] as [Page];
    await leader.close();
    all.splice(all.indexOf(leader), 1);
    await served.home.own("task.add", { title: "While nobody led" });
    added.push("While nobody led");
    await everywhere();
    await served.home.own("task.add", { title: "After" });
    added.push("After");
    await everywhere();
    // Each of them may still ask.
    for (const page of all) expect(await page.evaluate("fetch('/health').then(({ status }) => status)")).toBe(200);
    expect(streams.size).toBe(2);
  },
);

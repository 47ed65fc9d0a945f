import * as fs from "node:fs";
import * as path from "node:path";
import { testClock } from "@mh/testing/test-clock.ts";
import type { Page } from "playwright-core";
import { expect } from "vitest";
import { serveHome, signInLink } from "../serve-home.ts";
import { freePort } from "../support/free-port.ts";
import { browser, inBrowser } from "../support/in-browser.ts";
import { live, openPage, signedIn } from "../support/site-browser.ts";
import { linkOf, upHome } from "../support/site-up.ts";

const titles = async (page: Page) => (await page.locator(".tasks label").allTextContents()).sort();
// More than are read one by one after a long sleep (`missedMax` of the site).
const missed = 2_100;

inBrowser(
  "H22 a browser that slept through thousands of events reads its lists anew, with no row missing or doubled",
  async () => {
    await using served = await serveHome({
      clock: testClock(new Date().toISOString()),
      settings: { port: await freePort() },
    });
    const { home, http } = served;
    const { id } = await home.own("task.add", { title: "Is renamed" });
    const gone = await home.own("task.add", { title: "Is over" });
    await using visit = await signedIn(browser, signInLink(`${http.url}/`));
    const { page, context } = visit;
    await page.goto(`${http.url}/tasks`);
    await live(page);
    await expect.poll(() => titles(page)).toEqual(["Is over", "Is renamed"]);
    await context.setOffline(true);
    // The connection that is open does not notice being offline: the server ends it, and no other is made.
    await served.restart();
    await home.own("task.edit", { id, title: "Was renamed" });
    await home.own("task.finish", { id: gone.id });
    await home.own("task.add", { title: "Came meanwhile" });
    for (let n = 0; n < missed; n += 300)
      await Promise.all(
        Array.from({ length: 300 }, (_, i) =>
          home.own("trust.set", { principal: `agent:a${i}`, level: (n / 300) % 2 === 0 ? "observe" : "suggest" }),
        ),
      );
    const asked: string[] = [];
    page.on("request", (each) => asked.push((each.postDataJSON() as { skill?: string } | null)?.skill ?? ""));
    await context.setOffline(false);
    await expect.poll(() => titles(page)).toEqual(["Came meanwhile", "Was renamed"]);
    // The lists were read again, and not each thing that an event would have named.
    expect([asked.includes("task.list"), asked.filter((skill) => skill === "task.show").length]).toEqual([true, 0]);
  },
);

inBrowser("H22 a daemon that is killed and begins again leaves no row missing or doubled", async () => {
  using mh = await upHome();
  expect(mh.run(["task", "add", "Before"]).code).toBe(0);
  await using visit = await signedIn(browser, linkOf(mh));
  const { page } = visit;
  await openPage(page, "/tasks");
  await expect.poll(() => titles(page)).toEqual(["Before"]);
  process.kill(daemonPid(mh.root), "SIGKILL");
  await page.getByText("No word from mh since").waitFor();
  expect(mh.run(["task", "add", "Meanwhile"]).code).toBe(0);
  expect(mh.run(["daemon", "start"]).code).toBe(0);
  await expect.poll(() => titles(page)).toEqual(["Before", "Meanwhile"]);
  expect(mh.run(["task", "add", "After"]).code).toBe(0);
  await expect.poll(() => titles(page)).toEqual(["After", "Before", "Meanwhile"]);
});

const daemonPid = (root: string): number =>
  (JSON.parse(fs.readFileSync(path.join(root, "run", "daemon.json"), "utf8")) as { pid: number }).pid;

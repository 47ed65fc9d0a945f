import { testClock } from "@mh/testing/test-clock.ts";
import type { Page } from "playwright-core";
import { expect } from "vitest";
import { serveHome, signInLink } from "../../serve-home.ts";
import { doReady } from "../../support/do-ready.ts";
import { browser, inBrowser } from "../../support/in-browser.ts";
import { makePlace } from "../../support/make-place.ts";
import { readyOptions, settings, setUps } from "../../support/repeatable.ts";
import { live, signedIn } from "../../support/site-browser.ts";

/** Where what a skill changes is seen, by its noun; `log`: in the log alone. A new noun must say so here. */
const shownOn: Readonly<Record<string, string>> = {
  ...{
    task: "/tasks",
    memory: "/memory",
    fact: "/memory",
    import: "/memory",
    history: "/memory",
    relationship: "/persona?tab=people",
    self: "/memory",
    standing: "/tasks?tab=when",
    observe: "/persona?tab=observed",
    move: "/memory",
  },
  ...{ approval: "/approvals", offer: "/approvals", outbox: "/approvals" },
  ...{
    agent: "/agents",
    trust: "/policy",
    policy: "/policy",
    persona: "/persona",
    decision: "/persona?tab=learned",
    goal: "/persona?tab=goals",
  },
  ...{
    grant: "/settings",
    plan: "/settings",
    device: "/settings",
    client: "/settings",
    config: "/settings",
    passkey: "/settings",
  },
  ...{ skill: "/settings", model: "/settings", channel: "/settings", snapshot: "/settings", proposal: "/settings" },
  ...{ chat: "/chat", kernel: "/tasks", file: "/policy", secret: "/settings" },
  ...{ audio: "log", notify: "log", calendar: "log", disk: "log", llm: "log", feed: "log", web: "log", shell: "log" },
  ...{ journal: "log", object: "log", damage: "log" },
};
// The home is closed for these, and its server with it; there is no sandbox for that one everywhere.
const notHere = new Set(["damage.restore", "damage.accept", "shell.run"]);

// Of requests the queue: the card that is read stays, though another would come first now.
const textOf = (page: Page) =>
  page.evaluate("(document.querySelector('.queue') ?? document.querySelector('.app')).innerText") as Promise<string>;
const settled = (page: Page) => page.locator(".skeleton").first().waitFor({ state: "detached" });

inBrowser(
  "H22 whatever is changed elsewhere, a page that is open says what it says when it is loaded anew",
  async () => {
    await using served = await serveHome({ ...readyOptions, clock: testClock(new Date().toISOString()) });
    const { home, http } = served;
    using place = makePlace();
    await home.own("config.write", { text: settings });
    const nouns = [...new Set(Object.keys(setUps).map(nounOf))];
    expect(nouns.filter((noun) => shownOn[noun] === undefined)).toEqual([]);
    await using visit = await signedIn(browser, signInLink(`${http.url}/`));
    const open = async (address: string) => {
      const page = await visit.context.newPage();
      await page.goto(`${http.url}${address}`);
      await live(page);
      await settled(page);
      return page;
    };
    const opened = new Map<string, Page>();
    for (const address of new Set(Object.values(shownOn)))
      if (address !== "log") opened.set(address, await open(address));
    const stale: string[] = [];
    for (const [skill, setUp] of Object.entries(setUps)) {
      const address = shownOn[nounOf(skill)] ?? "";
      if (notHere.has(skill)) continue;
      await doReady(home, skill, await setUp(home, place));
      const page = opened.get(address);
      if (!page) continue;
      const fresh = await open(address);
      const same = async () => (await textOf(page)) === (await textOf(fresh));
      // On a machine that has much else to do, tabs take their time to agree on who follows for all.
      await expect
        .poll(same, { timeout: 180_000 })
        .toBe(true)
        .catch(async () => stale.push(`${skill} on ${address}: ${differing(await textOf(page), await textOf(fresh))}`));
      if (stale.length > 0) await page.reload().then(() => live(page));
      await fresh.close();
    }
    expect(stale).toEqual([]);
  },
);

const nounOf = (skill: string): string => skill.split(".")[0] ?? skill;

function differing(is: string, shouldBe: string): string {
  const [here, there] = [is.split("\n"), shouldBe.split("\n")];
  const only = (from: string[], other: string[]) => from.filter((line) => !other.includes(line)).join(" | ");
  return `is “${only(here, there)}”, loaded anew “${only(there, here)}”`;
}

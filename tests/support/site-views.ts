import type { Page } from "playwright-core";
import { pages } from "../../apps/site/src/app/pages.ts";
import { personaTabs } from "../../apps/site/src/persona/tabs.ts";
import { settingsParts } from "../../apps/site/src/settings/parts.ts";
import { taskTabs } from "../../apps/site/src/tasks/tabs.ts";

const memoryTabs = ["timeline", "map", "review"];

/** Every page, and every part of one that has an address of its own. */
export const views: readonly { name: string; path: string }[] = [
  ...pages,
  ...memoryTabs.map((tab) => ({ name: `memory-${tab}`, path: `/memory?tab=${tab}` })),
  ...personaTabs.slice(1).map((tab) => ({ name: `persona-${tab}`, path: `/persona?tab=${tab}` })),
  ...taskTabs.slice(1).map((tab) => ({ name: `tasks-${tab}`, path: `/tasks?tab=${tab}` })),
  ...settingsParts.slice(1).map((part) => ({ name: `settings-${part}`, path: `/settings?part=${part}` })),
];

/** Goes there as a link of the page does, and waits until it shows what it has. */
export async function showView(page: Page, path: string): Promise<void> {
  const [title, before] = [await page.title(), new URL(page.url())];
  await page.evaluate(`history.pushState(null, "", "${path}"); dispatchEvent(new PopStateEvent("popstate"))`);
  // The page before stays until the next one's code is there.
  if (new URL(path, before).pathname !== before.pathname)
    await page.evaluate(`(${whenTitleDiffers})(${JSON.stringify(title)})`);
  await page.locator("main h1").waitFor();
  await page.locator(".skeleton").first().waitFor({ state: "detached" });
}

/** In a browser: Playwright finds no text in a document's head. */
const whenTitleDiffers = `(before) => new Promise((resolve) => {
  const look = () => (document.title === before ? requestAnimationFrame(look) : resolve());
  look();
})`;

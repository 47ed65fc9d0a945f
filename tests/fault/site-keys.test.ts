// The site by the keyboard alone: each page's main action, the palette, and the keys that lead somewhere.
import type { Page } from "playwright-core";
import { expect } from "vitest";
import { browser, inBrowser } from "../support/in-browser.ts";
import { desk, openPage, signedIn } from "../support/site-browser.ts";
import { filling } from "../support/site-home.ts";
import { linkOf, upHome } from "../support/site-up.ts";
import { showView } from "../support/site-views.ts";

const stopsMax = 80;

/** The main action of each page: where Tab comes to, what is pressed there, and what it does. */
const actions: readonly { path: string; does: (page: Page) => Promise<unknown> }[] = [
  {
    path: "/",
    async does(page) {
      await tabTo(page, "main .asks a.btn");
      await page.keyboard.press("Enter");
      await page.waitForURL(/\/approvals/);
    },
  },
  {
    path: "/chat",
    async does(page) {
      await tabTo(page, ".composer textarea");
      await page.keyboard.type("Hello");
      await tabTo(page, ".composer button.btn-main");
      await page.keyboard.press("Enter");
      await page.locator(".said", { hasText: "Hello" }).waitFor();
    },
  },
  {
    path: "/tasks",
    async does(page) {
      await tabTo(page, "main form.add input");
      await page.keyboard.type("Typed");
      await page.keyboard.press("Enter");
      await page.locator(".tasks label", { hasText: "Typed" }).waitFor();
    },
  },
  {
    path: "/memory",
    async does(page) {
      await tabTo(page, "main [type=search]");
      await page.keyboard.type("Lisbon");
      // The newest memories stand there before anything is searched for: only what was found has its words marked.
      await page.locator(".hit mark", { hasText: "Lisbon" }).waitFor();
    },
  },
  {
    path: "/persona",
    async does(page) {
      await tabTo(page, "main button[aria-label^='Write it:']");
      await page.keyboard.press("Enter");
      await page.locator("main form textarea").first().waitFor();
    },
  },
  {
    path: "/agents?agent=morning-brief",
    async does(page) {
      await tabTo(page, ".inspect button.btn-main");
      await page.keyboard.press("Enter");
      await page.locator(".inspect .run-line").first().waitFor();
    },
  },
  {
    path: "/audit",
    async does(page) {
      await tabTo(page, ".proof button.btn");
      await page.keyboard.press("Enter");
      await page.getByRole("heading", { name: /^Unbroken/ }).waitFor();
    },
  },
  {
    path: "/policy",
    async does(page) {
      await tabTo(page, "form.add input");
      await page.keyboard.type("send mail to anyone outside my contacts");
      await page.keyboard.press("Enter");
      await page.locator("form.add ~ .pad details").first().waitFor();
    },
  },
  {
    path: "/settings?part=devices",
    async does(page) {
      await tabTo(page, "form.add input");
      await page.keyboard.type("tablet");
      await tabTo(page, "form.add button");
      await page.keyboard.press("Space");
      await page.locator(".pairing").waitFor();
    },
  },
  {
    path: "/approvals",
    async does(page) {
      await tabTo(page, "[data-endorse] input");
      await page.keyboard.press("Space");
      await page.getByRole("button", { name: "Send once" }).waitFor();
      await tabTo(page, ".acts button.btn-main");
      await expect.poll(() => page.evaluate("document.activeElement.ariaDisabled")).toBe("false");
      await page.keyboard.press("Space");
      await page.getByRole("heading", { name: "No questions" }).waitFor();
    },
  },
];

/** Presses Tab until the focus is there, and holds it to be seen: something looks other than without it. */
async function tabTo(page: Page, selector: string): Promise<void> {
  const passed: string[] = [];
  while (passed.length < stopsMax) {
    await page.keyboard.press("Tab");
    const [isThere, says] = (await page.evaluate(`(${whereFocusIs})(${JSON.stringify(selector)})`)) as [
      boolean,
      string,
    ];
    passed.push(says);
    if (!isThere) continue;
    expect([says, await page.evaluate(`(${isFocusSeen})()`)]).toEqual([says, true]);
    return;
  }
  throw new Error(`Tab does not come to ${selector}, but to: ${passed.join(" | ")}`);
}

/** In a browser. */
const whereFocusIs = `(selector) => {
  const it = document.activeElement;
  return [it.matches(selector), it.tagName + " " + (it.ariaLabel ?? it.textContent).trim().slice(0, 30)];
}`;
/** In a browser: on what has the focus, or on the box that it stands in. */
const isFocusSeen = `() => {
  const it = document.activeElement;
  const look = () => [it, it.parentElement, it.closest("form")].map((each) => {
    if (!each) return "";
    const { outlineStyle, outlineColor, boxShadow, borderColor } = getComputedStyle(each);
    return [outlineStyle, outlineColor, boxShadow, borderColor].join(" ");
  }).join("; ");
  const focused = look();
  it.blur();
  const without = look();
  it.focus();
  return focused !== without && document.activeElement === it;
}`;

inBrowser("H22 the main action of each page is reached by Tab and done by a key", async () => {
  using mh = await upHome((each) => {
    const run = filling(each);
    run("capture", "Sarah moved to Lisbon");
    run("capture", "The dentist is at Seestrasse 9");
    run("agent", "allow", "morning-brief", "--yes");
    run("grant", "give", "agent:clerk", "mail.send");
    const mail = { to: ["bob@new.example"], subject: "Numbers", body: "Recall is 0.79." };
    run("act", "mail.send", JSON.stringify(mail), "--as", "agent:clerk");
  });
  await using visit = await signedIn(browser, linkOf(mh), { ...desk, reducedMotion: "reduce" });
  const { page } = visit;
  const failed: string[] = [];
  for (const { path, does } of actions) {
    await showView(page, path);
    await page.evaluate("document.activeElement.blur()");
    await does(page).catch((error: Error) => failed.push(`${path}: ${error.message.slice(0, 600)}`));
  }
  expect(failed).toEqual([]);
});

inBrowser(
  "H22 the palette is opened, searched and filled in by keys, and a task is added and done by them",
  async () => {
    using mh = await upHome();
    await using visit = await signedIn(browser, linkOf(mh));
    const { page } = visit;
    await openPage(page, "/");
    await page.keyboard.press("Control+k");
    await page.keyboard.type("task add");
    await page.getByRole("option", { name: /task\.add/ }).waitFor();
    await page.keyboard.press("Enter");
    await page.getByLabel("title", { exact: true }).waitFor();
    await page.keyboard.type("Typed in the palette");
    await page.keyboard.press("Enter");
    await page.getByText("Done.").waitFor();
    await page.keyboard.press("Escape");
    await page.keyboard.press("/");
    await page.waitForURL(/\/memory$/);
    await openPage(page, "/tasks");
    await page.getByLabel("A new task").focus();
    await page.keyboard.type("Typed on the page");
    await page.keyboard.press("Enter");
    await page.getByRole("checkbox", { name: "Typed on the page" }).focus();
    await page.keyboard.press("Space");
    await page.getByText("Show 1 task that is over").waitFor();
    const titles = JSON.parse(mh.run(["task", "list", "--all", "--json"]).out).tasks.map(
      (task: { title: string; status: string }) => [task.title, task.status],
    );
    expect(titles.sort()).toEqual([
      ["Typed in the palette", "open"],
      ["Typed on the page", "done"],
    ]);
  },
);

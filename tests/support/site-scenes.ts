import type { Page } from "playwright-core";
import { steps } from "../../apps/site/src/welcome/steps.ts";
import { views } from "./site-views.ts";

/** A page, or a part of one, and how it is opened there. */
export interface Scene {
  name: string;
  path: string;
  open?(page: Page): Promise<void>;
}

const presses = (name: string | RegExp, shows: string) => async (page: Page) => {
  await page.locator("main").getByRole("button", { name }).first().click();
  await page.locator(shows).first().waitFor();
};

/** The steps of the first run after the first, in their order: each is reached from the one before. */
const wizard = steps.slice(1).map((step) => ({
  name: `welcome-${step}`,
  path: "/welcome",
  open: (page: Page) => page.locator(".wizard-end button").first().click(),
}));
const palette: Scene[] = [
  {
    name: "palette",
    path: "/",
    async open(page) {
      await page.keyboard.press("Control+k");
      await page.getByRole("option").first().waitFor();
    },
  },
  {
    name: "palette-command",
    path: "/",
    async open(page) {
      await page.keyboard.press("Control+k");
      await page.keyboard.type("task add");
      await page.getByRole("option", { name: /task\.add/ }).click();
      await page.getByLabel("title", { exact: true }).waitFor();
    },
  },
  { name: "more", path: "/", open: (page) => page.evaluate("document.querySelector('#more').showPopover()") },
];

/** Every page and part that a home of any age has. */
export const everywhere: readonly Scene[] = [...views, ...wizard, ...palette];

const run = "/agents?agent=morning-brief";
/** What opens in a home that was used for a while. */
export const opened: readonly Scene[] = [
  { name: "run-time", path: `${run}&view=time`, open: (page) => page.locator(".time-line li").first().waitFor() },
  { name: "run-tree", path: `${run}&view=tree`, open: (page) => page.locator(".run .tree").waitFor() },
  { name: "run-list", path: `${run}&view=list`, open: (page) => page.locator(".run-table").waitFor() },
  { name: "run-log", path: `${run}&view=log` },
  { name: "run-share", path: run, open: presses("Share this run…", ".share .preview") },
  { name: "run-undo", path: run, open: presses(/^Undo/, ".undo-plan") },
  { name: "activity", path: "/audit", open: (page) => page.locator(".plot canvas").waitFor() },
  { name: "map", path: "/memory?tab=map&around=Sarah", open: (page) => page.locator(".map circle.me").waitFor() },
  { name: "hits", path: "/memory?q=Sarah", open: (page) => page.locator(".hit").first().click() },
  { name: "persona-edit", path: "/persona", open: presses(/^Edit: /, "main form .btn-main") },
  { name: "persona-versions", path: "/persona", open: presses(/^Versions: /, "main [aria-expanded=true]") },
  { name: "persona-goal", path: "/persona?tab=goals", open: presses(/^Tasks and parts: /, ".goal-more form") },
  {
    name: "persona-person",
    path: "/persona?tab=people&person=Sarah",
    open: (page) => page.locator(".inspect .kv").waitFor(),
  },
  { name: "persona-no", path: "/persona?tab=learned", open: presses(/^No, … instead/, ".no-instead form") },
  { name: "persona-evidence", path: "/persona?tab=learned", open: presses(/^What it rests on: /, ".lines .whole p") },
  { name: "persona-preview", path: "/persona?tab=observed", open: presses("Preview: Terminal", ".taken") },
  { name: "persona-places", path: "/persona?tab=observed", open: presses("Where it looks: Terminal", "main form") },
  { name: "task-edit", path: "/tasks", open: presses(/^Edit: /, "main form .btn") },
  { name: "policy-draft", path: "/policy", open: draftsRule },
  { name: "memory-forget", path: "/memory?q=Sarah", open: forgets },
  { name: "device-link", path: "/settings?part=devices", open: addsDevice },
];

async function addsDevice(page: Page): Promise<void> {
  await page.getByLabel("Its name").fill("tablet");
  await page.locator("form.add button").click();
  await page.locator(".pairing").waitFor();
}

/** What a request for approval looks like, of each kind. */
export const cardScenes = (ids: { bill: string; question: string; plan: string }): readonly Scene[] => {
  const at = (id: string) => `/approvals?id=${id}`;
  const card = (page: Page) => page.locator(".card .acts").waitFor();
  return [
    {
      name: "card-batch",
      path: "/approvals",
      open: (page) => page.locator(".queue button", { hasText: "×3" }).click(),
    },
    { name: "card", path: at(ids.bill), open: card },
    { name: "card-edit", path: at(ids.bill), open: presses("Edit", "form.edit .input") },
    { name: "card-ask", path: at(ids.bill), open: presses("Ask clerk", "form.edit input") },
    { name: "card-question", path: at(ids.question), open: card },
    { name: "card-plan", path: at(ids.plan), open: card },
  ];
};

async function draftsRule(page: Page): Promise<void> {
  await page.locator("form.add input").first().fill("send mail to anyone outside my contacts");
  await page.locator("form.add .btn").first().click();
  await page.locator("form.add ~ .pad details").first().waitFor();
}

async function forgets(page: Page): Promise<void> {
  await page.locator(".hit").first().click();
  await page.getByRole("button", { name: /^Forget/ }).click();
}

// The site over a home of years: frames while lists are scrolled and while ten thousand memories come in, the first load,
// the time until it can be used, and how soon a click shows. Tasks are measured in processor time of the page's thread, so
// that a machine that others use does not decide; what the wall says stands beside that of an empty page in the same run.
// `node --conditions=mh-source bench/site.ts FOLDER` keeps the home in a folder and uses it again. Needs /usr/bin/chromium.
import { type ChildProcess, spawn, spawnSync } from "node:child_process";
import * as fs from "node:fs";
import * as http from "node:http";
import type { AddressInfo } from "node:net";
import * as os from "node:os";
import * as path from "node:path";
import { createHome } from "@mh/host/home/home-file.ts";
import type { Browser, Page } from "playwright-core";
import { bigHome, fillBig } from "../tests/support/big-home.ts";
import { chromiumFile, desk, live, openPage, phone, startBrowser } from "../tests/support/site-browser.ts";
import { ended, mh, startDaemon, usageOf } from "./support/bench-daemon.ts";
import { quantile } from "./support/median.ts";
import { traced } from "./support/traced.ts";

const budget = { taskMs: 50, scriptBytes: 200_000, interactiveMs: 1000, nextPaintMs: 100 };
const [kept] = process.argv.slice(2);
const folder = kept ?? fs.mkdtempSync(path.join(os.tmpdir(), "mh-bench-"));
const home = path.join(folder, "home");
const env = { ...process.env, HOME: folder };
const tell = (what: string, figures: object) => console.log(JSON.stringify({ bench: "site", what, ...figures }));

async function measure(): Promise<void> {
  if (!fs.existsSync(home)) {
    createHome(home, env, { owner: "Ada", timeZone: "UTC" });
    fs.appendFileSync(path.join(home, "config.yaml"), "\ndaemon:\n  port: 0\n");
    await fillBig(home, env, bigHome);
  }
  const daemon = await startDaemon(home, env);
  const bare = http.createServer((_, answer) => answer.setHeader("content-type", "text/html").end(barePage));
  await new Promise<void>((resolve) => bare.listen(0, "127.0.0.1", resolve));
  const bareUrl = `http://127.0.0.1:${(bare.address() as AddressInfo).port}/`;
  const browser = await startBrowser();
  try {
    const before = usageOf(daemon).rssMiB;
    await firstLoad(browser, bareUrl);
    await scrolling(browser, bareUrl);
    await nextPaint(browser, bareUrl);
    const browsed = usageOf(daemon).rssMiB;
    await importing(browser);
    const figures = { idleRssMiB: before, browsedRssMiB: browsed, importedRssMiB: usageOf(daemon).rssMiB };
    tell("daemon", { ratio: browsed / before, ...figures });
  } finally {
    await browser.close();
    bare.close();
    await ended(daemon);
    if (!kept) fs.rmSync(folder, { recursive: true });
  }
}

const barePage = `<!doctype html><meta charset="utf-8"><title>bare</title><button>Press</button>
<div id="list" style="height:60vh;overflow-y:auto"><div style="height:2000000px;background:linear-gradient(white,gray)">bare</div></div>
<script>document.querySelector("button").onclick = (e) => { e.target.textContent += "."; };</script>`;

async function firstLoad(browser: Browser, bareUrl: string): Promise<void> {
  const times = { site: [] as number[], bare: [] as number[] };
  let scriptBytes = 0;
  // The daemon is measured, and not what a browser keeps.
  const context = await browser.newContext({ ...desk, serviceWorkers: "block" });
  const signingIn = await context.newPage();
  await signingIn.goto(link());
  await live(signingIn);
  const { origin } = new URL(signingIn.url());
  await signingIn.close();
  for (let round = 0; round < 7; round += 1) {
    const page = await context.newPage();
    let begun = performance.now();
    await page.goto(bareUrl);
    times.bare.push(performance.now() - begun);
    begun = performance.now();
    await page.goto(`${origin}/memory`, { waitUntil: "commit" });
    await page.locator(".hits .hit").first().waitFor();
    times.site.push(performance.now() - begun);
    scriptBytes = Number(await page.evaluate(sumOfScripts));
    await page.close();
  }
  await context.close();
  const [site, plain] = [quantile(times.site, 0.5), quantile(times.bare, 0.5)];
  const judged = { budgetMs: budget.interactiveMs, withinBudget: Math.min(...times.site) <= budget.interactiveMs };
  tell("interactive", { ratio: site / plain, ms: site, best: Math.min(...times.site), bareMs: plain, ...judged });
  tell("script", { bytes: scriptBytes, budget: budget.scriptBytes, withinBudget: scriptBytes <= budget.scriptBytes });
}

const sumOfScripts = `performance.getEntriesByType("resource").filter(({ name }) => name.endsWith(".js"))
  .reduce((sum, { encodedBodySize }) => sum + encodedBodySize, 0)`;

const lists = [
  { what: "memory, latest", path: "/memory", list: ".long > div" },
  { what: "memory, timeline", path: "/memory?tab=timeline", list: ".long > div" },
  { what: "memory, search", path: "/memory?q=Sarah%20boiler%20valve", list: ".long > div, .hits" },
  { what: "audit", path: "/audit", list: ".log-list > div" },
  { what: "tasks", path: "/tasks", list: ".long > div" },
  { what: "approvals", path: "/approvals", list: ".queue ul" },
];

async function scrolling(browser: Browser, bareUrl: string): Promise<void> {
  for (const device of [desk, phone]) {
    const context = await browser.newContext(device);
    const page = await context.newPage();
    await page.goto(link());
    await live(page);
    const how = device === phone ? "touch" : "wheel and keys";
    const bare = await context.newPage();
    await bare.goto(bareUrl);
    tell("scroll an empty page", { how, ...(await scroll(bare, "#list", device === phone)) });
    await bare.close();
    for (const { what, path: address, list } of lists) {
      await openPage(page, address);
      await page.locator(list).first().waitFor();
      const figures = await scroll(page, list, device === phone);
      const judged = { budgetMs: budget.taskMs, withinBudget: figures.worstTaskMs <= budget.taskMs };
      tell("scroll", { list: what, how, ...figures, ...judged });
    }
    await context.close();
  }
}

async function scroll(page: Page, list: string, isTouch: boolean) {
  const session = await page.context().newCDPSession(page);
  await page.locator(list).first().scrollIntoViewIfNeeded();
  const box = await page.locator(list).first().boundingBox();
  const at = { x: Math.round((box?.x ?? 0) + 40), y: Math.round(Math.min((box?.y ?? 0) + 80, 700)) };
  const gestureSourceType = isTouch ? ("touch" as const) : ("mouse" as const);
  return traced(page, session, async () => {
    for (let n = 0; n < 6; n += 1)
      await session.send("Input.synthesizeScrollGesture", { ...at, yDistance: -6000, speed: 4000, gestureSourceType });
    await session.send("Input.synthesizeScrollGesture", { ...at, yDistance: 5000, speed: 6000, gestureSourceType });
    if (isTouch) return;
    await page.mouse.click(at.x, at.y);
    for (let n = 0; n < 20; n += 1) await page.keyboard.press("PageDown");
  });
}

/** Clicks and keys on a page with everything in it, by the browser's own event timing. */
async function nextPaint(browser: Browser, bareUrl: string): Promise<void> {
  const context = await browser.newContext(desk);
  const page = await context.newPage();
  await page.addInitScript(`{
    window.interactions = [];
    new PerformanceObserver((list) => {
      for (const { interactionId, duration } of list.getEntries()) if (interactionId) window.interactions.push(duration);
    }).observe({ type: "event", durationThreshold: 16, buffered: true });
  }`);
  await page.goto(bareUrl);
  for (let n = 0; n < 30; n += 1) await page.getByRole("button").click();
  const plain = (await page.evaluate("window.interactions")) as number[];
  await page.goto(link());
  await live(page);
  const all: number[] = [];
  for (const address of ["/memory", "/audit", "/tasks", "/approvals"]) {
    await openPage(page, address);
    const rows = page.locator(".hit, .log-row, .tasks .why, .queue li button");
    await rows.first().waitFor();
    for (let n = 0; n < 6; n += 1) await rows.nth(n).click();
    await page.keyboard.press("Control+k");
    await page.keyboard.type("task add");
    await page.keyboard.press("Escape");
    for (const name of ["Memory", "Tasks", "Audit"]) await page.locator(".nav").getByRole("link", { name }).click();
    await page.locator("h1").waitFor();
    all.push(...((await page.evaluate("window.interactions")) as number[]));
  }
  await context.close();
  const [p98Ms, bareP98Ms] = [quantile(all, 0.98), quantile(plain, 0.98)];
  const judged = { budgetMs: budget.nextPaintMs, withinBudget: p98Ms <= budget.nextPaintMs };
  const figures = { p98Ms, worstMs: Math.max(...all), interactions: all.length, bareP98Ms };
  tell("interaction to next paint", { ratio: p98Ms / bareP98Ms, ...figures, ...judged });
}

/** Ten thousand memories come in while each list is open. */
async function importing(browser: Browser): Promise<void> {
  const context = await browser.newContext(desk);
  for (const { what, path: address } of lists.filter(({ path: each }) => /^\/(memory|audit)$/.test(each))) {
    const page = await context.newPage();
    await page.goto(link());
    await live(page);
    await openPage(page, address);
    const session = await context.newCDPSession(page);
    const file = path.join(folder, "more.ndjson");
    const stamp = Date.now();
    const lines = Array.from({ length: 10_000 }, (_, n) =>
      JSON.stringify({ id: `${stamp}-${n}`, content: `More ${n} of ${stamp}` }),
    );
    fs.writeFileSync(file, lines.join("\n"));
    const figures = await traced(page, session, () =>
      exited(spawn(mh, ["--home", home, "import", file], { env, stdio: "ignore" })),
    );
    const judged = { budgetMs: budget.taskMs, withinBudget: figures.worstTaskMs <= budget.taskMs };
    tell("import of 10,000 while open", { list: what, ...figures, ...judged });
    await page.close();
  }
  await context.close();
}

function link(): string {
  return spawnSync(mh, ["--home", home, "open", "--print"], { env, encoding: "utf8" }).stdout.trim();
}

const exited = (child: ChildProcess): Promise<void> =>
  new Promise((resolve, reject) =>
    child.once("exit", (code) => (code === 0 ? resolve() : reject(new Error(`The import ended with ${code}.`)))),
  );

if (chromiumFile && process.platform === "linux") await measure();
else tell("all", { skipped: "there is no chromium or no /proc here" });

import * as fs from "node:fs";
import { type Browser, type BrowserContextOptions, chromium, type Page } from "playwright-core";

/** Debian's Chromium; undefined where there is none. */
export const chromiumFile = [
  "/usr/bin/chromium",
  ...(process.env.PATH ?? "").split(":").map((folder) => `${folder}/chromium`),
].find((file) => fs.existsSync(file));

/** Whatever comes in the end is waited for, also where many share a machine. */
const patienceMs = 120_000;

export async function startBrowser(...more: string[]): Promise<Browser> {
  if (!chromiumFile) throw new Error("There is no chromium here.");
  const args = ["--no-sandbox", "--disable-gpu", "--disable-quic", "--disable-background-networking", ...more];
  const browser = await chromium.launch({ executablePath: chromiumFile, args });
  const newContext = browser.newContext.bind(browser);
  return Object.assign(browser, {
    newContext: async (options?: BrowserContextOptions) => {
      const context = await newContext(options);
      context.setDefaultTimeout(patienceMs);
      return context;
    },
  });
}

export const desk = { viewport: { width: 1440, height: 900 } } satisfies BrowserContextOptions;
export const phone = {
  viewport: { width: 390, height: 844 },
  deviceScaleFactor: 2,
  hasTouch: true,
  isMobile: true,
} satisfies BrowserContextOptions;

/** A page that was opened by a link of `mh open`, and what it complained of. */
export async function signedIn(browser: Browser, link: string, options: BrowserContextOptions = desk) {
  // A worker keeps the whole site, which takes its time: tests that are about it say `serviceWorkers: "allow"`.
  const context = await browser.newContext({ locale: "en-GB", serviceWorkers: "block", ...options });
  const page = await context.newPage();
  const complaints: string[] = [];
  page.on("console", (message) => message.type() === "error" && complaints.push(message.text()));
  page.on("pageerror", (error) => complaints.push(error.message));
  await page.goto(link);
  await live(page);
  return { page, context, complaints, [Symbol.asyncDispose]: () => context.close() };
}

/** Waits until events arrive. */
export const live = (page: Page): Promise<void> => page.locator('.app[data-connection="live"]').waitFor();

/** Loads another page of the same daemon. */
export const openPage = (page: Page, path: string): Promise<void> =>
  page.goto(new URL(path, page.url()).href).then(() => live(page));

// For a test file that plays the site: one Chromium for all of its tests.
import type { Browser } from "playwright-core";
import { afterAll, beforeAll, test } from "vitest";
import { chromiumFile, startBrowser } from "./site-browser.ts";

const isCi = process.env.CI === "true";

/** A test that needs a browser. Where there is none it is skipped; in CI it fails. */
export const inBrowser: ReturnType<typeof test.skipIf> = test.skipIf(!chromiumFile && !isCi);

/** Of the test file that imports this. */
export let browser: Browser;
beforeAll(async () => {
  if (chromiumFile || isCi) browser = await startBrowser();
});
afterAll(() => browser?.close());

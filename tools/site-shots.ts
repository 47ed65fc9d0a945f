// Takes pictures of every page and its parts, desk and phone, light and dark, empty and full, into a folder.
//   node --conditions=mh-source tools/site-shots.ts OUT [page …]
import { mkdirSync } from "node:fs";
import { join } from "node:path";
import type { Browser } from "playwright-core";
import { type Mh, makeMh } from "../tests/fault/mh.ts";
import { desk, phone, signedIn, startBrowser } from "../tests/support/site-browser.ts";
import { fillWhole } from "../tests/support/site-full.ts";
import { showView, views } from "../tests/support/site-views.ts";

const [out = "shots", ...wanted] = process.argv.slice(2);
const only = views.filter(({ name }) => wanted.length === 0 || wanted.includes(name));
const looks = [
  { name: "desk-light", options: { ...desk, colorScheme: "light" } },
  { name: "desk-dark", options: { ...desk, colorScheme: "dark" } },
  { name: "phone-light", options: { ...phone, colorScheme: "light" } },
  { name: "phone-dark", options: { ...phone, colorScheme: "dark" } },
] as const;

mkdirSync(out, { recursive: true });
const browser = await startBrowser();
try {
  await shoot(browser, "full", fillWhole);
  await shoot(browser, "empty", () => undefined);
} finally {
  await browser.close();
}

async function shoot(browser: Browser, kind: string, fill: (mh: Mh) => void): Promise<void> {
  using mh = makeMh();
  mh.run(["init", "--yes", "--name", "Greg"]);
  mh.run(["config", "set", "daemon.port", "0"]);
  mh.run(["daemon", "start"]);
  try {
    fill(mh);
    for (const { name: look, options } of looks) {
      await using visit = await signedIn(browser, mh.run(["open", "--print"]).out.trim(), options);
      const { page, complaints } = visit;
      for (const { name, path } of only) {
        await showView(page, path);
        await page.waitForTimeout(400);
        await page.screenshot({ path: join(out, `${name}-${look}-${kind}.png`) });
      }
      for (const each of complaints) console.log(`${look} ${kind}: ${each}`);
    }
  } finally {
    mh.run(["daemon", "stop"]);
  }
}

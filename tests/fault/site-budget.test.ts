import * as fs from "node:fs";
import * as path from "node:path";
import type { SiteManifest } from "@mh/host/serve/http/site-files.ts";
import { expect, test } from "vitest";
import { pages } from "../../apps/site/src/app/pages.ts";

const site = path.join(import.meta.dirname, "..", "..", "dist", "site");
const bytesMax = 200_000;

test.each(pages)("H22 the first load of $name is under 200 kB of script, compressed", ({ name, path: address }) => {
  const { files } = JSON.parse(fs.readFileSync(path.join(site, "site.json"), "utf8")) as SiteManifest;
  const assets = Object.values(files).map(({ file }) => file);
  const screen = assets.filter((file) => new RegExp(`/${name}\\.[^/]*\\.js$`, "i").test(file));
  expect({ name, screens: screen.length }).toEqual({ name, screens: 1 });
  const html = fs.readFileSync(path.join(site, files[address]?.file ?? ""), "utf8");
  const entries = [...html.matchAll(/(?:src|href)="\/(assets\/[^"]+\.js)"/g)].map(([, file]) => file as string);
  expect(entries.length).toBeGreaterThan(0);
  const sizes = [...reached([...entries, ...screen])].map((file) => ({ file, bytes: brotliBytes(file) }));
  const largest = sizes.sort((a, b) => b.bytes - a.bytes).slice(0, 5);
  const bytes = sizes.reduce((sum, each) => sum + each.bytes, 0);
  const said = largest.map((each) => `${each.file}: ${each.bytes}`).join(", ");
  expect(bytes, `${bytes} bytes, the largest of them ${said}`).toBeLessThan(bytesMax);
  // Something was measured.
  expect(bytes).toBeGreaterThan(20_000);
});

/** What scripts import at once, and those in turn; what is loaded when it is needed is no part of it. */
function reached(from: readonly string[]): Set<string> {
  const found = new Set<string>();
  const next = [...from];
  for (let file = next.pop(); file !== undefined; file = next.pop()) {
    if (found.has(file)) continue;
    found.add(file);
    const text = fs.readFileSync(path.join(site, file), "utf8");
    for (const [, name] of text.matchAll(/(?:\bfrom|\bimport)\s*"\.\/([^"]+\.js)"/g))
      next.push(path.posix.join(path.posix.dirname(file), name as string));
  }
  return found;
}

/** What is smaller as it is, is sent so. */
function brotliBytes(file: string): number {
  const compressed = path.join(site, `${file}.br`);
  return fs.statSync(fs.existsSync(compressed) ? compressed : path.join(site, file)).size;
}

// Makes the icons of the installed page from its SVG: `node tools/site-icons.ts`, and what it wrote is committed.
import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { startBrowser } from "../tests/support/site-browser.ts";

const folder = join(import.meta.dirname, "..", "apps", "site", "public");
const svg = await readFile(join(folder, "icon.svg"), "utf8");
const [, drawing = ""] = /<title>.*?<\/title>(.*)<\/svg>/s.exec(svg) ?? [];
const paper = "#f3f4f0";
const pine = "#0a5f4c";

/** The mark on a ground of one colour; `share` is how much of the width it takes. */
function onGround(share: number, { ground, ink, radius }: { ground: string; ink: string; radius: number }): string {
  const place = `translate(${12 * (1 - share)} ${12 * (1 - share)}) scale(${share})`;
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 24 24"><rect width="24" height="24" rx="${radius}" fill="${ground}"/>
<g transform="${place}" fill="none" stroke="${ink}" stroke-width="2.25" stroke-linecap="round">${drawing}</g></svg>`;
}

const plain = onGround(0.66, { ground: paper, ink: pine, radius: 5 });
// A launcher cuts a maskable icon into its own shape: what matters stays within the inner 80 %.
const maskable = onGround(0.5, { ground: pine, ink: paper, radius: 0 });
// Of a badge in the status bar Android shows the alpha alone.
const badge = `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 24 24" fill="none" stroke="#fff" stroke-width="2.25" stroke-linecap="round">${drawing}</svg>`;

const icons = [
  { name: "icon-192.png", size: 192, drawn: plain },
  { name: "icon-512.png", size: 512, drawn: plain },
  { name: "icon-maskable-512.png", size: 512, drawn: maskable },
  { name: "apple-touch-icon.png", size: 180, drawn: onGround(0.62, { ground: paper, ink: pine, radius: 0 }) },
  { name: "badge-96.png", size: 96, drawn: badge },
];
const browser = await startBrowser();
const page = await browser.newPage();
for (const { name, size, drawn } of icons) {
  await page.setViewportSize({ width: size, height: size });
  const sized = drawn.replace("<svg ", `<svg width="${size}" height="${size}" style="display:block" `);
  await page.setContent(`<body style="margin:0">${sized}</body>`);
  await writeFile(join(folder, name), await page.screenshot({ omitBackground: true }));
}
await browser.close();

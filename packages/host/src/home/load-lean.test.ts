import { execFileSync } from "node:child_process";
import * as path from "node:path";
import { expect, test } from "vitest";

const roomMiBMax = 16;
const leftMiBMax = 24;

/** Loads nothing, then makes what lives for a moment, as a long list does; prints what V8 keeps for the young. */
const program = `
  const { loadLean } = await import(process.argv[1]);
  const { getHeapSpaceStatistics } = await import("node:v8");
  await loadLean(async () => undefined);
  const lately = [];
  for (let n = 0; n < 3_000_000; n += 1) lately[n % 200_000] = { n, text: "row " + n };
  const young = getHeapSpaceStatistics().find(({ space_name }) => space_name === "new_space");
  console.log(young.space_size / 2 ** 20);
`;

test("a daemon keeps no room for what it made in passing", () => {
  const file = path.join(import.meta.dirname, "load-lean.ts");
  const printed = execFileSync(process.execPath, ["--input-type=module", "-e", program, file], { encoding: "utf8" });
  expect(Number(printed)).toBeGreaterThan(0);
  expect(Number(printed)).toBeLessThanOrEqual(roomMiBMax);
});

/**
 * Makes what lives for a while, as a large answer does, again and again, until the process holds little beyond V8's heap; prints how
 * much that was, as it grew. What V8 keeps for later it keeps however often.
 */
const waves = `
  const { loadLean } = await import(process.argv[1]);
  await loadLean(async () => undefined);
  const beyond = () => { const { rss, heapTotal, external } = process.memoryUsage(); return (rss - heapTotal - external) / 2 ** 20; };
  const before = beyond();
  let left = Number.POSITIVE_INFINITY;
  for (let wave = 0; wave < 40 && (wave < 4 || left > ${leftMiBMax}); wave += 1) {
    const held = [];
    for (let n = 0; n < 400_000; n += 1) held.push({ n, text: "row " + n });
    held.length = 0;
    await new Promise((resolve) => setImmediate(resolve));
    gc();
    left = beyond() - before;
  }
  console.log(left);
`;

test("R-17 what a daemon no longer needs goes back to the system, and is not held for later", () => {
  const file = path.join(import.meta.dirname, "load-lean.ts");
  const how = ["--expose-gc", "--input-type=module", "-e", waves, file];
  expect(Number(execFileSync(process.execPath, how, { encoding: "utf8" }))).toBeLessThanOrEqual(leftMiBMax);
});

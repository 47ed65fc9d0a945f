import { execFileSync } from "node:child_process";
import * as path from "node:path";
import { expect, test } from "vitest";

const roomMiBMax = 16;

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

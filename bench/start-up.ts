// Whole processes against a bare node, taken in turn (DESIGN §10): help and status ≤ 1.5 × bare; a capture through the
// daemon ≤ 2 × bare and two syncs, and beside it one in a home that nobody holds.
import { spawnSync } from "node:child_process";
import * as fs from "node:fs";
import * as os from "node:os";
import * as path from "node:path";
import { median } from "./support/median.ts";

const checkout = path.join(import.meta.dirname, "..");
const folder = fs.mkdtempSync(path.join(os.tmpdir(), "mh-bench-"));
const home = path.join(folder, "home");
const env = { ...process.env, HOME: folder };
const mh = path.join(checkout, "bin", "mh");

run(mh, ["init", "--yes", "--home", home]);
fs.appendFileSync(path.join(home, "config.yaml"), "\ndaemon:\n  port: 0\n");
ratio("mh --help", 1.5, () => run(mh, ["--help"]));
ratio("mh status", 1.5, () => run(mh, ["status", "--home", home]));
const alone = ratio("mh capture, nobody holds the home", undefined, captureOnce);

run(mh, ["daemon", "start", "--home", home]);
try {
  ratio("mh capture, through the daemon", 2, captureOnce, 2 * syncMs(), { aloneRatio: alone });
} finally {
  run(mh, ["daemon", "stop", "--home", home]);
}
fs.rmSync(folder, { recursive: true });

function captureOnce(): void {
  run(mh, ["capture", `bench ${Math.random()}`, "--quiet", "--home", home]);
}

/** `allowance` milliseconds are taken off before dividing: what the promise of durability costs. */
function ratio(bench: string, budget: number | undefined, work: () => void, allowance = 0, beside = {}): number {
  const ratios: number[] = [];
  for (let n = 0; n < 30; n += 1) {
    const bare = timed(() => run(process.execPath, ["-e", "0"]));
    ratios.push((timed(work) - allowance) / bare);
  }
  const value = median(ratios);
  const judged = budget === undefined ? {} : { budget, withinBudget: value <= budget };
  console.log(JSON.stringify({ bench, ratio: value, best: Math.min(...ratios), ...beside, ...judged }));
  return value;
}

function run(command: string, args: readonly string[]): void {
  const ended = spawnSync(command, args, { env, stdio: ["ignore", "ignore", "pipe"] });
  if (ended.status !== 0) throw new Error(`${command} ${args.join(" ")}: ${ended.stderr}`);
}

function timed(work: () => void): number {
  const start = performance.now();
  work();
  return performance.now() - start;
}

function syncMs(): number {
  const fd = fs.openSync(path.join(folder, "sync"), "a");
  const times = Array.from({ length: 30 }, () => {
    fs.writeSync(fd, "x".repeat(700));
    return timed(() => fs.fdatasyncSync(fd));
  });
  fs.closeSync(fd);
  return median(times);
}

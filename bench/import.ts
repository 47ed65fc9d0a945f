// A mixed folder of 50 MB (MH_BENCH_MB says another size): memories a second of processor time, the most memory held, what lies
// on the disk for it, and what a second run over the same costs (H26: 3,000 a second, 300 MB, a tenth).
import * as fs from "node:fs";
import * as os from "node:os";
import * as path from "node:path";
import { benchHome } from "./support/bench-home.ts";
import { layMixedFolder } from "./support/mixed-folder.ts";
import { processorMsSince } from "./support/processor-time.ts";

const megabytes = Number(process.env.MH_BENCH_MB ?? 50);
const folder = fs.mkdtempSync(path.join(os.tmpdir(), "mh-bench-folder-"));
try {
  layMixedFolder(folder, megabytes * 1e6, 20_261_129);
  await using home = await benchHome();
  const idleMb = process.memoryUsage.rss() / 1e6;
  const first = await timed(() => home.own("import.run", { path: folder }));
  const mostMb = process.resourceUsage().maxRSS / 1e3;
  const second = await timed(() => home.own("import.run", { path: folder }));
  const { added, files } = first.value as { added: number; files: number };
  const aSecond = added / first.seconds;
  const share = second.seconds / first.seconds;
  const line = { bench: "import mixed folder", megabytes, files, memories: added, aSecond, idleMb, mostMb, share };
  const isWithin = aSecond >= 3_000 && mostMb <= 300 && share <= 0.1;
  console.log(JSON.stringify({ ...line, budget: 3_000, withinBudget: isWithin }));
} finally {
  fs.rmSync(folder, { recursive: true });
}

async function timed(run: () => Promise<unknown>): Promise<{ seconds: number; value: unknown }> {
  const before = process.cpuUsage();
  const value = await run();
  return { seconds: processorMsSince(before) / 1_000, value };
}

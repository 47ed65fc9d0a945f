// A mixed folder of 50 MB (MH_BENCH_MB says another size), as `mh import` takes it in: memories a second of processor time, the
// most memory held, and what a second run over the same costs (H26: 3,000 a second, 300 MB, a tenth).
import { spawnSync } from "node:child_process";
import * as fs from "node:fs";
import * as os from "node:os";
import * as path from "node:path";
import { layMixedFolder } from "./support/mixed-folder.ts";

const megabytes = Number(process.env.MH_BENCH_MB ?? 50);
const checkout = path.join(import.meta.dirname, "..");
const folder = fs.mkdtempSync(path.join(os.tmpdir(), "mh-bench-"));
const [home, from, used] = ["home", "mixed", "used.json"].map((name) => path.join(folder, name)) as [
  string,
  string,
  string,
];
/** What a process took is known to itself alone, at its end. */
const noteUse = `import fs from "node:fs"; process.on("exit", () => {
  const { userCPUTime, systemCPUTime, maxRSS } = process.resourceUsage();
  fs.writeFileSync(${JSON.stringify(used)}, JSON.stringify({ seconds: (userCPUTime + systemCPUTime) / 1e6, mostMb: maxRSS / 1e3 }));
});`;

try {
  layMixedFolder(from, megabytes * 1e6, 20_261_129);
  // As this also builds what is not built, it is no part of what is measured.
  run(path.join(checkout, "bin/mh"), ["init", "--yes", "--home", home]);
  const first = importOnce();
  const second = importOnce();
  const { added, files } = first;
  const aSecond = added / first.seconds;
  const share = second.seconds / first.seconds;
  const line = {
    bench: "import mixed folder",
    megabytes,
    files,
    memories: added,
    aSecond,
    mostMb: first.mostMb,
    share,
  };
  const isWithin = aSecond >= 3_000 && first.mostMb <= 300 && share <= 0.1 && second.added === 0;
  console.log(JSON.stringify({ ...line, budget: 3_000, withinBudget: isWithin }));
} finally {
  fs.rmSync(folder, { recursive: true });
}

function importOnce(): { added: number; files: number; seconds: number; mostMb: number } {
  const noted = `data:text/javascript,${encodeURIComponent(noteUse)}`;
  const program = path.join(checkout, "dist/mh.js");
  const printed = run(process.execPath, ["--import", noted, program, "import", from, "--json", "--home", home]);
  const { added, files } = JSON.parse(printed.trimEnd().split("\n").at(-1) ?? "") as { added: number; files: number };
  return { added, files, ...(JSON.parse(fs.readFileSync(used, "utf8")) as { seconds: number; mostMb: number }) };
}

function run(command: string, args: readonly string[]): string {
  const env = { ...process.env, HOME: folder };
  const { status, stdout, stderr } = spawnSync(command, args, { env, encoding: "utf8", maxBuffer: 2 ** 30 });
  if (status !== 0) throw new Error(`${command} ${args.join(" ")}: ${stderr}`);
  return stdout;
}

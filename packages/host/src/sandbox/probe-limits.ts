import * as fs from "node:fs";
import * as os from "node:os";
import * as path from "node:path";
import type { Cap, Job, Limits, RunEnd, View } from "@mh/core/ports/executor.ts";
import { dataKiBOf, descriptorsOf } from "./rlimits.ts";
import type { Tried } from "./tried.ts";

/** Enough for what is tried, wherever this runs; what takes it all did not come to its aim. */
export const enough: Limits = {
  ...{ timeMs: 120_000, cpuMs: 30_000, memoryBytes: 2 ** 29, processesMax: 40 },
  output: { bytesMax: 2 ** 16, beyond: "drop" },
};

const wait = "sleep 1000";

/** For each limit that ends a job, what goes over it. */
const overLimits: Record<"time" | "cpu" | "memory" | "scratch" | "processes" | "disk", [string, Partial<Limits>]> = {
  time: ["exec sleep 1000", { timeMs: 50 }],
  cpu: ["while :; do :; done", { cpuMs: 50 }],
  memory: [
    `x=0123456789abcdef; for n in 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16 17 18 19 20; do x=$x$x; done; ${wait}`,
    { memoryBytes: 2 ** 23 },
  ],
  scratch: [`head -c 100000000 /dev/zero > /tmp/x; ${wait}`, { memoryBytes: 2 ** 26 }],
  processes: ["for n in 1 2 3 4 5 6 7 8 9 10 11 12; do sleep 1000 & done; wait", { processesMax: 8 }],
  disk: [
    `head -c 900000 /dev/zero > x; head -c 900000 /dev/zero > y; ${wait}`,
    { disk: { bytesMax: 2 ** 20, filesMax: 99 } },
  ],
};

/** The reason by which a job is ended that goes over it. */
const reasons: Readonly<Record<string, string>> = { scratch: "memory" };

/** Goes over each limit, in jobs of their own, and says which does not hold, and by what the others do. */
export async function tryLimits(
  outcomeOf: (job: Job) => Promise<Tried>,
): Promise<{ leak: string | undefined; caps: Cap[] }> {
  const folder = fs.realpathSync(fs.mkdtempSync(path.join(os.tmpdir(), "mh-limits-")));
  try {
    const run = (text: string, limits: Partial<Limits>): Promise<Tried> =>
      outcomeOf({
        ...{ program: "/bin/sh", args: ["-c", text], limits: { ...enough, ...limits }, unsandboxed: "" },
        view: limits.disk ? writing(folder) : { base: "system", places: [], folder: "/tmp" },
      });
    const over = Object.entries(overLimits).map(async ([what, [text, limits]]) => {
      const tried = await run(text, limits);
      const { end, complaint, isGrouped } = tried;
      const holds = end.reason === (reasons[what] ?? what);
      return {
        isGrouped,
        leak: holds ? undefined : `the limit on ${what} does not hold here (${complaint || end.message})`,
      };
    });
    const [own, ...others] = await Promise.all([ownLimits(run), ...over]);
    const leak = [own, ...others].find((each) => each.leak !== undefined)?.leak;
    return { leak, caps: capsOf(others.every(({ isGrouped }) => isGrouped)) };
  } finally {
    fs.rmSync(folder, { recursive: true, force: true });
  }
}

/** A folder for each: what one job fills is not to end another. */
function writing(parent: string): View {
  const folder = fs.mkdtempSync(path.join(parent, "job-"));
  return { base: "system", places: [{ from: folder, isWritable: true }], folder };
}

type RunShell = (text: string, limits: Partial<Limits>) => Promise<Tried>;

/** The limits that the system itself keeps for each process, as the job finds them. */
async function ownLimits(run: RunShell): Promise<{ leak: string | undefined }> {
  const text = "ulimit -n; ulimit -c; ulimit -f; ulimit -d";
  const { end, said, complaint } = await run(text, { disk: { bytesMax: 2 ** 20, filesMax: 99 } });
  if (end.exitCode !== 0) return { leak: broken(end, complaint) };
  const found = said.trim().split("\n").map(Number);
  const most = [descriptorsOf(enough), 0, 2 ** 20 / 512, dataKiBOf(enough)];
  const open = ["descriptors", "core files", "the size of a file", "the data of a process"].find(
    (_what, n) => !((found[n] ?? Number.NaN) <= (most[n] ?? 0)),
  );
  return { leak: open && `the limit on ${open} does not hold here` };
}

/** Of root the system counts no processes. */
const isRoot = () => process.getuid?.() === 0;

function capsOf(isGrouped: boolean): Cap[] {
  const group = isGrouped ? (["cgroup"] as const) : [];
  return [
    { what: "time", by: ["watched"] },
    { what: "processor", by: ["watched"] },
    { what: "memory", by: [...group, "rlimit", "watched"] },
    { what: "kernel memory", by: [...group, "watched"] },
    { what: "scratch", by: [...group, "mount", "watched"] },
    { what: "processes and threads", by: [...group, ...(isRoot() ? [] : (["rlimit"] as const)), "watched"] },
    { what: "disk, files", by: ["rlimit", "watched"] },
    { what: "descriptors, core files, locked memory", by: ["rlimit"] },
  ];
}

/** Why a job that should have run did not. */
export const broken = ({ status, reason, message }: RunEnd, complaint: string): string =>
  status === "killed" && reason === "sandbox.missing"
    ? message
    : `bubblewrap does not work here: ${complaint || message}`;

import * as fs from "node:fs";

export interface Usage {
  pids: number[];
  cpuMs: number;
  rssBytes: number;
}

const ticksPerSecond = 100;
const pageBytes = 4096;

/** What a process and all that came of it use now; undefined where it is gone, or where there is no /proc (macOS). */
export function usageOf(pid: number): Usage | undefined {
  const own = statOf(pid);
  if (!own) return undefined;
  const below = childrenOf(pid).flatMap((child) => usageOf(child) ?? []);
  return {
    pids: [pid, ...below.flatMap(({ pids }) => pids)],
    cpuMs: below.reduce((sum, { cpuMs }) => sum + cpuMs, own.cpuMs),
    rssBytes: below.reduce((sum, { rssBytes }) => sum + rssBytes, own.rssBytes),
  };
}

/** When a process began, in ticks since the machine did; undefined where it is gone, or has ended and is not waited for. */
export function beginningOf(pid: number): string | undefined {
  const text = read(`/proc/${pid}/stat`);
  const fields = text?.slice(text.lastIndexOf(")") + 2).split(" ") ?? [];
  return /^[ZX]$/.test(fields[0] ?? "Z") ? undefined : fields[19];
}

/** Its time counts that of children it waited for: nothing is lost when one ends between two looks. See proc(5). */
function statOf(pid: number): { cpuMs: number; rssBytes: number } | undefined {
  const text = read(`/proc/${pid}/stat`);
  if (text === undefined) return undefined;
  const fields = text.slice(text.lastIndexOf(")") + 2).split(" ");
  const ticks = [11, 12, 13, 14].reduce((sum, index) => sum + Number(fields[index]), 0);
  return { cpuMs: (ticks / ticksPerSecond) * 1000, rssBytes: Number(fields[21]) * pageBytes };
}

function childrenOf(pid: number): number[] {
  const threads = list(`/proc/${pid}/task`);
  const texts = threads.map((thread) => read(`/proc/${pid}/task/${thread}/children`) ?? "");
  return texts.join(" ").split(" ").filter(Boolean).map(Number);
}

function read(file: string): string | undefined {
  try {
    return fs.readFileSync(file, "utf8");
  } catch {
    return undefined;
  }
}

function list(folder: string): string[] {
  try {
    return fs.readdirSync(folder);
  } catch {
    return [];
  }
}

// What a daemon holds, over time: of memory, descriptors and files. Linux only: it reads /proc.
import * as fs from "node:fs";
import * as path from "node:path";
import { filesBelow } from "../../tests/support/files-below.ts";
import { median } from "./median.ts";

export interface Sample {
  minutes: number;
  rssMiB: number;
  descriptors: number;
}

export interface Stretch {
  fromMinute: number;
  min: number;
  median: number;
  max: number;
}

/** Of a process, what proc(5) says. */
export function sampleOf(pid: number, minutes: number): Sample {
  const status = fs.readFileSync(`/proc/${pid}/status`, "utf8");
  const kib = Number(/^VmRSS:\s+(\d+)/m.exec(status)?.[1]);
  return { minutes, rssMiB: Math.round(kib / 102.4) / 10, descriptors: fs.readdirSync(`/proc/${pid}/fd`).length };
}

/** RSS by stretches of ten minutes, or a sixth of a shorter time. */
export function stretchesOf(samples: readonly Sample[]): Stretch[] {
  const last = samples.at(-1)?.minutes ?? 0;
  const length = Math.min(10, Math.max(last / 6, 1e-3));
  const by = Map.groupBy(samples, ({ minutes }) => Math.floor((minutes - 1e-6) / length));
  return [...by].map(([n, each]) => {
    const all = each.map(({ rssMiB }) => rssMiB);
    const fromMinute = Math.max(0, Math.round(n * length * 10) / 10);
    return { fromMinute, min: Math.min(...all), median: median(all), max: Math.max(...all) };
  });
}

/** Slope of the line that fits best (least squares) through the last half of the time, a minute. */
export function slopeOf(samples: readonly Sample[], of: (sample: Sample) => number): number {
  const half = (samples.at(-1)?.minutes ?? 0) / 2;
  const late = samples.filter(({ minutes }) => minutes >= half);
  const mean = (all: readonly number[]) => all.reduce((sum, each) => sum + each, 0) / all.length;
  const [x, y] = [mean(late.map(({ minutes }) => minutes)), mean(late.map(of))];
  const covered = late.map((each) => (each.minutes - x) * (of(each) - y));
  const spread = late.map(({ minutes }) => (minutes - x) ** 2);
  return Math.round((mean(covered) / mean(spread)) * 1_000) / 1_000;
}

/** The engine's own account, in MiB. */
export async function heapOf(origin: string, token: string): Promise<Record<string, number>> {
  const answer = await fetch(`${origin}/metrics`, { headers: { authorization: `Bearer ${token}` } });
  if (!answer.ok) throw new Error(`/metrics: ${answer.status} ${await answer.text()}`);
  const text = await answer.text();
  const mib = (name: string) => Math.round(Number(new RegExp(`^${name} (\\S+)`, "m").exec(text)?.[1]) / 2 ** 20);
  return {
    heapUsedMiB: mib("nodejs_heap_size_used_bytes"),
    heapMiB: mib("nodejs_heap_size_total_bytes"),
    externalMiB: mib("nodejs_external_memory_bytes"),
  };
}

/** How large the files are that a daemon writes, in KiB. */
export function filesOf(root: string): Record<string, number> {
  const kib = (...names: string[]) => {
    const bytes = filesBelow(path.join(root, ...names)).map((each) => sizeOf(each));
    return Math.round(bytes.reduce((sum, size) => sum + size, 0) / 1024);
  };
  const [daemonLogKiB, auditKiB, objectsKiB] = [kib("logs", "run"), kib("logs", "audit"), kib("logs", "objects")];
  return { daemonLogKiB, auditKiB, objectsKiB, runKiB: kib("run"), homeKiB: kib() };
}

const sizeOf = (file: string): number => fs.statSync(file, { throwIfNoEntry: false })?.size ?? 0;

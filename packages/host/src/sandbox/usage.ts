import * as fs from "node:fs";
import type { ProcessTime } from "./cpu-time.ts";
import { beginningByPs, usageByPs } from "./usage-by-ps.ts";

/** macOS has none. */
export const hasProc = fs.existsSync("/proc/self/stat");

/** What a process and all that came of it use now. */
export interface Usage {
  pids: number[];
  threads: number;
  times: ProcessTime[];
  rssBytes: number;
  /** What the kernel holds for them, at most: page tables, stacks, and what their pipes may hold. */
  kernelBytes: number;
  /** Addresses that they have taken, used or not. */
  addressBytes: number;
}

const ticksPerSecond = 100;
const pageBytes = 4096;
/** A thread's stack in the kernel, and what describes it. */
const threadBytes = 32 * 1024;
/** An open file and, of a pipe, its two pages: what it gets once a person's pipes hold more than the system's soft limit. */
const descriptorBytes = 8 * 1024;
/** What is over each limit by then; to go on looking would only give a swarm time. */
const processesSeenMax = 2_000;

/** Undefined where it is gone. */
export function usageOf(pid: number): Usage | undefined {
  if (!hasProc) return usageByPs(pid);
  const sum: Usage = { pids: [], threads: 0, times: [], rssBytes: 0, kernelBytes: 0, addressBytes: 0 };
  const waiting = [pid];
  for (let next = waiting.pop(); next !== undefined; next = waiting.pop()) {
    const one = processOf(next);
    if (!one) continue;
    sum.pids.push(next);
    sum.threads += one.threads;
    sum.times.push(one.time);
    sum.rssBytes += one.rssBytes;
    sum.kernelBytes += one.kernelBytes;
    sum.addressBytes += one.addressBytes;
    if (sum.pids.length >= processesSeenMax) break;
    waiting.push(...childrenOf(next));
  }
  return sum.pids[0] === pid ? sum : undefined;
}

/**
 * When a process began, in ticks since the machine did: its number may be another's later. Undefined where it is gone, or
 * has ended and is not waited for. See proc(5).
 */
export function beginningOf(pid: number): string | undefined {
  if (!hasProc) return beginningByPs(pid);
  const fields = fieldsIn(`/proc/${pid}`);
  return fields && (!isEnded(fields) || threadsOf(fields) > 1) ? fields[19] : undefined;
}

/**
 * The folder of /proc that tells what a process holds: its own, or that of a thread that goes on where the first one has
 * ended, which shows no memory and no file any more. Undefined where nothing of it goes on.
 */
export function holderOf(pid: number): string | undefined {
  const own = `/proc/${pid}`;
  return [own, ...list(`${own}/task`).map((thread) => `${own}/task/${thread}`)].find(hasMemory);
}

/** What is ending gives its memory back first. */
const hasMemory = (folder: string): boolean => /^[1-9]/.test(readProc(`${folder}/statm`) ?? "");

function processOf(pid: number): (Omit<Usage, "pids" | "times"> & { time: ProcessTime }) | undefined {
  const fields = fieldsIn(`/proc/${pid}`);
  if (!fields) return undefined;
  const msOf = (...at: number[]) => at.reduce((sum, index) => sum + (Number(fields[index]) / ticksPerSecond) * 1000, 0);
  const threads = threadsOf(fields);
  const holder = isEnded(fields) ? holderOf(pid) : `/proc/${pid}`;
  return {
    threads,
    time: {
      ...{ id: `${pid} ${fields[19]}`, ownMs: msOf(11, 12), waitedMs: msOf(13, 14) },
      isRunning: () => fields[0] === "R" || (threads > 1 && isRunningThread(pid)),
    },
    ...(holder === undefined ? nothingHeld : heldIn(holder, threads, isEnded(fields) ? fieldsIn(holder) : fields)),
  };
}

/** The state of a process is that of its first thread, which may wait for the others. */
const isRunningThread = (pid: number): boolean =>
  list(`/proc/${pid}/task`).some((thread) => fieldsIn(`/proc/${pid}/task/${thread}`)?.[0] === "R");

const nothingHeld = { rssBytes: 0, kernelBytes: 0, addressBytes: 0 };

function heldIn(holder: string, threads: number, fields: readonly string[] = []): typeof nothingHeld {
  const tablesKiB = Number(/^VmPTE:\s+(\d+)/m.exec(readProc(`${holder}/status`) ?? "")?.[1] ?? 0);
  return {
    rssBytes: Number(fields[21] ?? 0) * pageBytes,
    kernelBytes: tablesKiB * 1024 + threads * threadBytes + descriptorsOf(holder) * descriptorBytes,
    addressBytes: Number(fields[20] ?? 0),
  };
}

/** Of stat, from the state on. */
function fieldsIn(folder: string): string[] | undefined {
  const text = readProc(`${folder}/stat`);
  return text?.slice(text.lastIndexOf(")") + 2).split(" ");
}

const isEnded = ([state = "Z"]: readonly string[]): boolean => /^[ZX]$/.test(state);
const threadsOf = (fields: readonly string[]): number => Number(fields[17]);

/** How many it has open; 0 where the system is older than Linux 6.2, which tells it by the folder's size. */
function descriptorsOf(holder: string): number {
  try {
    return fs.statSync(`${holder}/fd`).size;
  } catch {
    return 0;
  }
}

/** The processes that it started, and that were handed to it. */
export function childrenOf(pid: number): number[] {
  const threads = list(`/proc/${pid}/task`);
  const texts = threads.map((thread) => readProc(`/proc/${pid}/task/${thread}/children`) ?? "");
  return texts.join(" ").split(" ").filter(Boolean).map(Number);
}

/** A file of /proc; undefined where what it tells of is gone. */
export function readProc(file: string): string | undefined {
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

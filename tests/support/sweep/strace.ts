import { spawnSync } from "node:child_process";
import * as fs from "node:fs";
import * as path from "node:path";

/** One call of a program to the kernel: the so-and-so-many-th of that name in its thread. */
export interface Call {
  name: string;
  when: number;
  /** The file, without what is another at each run. */
  path: string;
  changes: boolean;
}

export const faults = ["EIO", "ENOSPC", "EINTR", "kill"] as const;
export type FaultName = (typeof faults)[number];

const traced =
  "open,openat,creat,read,pread64,write,pwrite64,writev,pwritev,fsync,fdatasync,sync_file_range,ftruncate,truncate,fallocate," +
  "rename,renameat,renameat2,unlink,unlinkat,rmdir,mkdir,mkdirat,link,linkat,symlink,symlinkat,chmod,fchmod,fchmodat,fchown," +
  "utimensat,stat,lstat,newfstatat,statx,access,faccessat,faccessat2,readlink,readlinkat,getdents64,fcntl,flock,close," +
  "copy_file_range,sendfile,mmap,bind,connect";
const known = traced.split(",");
const change =
  /^(?:creat|p?write(?:64|v)?|fsync|fdatasync|sync_file_range|f?truncate|fallocate|rename|unlink|rmdir|mkdir|link|symlink|f?ch(?:mod|own)|utimensat|copy_file_range|sendfile|bind)/;
/** What a signal can interrupt. */
const slow = /^(?:open|read$|pread|p?write|fsync|fdatasync|f?truncate|fallocate|fcntl|flock|close|connect)/;

/** What may go wrong at a call. A kill between two that only read is one before the next that changes something. */
export function faultsAt({ name, changes }: Call): FaultName[] {
  return faults.filter((fault) => {
    if (fault === "EIO") return true;
    if (fault === "EINTR") return slow.test(name);
    return changes;
  });
}

/** How strace is told to count. */
export const counting = (to: string): string[] => ["strace", "-f", "-qq", "-y", "-o", to, "-e", `trace=${traced}`];

/** How strace is told to let one call go wrong. */
export function injecting(to: string, { name, when }: Pick<Call, "name" | "when">, fault: FaultName): string[] {
  const what = fault === "kill" ? "signal=KILL" : `error=${fault}`;
  return [
    ...["strace", "-f", "-qq", "-y", "--seccomp-bpf", "-o", to],
    ...["-e", `trace=${name}`, "-e", `inject=${name}:${what}:when=${when}`],
  ];
}

const callLine = /^(\d+) +(\w+)\((.*)$/;

/** The calls that touch what lies below a folder. */
export function callsIn(trace: string, folder: string): Call[] {
  const counts = new Map<string, number>();
  const found: Call[] = [];
  for (const line of trace.split("\n")) {
    const [, thread = "", name = "", rest = ""] = callLine.exec(line) ?? [];
    if (!known.includes(name)) continue;
    const count = (counts.get(`${thread} ${name}`) ?? 0) + 1;
    counts.set(`${thread} ${name}`, count);
    const at = pathIn(rest, folder);
    if (at === undefined) continue;
    const changes = change.test(name) || (name.startsWith("open") && /O_CREAT|O_TRUNC/.test(rest));
    found.push({ name, when: count, path: at, changes });
  }
  return found;
}

function pathIn(text: string, folder: string): string | undefined {
  const from = text.indexOf(`${folder}/`);
  if (from < 0) return undefined;
  const [end = ""] = /^[^"<>]*/.exec(text.slice(from)) ?? [];
  return path
    .relative(folder, end)
    .replace(/[0-9a-f]{64}/g, "HASH")
    .replace(/[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f-]{22}/g, "ID")
    .replace(/\.\d+\.tmp/, ".PID.tmp")
    .replace(/\d{4}-\d\d-\d\d(T\w+)?/g, "DAY")
    .replace(/\d{4}\/\d\d\/\d\d/, "DAY");
}

/**
 * Those worth trying: every one that changes something and is no database's, and of those that do the same to the same file
 * the first and the last.
 */
export function distinct(calls: readonly Call[]): Call[] {
  const lasts = new Map(calls.map((call) => [kindOf(call), call]));
  const firsts = new Map([...calls].reverse().map((call) => [kindOf(call), call]));
  const isDatabase = ({ path }: Call) => /\.db(?:-\w+)?$/.test(path);
  return calls.filter(
    (call) =>
      (call.changes && !isDatabase(call)) || firsts.get(kindOf(call)) === call || lasts.get(kindOf(call)) === call,
  );
}

/** Calls of one kind do the same to the same file. */
const kindOf = ({ name, path }: Pick<Call, "name" | "path">): string => `${name} ${path}`;

/** Where a fault was put in, as strace says: paths below the folder, or undefined where it was none of them. */
export function hit(trace: string, fault: FaultName, folder: string): string | undefined {
  const lines = trace.split("\n");
  // Of a process that is killed the last call is the one.
  const wanted =
    fault === "kill"
      ? lines.filter((line) => callLine.test(line)).slice(-1)
      : lines.filter((line) => line.includes("(INJECTED)"));
  for (const line of wanted) {
    const at = pathIn(line, folder);
    if (at !== undefined) return at;
  }
  return undefined;
}

export const canTrace = spawnSync("strace", ["-o", "/dev/null", "true"]).status === 0;

export const readTrace = (file: string): string => (fs.existsSync(file) ? fs.readFileSync(file, "utf8") : "");

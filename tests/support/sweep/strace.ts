import { spawnSync } from "node:child_process";
import * as fs from "node:fs";
import * as path from "node:path";

/** One call of a program to the kernel. */
export interface Call {
  name: string;
  /** The file, without what is another at each run. */
  path: string;
  /** The so-and-so-many-th of that name on that file. */
  nth: number;
  changes: boolean;
}

/** How strace finds a call: the so-and-so-many-th of a thread, of those on one file where its name is the same at each run. */
interface Place {
  when: number;
  file: string | undefined;
}

export type PlacedCall = Call & Place;

export const faults = ["EIO", "ENOSPC", "EINTR", "kill"] as const;
export type FaultName = (typeof faults)[number];

const traced =
  "open,openat,creat,read,pread64,write,pwrite64,writev,pwritev,fsync,fdatasync,sync_file_range,ftruncate,truncate,fallocate," +
  "rename,renameat,renameat2,unlink,unlinkat,rmdir,mkdir,mkdirat,link,linkat,symlink,symlinkat,chmod,fchmod,fchmodat,fchown," +
  "utimensat,stat,lstat,newfstatat,statx,access,faccessat,faccessat2,readlink,readlinkat,getdents64,fcntl,flock,close," +
  "copy_file_range,sendfile,mmap,bind,connect,inotify_add_watch";
const known = traced.split(",");
const change =
  /^(?:creat|p?write(?:64|v)?|fsync|fdatasync|sync_file_range|f?truncate|fallocate|rename|unlink|rmdir|mkdir|link|symlink|f?ch(?:mod|own)|utimensat|copy_file_range|sendfile|bind)/;
/** What a signal can interrupt. */
const slow = /^(?:open|read$|pread|p?write|fsync|fdatasync|f?truncate|fallocate|fcntl|flock|close|connect)/;

/** What may go wrong at a call. A kill between two that only read is one before the next that changes something. */
export function faultsAt({ name, changes }: Pick<Call, "name" | "changes">): FaultName[] {
  return faults.filter((fault) => {
    if (fault === "EIO") return true;
    if (fault === "EINTR") return slow.test(name);
    return changes;
  });
}

/** How strace is told to count. */
export const counting = (to: string): string[] => ["strace", "-f", "-qq", "-y", "-o", to, "-e", `trace=${traced}`];

/** How strace is told to let one call go wrong. */
export function injecting(to: string, { name, when, file }: PlacedCall, fault: FaultName): string[] {
  // A signal is lost where the kernel's filter stops the thread: the process would live on.
  const [what, ...filter] = fault === "kill" ? ["signal=KILL"] : [`error=${fault}`, "--seccomp-bpf"];
  const onFile = file === undefined ? [] : ["-P", file];
  return [
    ...["strace", "-f", "-qq", "-y", ...filter, "-o", to, ...onFile],
    ...["-e", `trace=${name}`, "-e", `inject=${name}:${what}:when=${when}`],
  ];
}

const callLine = /^(\d+) +(\w+)\((.*)$/;

/** The calls that touch what lies below a folder; `isKept` says of a file whether it is there before each run. */
export function callsIn(trace: string, folder: string, isKept: (path: string) => boolean): PlacedCall[] {
  const counts = new Map<string, number>();
  const count = (...of: string[]): number => {
    const key = of.join(" ");
    counts.set(key, (counts.get(key) ?? 0) + 1);
    return counts.get(key) as number;
  };
  const found = new Map<string, PlacedCall>();
  for (const line of trace.split("\n")) {
    const [, thread = "", name = "", rest = ""] = callLine.exec(line) ?? [];
    if (!known.includes(name)) continue;
    const inThread = count(thread, name);
    const files = filesIn(rest, folder);
    const onFiles = files.map((file) => count(thread, name, file));
    const [file] = files;
    if (file === undefined) continue;
    const inside = path.relative(folder, file);
    const at = nameless(inside);
    const hasName = at === inside || isKept(inside);
    const place = hasName ? { file, when: onFiles[0] as number } : { file: undefined, when: inThread };
    const key = `${name} ${file} ${place.when}`;
    // Of another thread, it is the same to strace.
    if (place.file !== undefined && found.has(key)) continue;
    const changes = change.test(name) || (name.startsWith("open") && /O_CREAT|O_TRUNC/.test(rest));
    found.set(place.file === undefined ? `${thread} ${key}` : key, {
      name,
      path: at,
      nth: count("", name, at),
      changes,
      ...place,
    });
  }
  return [...found.values()];
}

/** Each once, as strace has it. */
function filesIn(text: string, folder: string): string[] {
  const found = [...text.matchAll(/[<"]([^"<>]*)/g)].map(([, file = ""]) => file);
  return [...new Set(found.filter((file) => file.startsWith(`${folder}/`)))];
}

const nameless = (file: string): string =>
  file
    .replace(/[0-9a-f]{64}/g, "HASH")
    .replace(/[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f-]{22}/g, "ID")
    .replace(/\.\d+\.tmp/, ".PID.tmp")
    .replace(/~\d+$/, "~PID")
    .replace(/\d{4}-\d\d-\d\d(T\w+)?/g, "DAY")
    .replace(/\d{4}\/\d\d\/\d\d/, "DAY");

/**
 * Those worth trying: every one that changes something and is no database's, and of those that do the same to the same file
 * the first and the last.
 */
export function distinct<T extends Call>(calls: readonly T[]): T[] {
  const lasts = new Map(calls.map((call) => [kindOf(call), call]));
  const firsts = new Map([...calls].reverse().map((call) => [kindOf(call), call]));
  const isDatabase = ({ path }: T) => /\.db(?:-\w+)?$/.test(path);
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
  const killed = lines.findIndex((line) => line.includes("+++ killed by SIGKILL"));
  const wanted =
    fault === "kill"
      ? lines
          .slice(0, Math.max(0, killed))
          .filter((line) => callLine.test(line))
          .slice(-1)
      : lines.filter((line) => line.includes("(INJECTED)"));
  for (const line of wanted) {
    const [file] = filesIn(line, folder);
    if (file !== undefined) return nameless(path.relative(folder, file));
  }
  return undefined;
}

export const canTrace = spawnSync("strace", ["-o", "/dev/null", "true"]).status === 0;

export const readTrace = (file: string): string => (fs.existsSync(file) ? fs.readFileSync(file, "utf8") : "");

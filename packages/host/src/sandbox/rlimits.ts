import type { Limits } from "@mh/core/ports/executor.ts";

/** What a process may have of threads, on the average; one alone has some more, as Node and its libraries do. */
const threadsPerProcess = 16;
const threadsAlone = 64;

/** How many threads there may be in all. */
export const threadsMax = ({ processesMax }: Pick<Limits, "processesMax">): number =>
  processesMax === 1 ? threadsAlone : processesMax * threadsPerProcess;

/** bubblewrap outside, and bubblewrap as the first process inside. */
export const ownProcesses = 2;

/** Of a job that starts no processes, and of any other. Pairs of sockets and pipes to itself are bounded by it. */
const descriptorsMax = { alone: 128, others: 1_024 };

export const descriptorsOf = ({ processesMax }: Pick<Limits, "processesMax">): number =>
  processesMax === 1 ? descriptorsMax.alone : descriptorsMax.others;

/**
 * What a program's own libraries and stacks take, beside what it works with. Above the limit that is watched, which says its
 * name. Half a GiB of it is the space for code that V8 maps, writable as a whole where the processor has protection keys.
 */
const dataSlackBytes = 2 ** 30;
export const dataKiBOf = ({ memoryBytes }: Pick<Limits, "memoryBytes">): number =>
  Math.ceil((memoryBytes + dataSlackBytes) / 1_024);

const lockedKiB = 64;
/** A file's size is counted in blocks of this by POSIX. */
const blockBytes = 512;

/**
 * The words that start a program under limits of the system's own, which hold however seldom anybody looks; by the shell that
 * POSIX demands, so that no other program is needed. A limit that is lower already stays.
 */
export function underLimits(limits: Limits, command: readonly string[]): string[] {
  const { disk } = limits;
  return shell(
    [
      ...["ulimit -c 0", `ulimit -n ${descriptorsOf(limits)}`, `ulimit -l ${lockedKiB}`],
      `ulimit -d ${dataKiBOf(limits)}`,
      ...(disk ? [`ulimit -f ${Math.ceil(disk.bytesMax / blockBytes)}`] : []),
    ],
    command,
  );
}

/**
 * The same for processes and threads together. Inside the sandbox, whose user the system counts by itself; of root it counts
 * nothing, and there the watchdog alone looks at their number. `-p` is dash's and busybox's word, `-u` that of other shells.
 */
export function underProcesses(limits: Limits, command: readonly string[]): string[] {
  const threads = threadsMax(limits);
  return shell([`ulimit -u ${threads} 2>/dev/null || ulimit -p ${threads}`], command);
}

function shell(lines: readonly string[], command: readonly string[]): string[] {
  const quiet = lines.map((line) => `${line} 2>/dev/null || :`).join("; ");
  return ["/bin/sh", "-c", `${quiet}; exec "$@"`, "sh", ...command];
}

import * as fs from "node:fs";
import { setTimeout as pause } from "node:timers/promises";

const closeOnExec = 0o2000000;

/**
 * Descriptors above the standard ones that a child of this process would inherit: what started mh left them open, or a
 * library opened them so. See proc(5), fdinfo. None on macOS, where libuv starts processes that inherit nothing.
 */
export function inheritedDescriptors(): number[] {
  return openIn("self").filter((descriptor) => descriptor > 2 && isInherited(descriptor));
}

/**
 * Closes what a shell, an editor or a lock left open in this process, so that neither it nor anything that it starts has it:
 * what a child would inherit, and every file and folder (Node has none open when a program begins, and marks low numbers
 * itself). To be called first of all; whatever is opened later is closed in children by Node. What the arguments name stays,
 * as a shell writes `<(…)`, and Node's channel to its parent.
 */
export function closeInherited(args: readonly string[], { NODE_CHANNEL_FD: channel }: NodeJS.ProcessEnv): void {
  const named = args.map((arg) => Number(/^(?:--[\w-]+=)?\/(?:dev|proc\/self)\/fd\/(\d+)$/.exec(arg)?.[1] ?? 0));
  const kept = new Set([0, 1, 2, ...named, ...(channel === undefined ? [] : [Number(channel)])]);
  for (const descriptor of openIn("self")) {
    if (kept.has(descriptor)) continue;
    if (isInherited(descriptor) || linkOf("self", descriptor)?.startsWith("/")) close(descriptor);
  }
}

/** bubblewrap's own that it has open until the job begins: its look at /proc, and what tells it of the end. */
const bubblewraps = ["/proc", "anon_inode:[eventfd]"];
/** Below that number Node lets nothing through to a process that it starts. */
const markedByNode = 16;

/** What that process has open and was not handed, as `200 (/etc)`: neither one of these, nor what leads to nothing. */
export function strayDescriptor(pid: number, handed: readonly number[]): string | undefined {
  for (const descriptor of openIn(pid)) {
    const to = linkOf(pid, descriptor);
    if (descriptor <= 2 || handed.includes(descriptor) || to === undefined || to === "/dev/null") continue;
    if (descriptor < markedByNode && bubblewraps.includes(to)) continue;
    return `${descriptor} (${to})`;
  }
  return undefined;
}

/** For an ordinary user bubblewrap still writes the map of a user namespace, and closes it. What was inherited stays open. */
export async function lastingStray(pid: number, handed: readonly number[]): Promise<string | undefined> {
  let stray = strayDescriptor(pid, handed);
  for (let looks = 1; stray !== undefined && looks < 500; looks += 1) {
    await pause(1);
    stray = strayDescriptor(pid, handed);
  }
  return stray;
}

function isInherited(descriptor: number): boolean {
  try {
    const text = fs.readFileSync(`/proc/self/fdinfo/${descriptor}`, "utf8");
    const flags = /^flags:\s*(\d+)$/m.exec(text)?.[1];
    return flags !== undefined && (Number.parseInt(flags, 8) & closeOnExec) === 0;
  } catch {
    // Closed meanwhile, as the one by which the folder was read.
    return false;
  }
}

function linkOf(pid: number | "self", descriptor: number): string | undefined {
  try {
    return fs.readlinkSync(`/proc/${pid}/fd/${descriptor}`);
  } catch {
    // As above.
    return undefined;
  }
}

function close(descriptor: number): void {
  try {
    fs.closeSync(descriptor);
  } catch (error) {
    if ((error as { code?: string }).code !== "EBADF") throw error;
  }
}

function openIn(pid: number | "self"): number[] {
  // Of another process the answer is wanted, or a failure.
  if (pid === "self" && !fs.existsSync("/proc/self/fd")) return [];
  return fs.readdirSync(`/proc/${pid}/fd`).map(Number);
}

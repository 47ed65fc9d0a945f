import * as fs from "node:fs";
import { holderOf } from "./usage.ts";

/** A socket may hold as much as its sender may ask for (net.core.wmem_max, doubled: socket(7), SO_SNDBUF). */
const socketBytes = 416 * 1024;
/** What an empty file in memory costs. */
const inodeBytes = 1536;

/**
 * Memory that no process shows as its own, at most: files in scratch and shared memory, and what sockets of the sandbox's
 * own network may hold. `inside` is its first process, which shows those of everybody until it has its own.
 */
export function heldBySandbox(inside: number): number {
  const folders = ["tmp", "dev/shm"].map((name) => scratchOf(`/proc/${inside}/root/${name}`, `/${name}`));
  return folders.reduce((sum, bytes) => sum + bytes, socketsOf(inside) * socketBytes);
}

/** `outside`: the folder of that name that everybody has. */
function scratchOf(folder: string, outside: string): number {
  try {
    const { type, bsize, blocks, bfree, files, ffree } = fs.statfsSync(folder);
    if (type !== tmpfs || fs.statSync(folder).dev === fs.statSync(outside, { throwIfNoEntry: false })?.dev) return 0;
    return (blocks - bfree) * bsize + (files - ffree) * inodeBytes;
  } catch {
    // Not there yet, or not there at all.
    return 0;
  }
}

/** TMPFS_MAGIC of <linux/magic.h>. */
const tmpfs = 0x01021994;

function socketsOf(inside: number): number {
  try {
    if (networkOf(inside) === networkOf("self")) return 0;
    const text = fs.readFileSync(`/proc/${inside}/net/sockstat`, "utf8");
    return Number(/^sockets: used (\d+)/.exec(text)?.[1] ?? 0);
  } catch {
    return 0;
  }
}

const networkOf = (process: number | "self"): string => fs.readlinkSync(`/proc/${process}/ns/net`);

/** What describes an area of addresses: those of a process are many when it protects each page otherwise. */
const areaBytes = 256;

/**
 * Shared memory without a name, at its whole size: a process that maps it may give back its pages, which stay. A process shows
 * as its own only what it looks at. And what describes their areas; beyond `bytesMax` nobody looks further.
 */
export async function heldByMaps(pids: readonly number[], bytesMax: number): Promise<number> {
  const areas = new Map<string, number>();
  let described = 0;
  for (const pid of pids) {
    const holder = holderOf(pid);
    if (holder === undefined) continue;
    const text = await fs.promises.readFile(`${holder}/maps`, "latin1").catch(() => "");
    for (let at = text.indexOf("\n"); at >= 0; at = text.indexOf("\n", at + 1)) described += areaBytes;
    if (described > bytesMax) return described;
    const found = new Map<string, number>();
    for (const [, from = "", to = "", inode = ""] of text.matchAll(sharedArea))
      found.set(inode, (found.get(inode) ?? 0) + Number.parseInt(to, 16) - Number.parseInt(from, 16));
    for (const [inode, bytes] of found) areas.set(inode, Math.max(bytes, areas.get(inode) ?? 0));
  }
  return [...areas.values()].reduce((sum, bytes) => sum + bytes, described);
}

const sharedArea = /^([0-9a-f]+)-([0-9a-f]+) ..-?.?s \S+ \S+ (\d+) +\/(?:dev\/zero|memfd:.*|SYSV\S*) ?\(deleted\)$/gm;

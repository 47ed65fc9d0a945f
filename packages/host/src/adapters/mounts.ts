import * as fs from "node:fs";
import { isInside } from "@mh/core/model/scope.ts";

/** A folder within its file system, whatever that is mounted at. */
export interface Place {
  device: string;
  path: string;
}

interface Mount extends Place {
  at: string;
}

/** What is mounted where (proc_pid_mountinfo(5)); empty where the system has no such file. */
export function mounts(text: string = mountinfo()): Mount[] {
  return text.split("\n").flatMap((line) => {
    const [, , device, root, at] = line.split(" ");
    return device && root && at ? [{ device, path: plain(root), at: plain(at) }] : [];
  });
}

/** Where a real path lies in its file system: the same for every mount of it. Undefined where that cannot be known. */
export function placeOf(real: string, all: readonly Mount[]): Place | undefined {
  const above = all.filter(({ at }) => isInside(at, real));
  // Of what is mounted over each other the last one is seen.
  const mount = above.reduce<Mount | undefined>((a, b) => (a && a.at.length > b.at.length ? a : b), undefined);
  return mount && { device: mount.device, path: joined(mount.path, real.slice(mount.at.length)) };
}

/** Everything that is seen by a job that is given a folder: the folder itself, and what is mounted in it. */
export function placesIn(real: string, all: readonly Mount[]): Place[] {
  const itself = placeOf(real, all);
  return [...(itself ? [itself] : []), ...all.filter(({ at }) => at !== real && isInside(real, at))];
}

export const isWithin = (outer: Place, inner: Place): boolean =>
  outer.device === inner.device && isInside(outer.path, inner.path);

function mountinfo(): string {
  try {
    return fs.readFileSync("/proc/self/mountinfo", "utf8");
  } catch {
    return "";
  }
}

/** Blanks and the like are written in octal. */
const plain = (text: string): string =>
  Buffer.from(
    text.replace(/\\([0-7]{3})/g, (_, code) => String.fromCharCode(Number.parseInt(code, 8))),
    "latin1",
  ).toString();

const joined = (root: string, rest: string): string => `${root}/${rest}`.replace(/\/+/g, "/").replace(/(.)\/$/, "$1");

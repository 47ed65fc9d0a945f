import * as fs from "node:fs";
import * as path from "node:path";
import { Fault } from "@mh/contract/values/fault.ts";
import { isInside } from "@mh/core/model/scope.ts";
import { homeIdAt } from "../home/known-homes.ts";
import { realOf } from "../places.ts";
import { isWithin, mounts, placeOf, placesIn } from "./mounts.ts";

/**
 * Refuses a folder that is, or lies in, a closed one or any home: by what the folders are and not by what they are
 * called, so that case, mounts and spellings make no difference. `at` is the folder held open, `real` the path that the
 * system knows it by, `named` what the fault calls it. Throws `args.invalid`.
 */
export function refuseBelowClosed(at: string, real: string, closed: readonly string[], named: string): void {
  if (isBelowSame(at, closed) || isBelowMounted(real, closed))
    throw new Fault("args.invalid", `${named} belongs to mh itself, or to the system.`);
  if (homeAbove(at)) throw new Fault("args.invalid", `${named} belongs to a home of mh, which is closed to others.`);
}

/** Refuses a folder that holds a closed one or a home: who is given it is given all in it. Throws `args.invalid`. */
export function refuseAroundClosed(real: string, closed: readonly string[], named: string): void {
  const all = mounts();
  const seen = placesIn(real, all);
  const shut = closed.map(realOf);
  const isMounted = shut.some((each) => {
    const place = placeOf(each, all);
    return place && fs.existsSync(each) && seen.some((one) => isWithin(one, place) || isWithin(place, one));
  });
  if (isMounted || shut.some((each) => isInside(real, each)))
    throw new Fault("args.invalid", `${named} holds what belongs to mh itself. A program is not given that.`);
  const home = homeBelow(real);
  if (home !== undefined)
    throw new Fault("args.invalid", `${named} holds a home of mh, ${home}. A program is not given that.`);
}

function isBelowSame(at: string, closed: readonly string[]): boolean {
  const stats = closed.map((folder) => fs.statSync(folder, { throwIfNoEntry: false }));
  return upwards(at).some((here) => stats.some((each) => each && isSame(each, here.stat)));
}

/** A mount of what lies deep in a closed folder leads up to other folders. */
function isBelowMounted(real: string, closed: readonly string[]): boolean {
  const all = mounts();
  const place = placeOf(real, all);
  return closed.some((each) => {
    const shut = fs.existsSync(each) ? placeOf(realOf(each), all) : undefined;
    return shut !== undefined && place !== undefined && isWithin(shut, place);
  });
}

const homeAbove = (at: string): boolean => upwards(at).some(({ path: folder }) => homeIdAt(folder) !== undefined);

/** The folder itself and all above it, up to the root. */
function upwards(at: string): { path: string; stat: fs.Stats }[] {
  const found = [{ path: at, stat: fs.statSync(at) }];
  for (let above = `${at}/..`; ; above += "/..") {
    const stat = fs.statSync(above);
    if (isSame(stat, (found.at(-1) as { stat: fs.Stats }).stat)) return found;
    found.push({ path: above, stat });
  }
}

const isSame = (a: fs.Stats, b: fs.Stats): boolean => a.dev === b.dev && a.ino === b.ino;

/** Homes that nobody noted are looked for near the top only: a folder may be as large as the disk. */
const foldersMax = 500;

function homeBelow(real: string): string | undefined {
  const queue = [real];
  for (const folder of queue) {
    if (folder !== real && homeIdAt(folder) !== undefined) return folder;
    const room = foldersMax - queue.length;
    if (room > 0) queue.push(...foldersIn(folder).slice(0, room));
  }
  return undefined;
}

/** Who may not look into a folder knows of no home in it, and neither does what it starts. */
function foldersIn(folder: string): string[] {
  try {
    const entries = fs.readdirSync(folder, { withFileTypes: true });
    return entries.filter((entry) => entry.isDirectory()).map(({ name }) => path.join(folder, name));
  } catch {
    return [];
  }
}

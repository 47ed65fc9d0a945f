import { promises as fs } from "node:fs";
import * as path from "node:path";
import { isInside } from "@mh/core/model/scope.ts";

const linksMax = 40;

/**
 * Where a path in a folder leads in the end: a name below `at`, which is the folder by another name; `leadsTo` where that
 * is out of the folder, undefined where nothing is there. Links are followed as they are inside a sandbox, where the
 * folder has its own path.
 */
export async function placeOf(
  folder: string,
  at: string,
  what: string,
): Promise<{ at: string; path: string } | { leadsTo: string } | undefined> {
  let left = partsOf(what.slice(folder.length));
  let here = folder;
  for (let links = 0; left.length > 0; ) {
    const [part = "", ...rest] = left;
    const next = path.join(here, part);
    if (!isInside(folder, next)) return { leadsTo: next };
    const name = path.join(at, next.slice(folder.length));
    const stats = await fs.lstat(name).catch(() => undefined);
    if (!stats) return undefined;
    left = rest;
    here = next;
    if (!stats.isSymbolicLink()) continue;
    links += 1;
    const target = path.resolve(path.dirname(next), await fs.readlink(name));
    if (links > linksMax || !isInside(folder, target)) return { leadsTo: target };
    left = [...partsOf(target.slice(folder.length)), ...rest];
    here = folder;
  }
  return { at: path.join(at, here.slice(folder.length)), path: here };
}

const partsOf = (text: string): string[] => text.split("/").filter((part) => part !== "" && part !== ".");

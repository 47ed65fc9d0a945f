import type { Dirent, Stats } from "node:fs";
import * as fs from "node:fs/promises";
import { Fault } from "@mh/contract/values/fault.ts";

/** So many files and folders are looked through in some seconds. */
const usualMax = 250_000;
/** Threads that Node has for files. */
const readersMax = 4;

/**
 * Refuses a place with a way to a process outside: a socket, or a pipe with a name. A folder is looked through to its end, and
 * one that is too large for that is refused as well. `at` is a name of the place that no exchange changes.
 *
 * The filter keeps a job from every socket, whenever it appears; this is the second lock, and what tells the owner. A pipe
 * that is made afterwards leads to its reader, as a file does.
 */
export async function refuseDoors(
  place: string,
  at: string,
  stats: Stats,
  isOver: () => boolean,
  entriesMax = usualMax,
): Promise<void> {
  if (isDoor(stats)) throw doorFault(place, "", stats);
  if (!stats.isDirectory() && !stats.isFile()) throw new Fault("args.invalid", `${place} is no file and no folder.`);
  if (!stats.isDirectory()) return;
  const waiting = [""];
  let entries = 0;
  const look = async () => {
    for (let folder = waiting.pop(); folder !== undefined && !isOver(); folder = waiting.pop()) {
      for await (const entry of entriesOf(place, at, folder)) {
        entries += 1;
        const name = `${folder}/${entry.name}`;
        if (isDoor(entry)) throw doorFault(place, name, entry);
        if (entry.isDirectory()) waiting.push(name);
        if (entries > entriesMax || isOver()) break;
      }
      if (entries > entriesMax) throw tooLarge(place, entriesMax);
    }
  };
  // What one finds, the others may not know of yet: they are asked again until nothing is left.
  while (waiting.length > 0 && !isOver()) await Promise.all(Array.from({ length: readersMax }, look));
}

async function* entriesOf(place: string, at: string, folder: string): AsyncIterable<Dirent> {
  try {
    yield* await fs.opendir(`${at}${folder}`, { bufferSize: 512 });
  } catch (cause) {
    const { code = "" } = cause as { code?: string };
    // Gone meanwhile; or closed to this account, which is the job's, too.
    if (["ENOENT", "ENOTDIR", "EACCES"].includes(code)) return;
    throw new Fault("args.invalid", `${place}${folder} cannot be looked through (${code}), so it is not given.`, {
      cause,
    });
  }
}

const isDoor = (entry: Dirent | Stats): boolean => entry.isSocket() || entry.isFIFO();

function doorFault(place: string, name: string, entry: Dirent | Stats): Fault {
  const what = entry.isSocket() ? "a socket" : "a pipe with a name";
  const next = name === "" ? "Name a file or folder." : "Give a folder without it.";
  return new Fault(
    "args.invalid",
    `${place}${name} is ${what}, by which a process outside the sandbox is reached. ${next}`,
  );
}

const tooLarge = (place: string, entriesMax: number) =>
  new Fault(
    "args.invalid",
    `${place} holds more than ${entriesMax} files and folders, too many to look for sockets among them. Give a smaller one.`,
  );

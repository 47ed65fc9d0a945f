import * as fs from "node:fs";
import * as path from "node:path";
import { LastingNotKnown } from "@mh/core/ports/disk-fault.ts";
import { isTemporary } from "../adapters/cut-off-writes.ts";
import { readPlainText } from "../adapters/plain-file.ts";
import { removePrivate, writePrivate } from "../secrets/private-file.ts";

type Environment = Record<string, string | undefined>;

interface KeyPlace {
  file: string;
  isOnDisk: boolean;
}

/** No backup holds a file of this name, and none brings one. */
export const unlockedName = "unlocked.key";

/**
 * Where the data key lies between `mh unlock` and `mh lock`, outside the home and for its owner alone: in the session's own
 * folder, which is memory and ends with the session; where the system has none, beside the home's keys.
 */
export function unlockedKeyPlace(keyFolder: string, environment: Environment): KeyPlace {
  const places = placesOf(keyFolder, environment);
  return places.find(({ file }) => fs.existsSync(file)) ?? places[0];
}

/** Leaves the key in one place, and in no other. */
export function leaveKey(keyFolder: string, environment: Environment, dataKey: Uint8Array): void {
  try {
    removeKey(keyFolder, environment);
  } catch (error) {
    // What is written next says whether it lasts.
    if (!(error instanceof LastingNotKnown)) throw error;
  }
  writePrivate(placesOf(keyFolder, environment)[0].file, `${Buffer.from(dataKey).toString("base64")}\n`);
}

export function leftKey(keyFolder: string, environment: Environment): Buffer | undefined {
  const { file } = unlockedKeyPlace(keyFolder, environment);
  if (!fs.existsSync(file)) return undefined;
  const key = Buffer.from(readPlainText(file), "base64");
  return key.length === 32 ? key : undefined;
}

/** Removes it wherever it may lie, and what a crash left of writing it. Throws `LastingNotKnown` once none of it is left. */
export function removeKey(keyFolder: string, environment: Environment): void {
  let notKnown: LastingNotKnown | undefined;
  for (const { file } of placesOf(keyFolder, environment)) {
    const [folder, own] = [path.dirname(file), path.basename(file)];
    const names = fs.existsSync(folder) ? fs.readdirSync(folder) : [];
    const left = names.filter((name) => name === own || (name.startsWith(own) && isTemporary(name)));
    for (const name of left) {
      try {
        removePrivate(path.join(folder, name));
      } catch (error) {
        if (!(error instanceof LastingNotKnown)) throw error;
        notKnown ??= error;
      }
    }
  }
  if (notKnown) throw notKnown;
}

/**
 * Every place where it may lie, the first being where it is left now: what was unlocked at a desktop is also locked by a job
 * that knows of no session, and the other way round.
 */
function placesOf(keyFolder: string, { XDG_RUNTIME_DIR: told }: Environment): [KeyPlace, ...KeyPlace[]] {
  const besideKeys = { file: path.join(keyFolder, unlockedName), isOnDisk: true };
  const inSession = (session: string): KeyPlace => ({
    file: path.join(session, "mh", `${path.basename(keyFolder)}.key`),
    isOnDisk: !isMemory(session),
  });
  const usual = inSession(`/run/user/${process.getuid?.()}`);
  const isSession = told !== undefined && path.isAbsolute(told) && fs.existsSync(told);
  return isSession ? [inSession(told), besideKeys, usual] : [besideKeys, usual];
}

/** Whether a folder is in memory (statfs(2): TMPFS_MAGIC, RAMFS_MAGIC). */
const isMemory = (folder: string): boolean =>
  process.platform === "linux" &&
  fs.existsSync(folder) &&
  [0x01021994, 0x858458f6].includes(fs.statfsSync(folder).type);

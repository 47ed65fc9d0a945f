import * as fs from "node:fs";
import * as path from "node:path";

/** Folders in which names changed since they were synced: what failed is owed until it is done. */
const unsynced = new Set<string>();

/** What happens to a name in a folder is durable once `syncNames` was done. */
export function owe(folder: string): void {
  unsynced.add(folder);
}

/** Makes the names in a folder durable where they changed, and those of the folders that lead to it. */
export function syncNames(folder: string): void {
  for (const each of unsynced) {
    if (each !== folder && !folder.startsWith(each + path.sep)) continue;
    // One that is gone was removed with its names, by somebody else.
    if (isThere(each)) syncFolder(each);
    unsynced.delete(each);
  }
}

/** For its owner alone, with the folders that lead to it. */
export function makeFolder(folder: string): void {
  if (isThere(folder)) return;
  makeFolder(path.dirname(folder));
  owe(path.dirname(folder));
  fs.mkdirSync(folder, { recursive: true, mode: 0o700 });
}

/** Of one folder: who looks sees what was there before, or what was written beside it. */
export function putInPlace(temporary: string, full: string): void {
  owe(path.dirname(full));
  fs.renameSync(temporary, full);
}

/** A file, if there is one; durable. */
export function removeFile(full: string): void {
  removeName(full);
  syncNames(path.dirname(full));
}

/** A file, if there is one; durable once the names in its folder are. */
export function removeName(full: string): void {
  // Also where it is gone: a process that was killed may not have waited for the disk.
  owe(path.dirname(full));
  fs.rmSync(full, { force: true });
}

/** A new name is durable only once its folder is. */
export const syncFolder = (folder: string): void => sync(folder, "r");

export function sync(full: string, flags: "r" | "r+"): void {
  const fd = fs.openSync(full, flags);
  try {
    fs.fsyncSync(fd);
  } finally {
    closeFile(fd);
  }
}

export function closeFile(fd: number): void {
  try {
    fs.closeSync(fd);
  } catch {
    // It is closed whatever this says, and what was to last was synced before.
  }
}

/** Unlike `existsSync`, which says no where the disk fails. */
export const isThere = (full: string): boolean => fs.statSync(full, { throwIfNoEntry: false }) !== undefined;

import * as fs from "node:fs";
import * as path from "node:path";

/** Written whole before it is put in place of a file: beside it, called after it and this process. */
export function cutOffName(file: string): string {
  const name = `${file}.${process.pid}.tmp`;
  kept.delete(name);
  return name;
}

/** The same beside keys and secrets, whose own names have no `~`. */
export const temporaryOf = (file: string): string => `${file}~${process.pid}`;

const temporary = /~(\d+)$/;
const cutOff = /\.(\d+)\.tmp$/;

export const isTemporary = (name: string): boolean => temporary.test(name);

/** What a disk that failed did not let go of: a process that ends in order leaves nothing that the next one would look for. */
const kept = new Set<string>();

/** Removes one that is not to be put in place after all. What failed first is what is told: it is tried again, or swept later. */
export function removeCutOff(file: string): void {
  try {
    fs.rmSync(file, { force: true });
    kept.delete(file);
  } catch {
    kept.add(file);
  }
}

/** Tries again what could not be removed. */
export function removeKept(): void {
  for (const file of [...kept]) removeCutOff(file);
}

/** Removes from a folder of keys or secrets what processes that are gone left of their writing. */
export function sweepTemporaries(folder: string): void {
  sweep(folder, temporary, (name) => isTemporary(name));
}

/** The same right in a folder, of files that `isOurs` names. */
export function sweepCutOff(folder: string, isOurs: (file: string) => boolean): void {
  sweep(folder, cutOff, (name) => isOurs(name.replace(cutOff, "")));
}

/** The same in a folder and all below it. */
export function sweepCutOffBelow(folder: string): void {
  if (!fs.existsSync(folder)) return;
  for (const entry of fs.readdirSync(folder, { recursive: true, withFileTypes: true })) removeLeft(entry, cutOff);
}

function sweep(folder: string, form: RegExp, isOurs: (name: string) => boolean): void {
  if (!fs.existsSync(folder)) return;
  for (const entry of fs.readdirSync(folder, { withFileTypes: true })) if (isOurs(entry.name)) removeLeft(entry, form);
}

function removeLeft(entry: fs.Dirent, form: RegExp): void {
  const file = path.join(entry.parentPath, entry.name);
  if (entry.isFile() && isLeft(entry.name, form) && isPrivate(file)) removeCutOff(file);
}

/** As all is written that is put in place later: a file of the owner's own may be called so. */
const isPrivate = (file: string): boolean =>
  ((fs.lstatSync(file, { throwIfNoEntry: false })?.mode ?? 0o777) & 0o077) === 0;

/** Nobody goes on with what a process that is gone began; another one that lives may still be writing. */
function isLeft(name: string, form: RegExp): boolean {
  const pid = form.exec(name)?.[1];
  return pid !== undefined && !isOthers(Number(pid));
}

function isOthers(pid: number): boolean {
  if (pid === process.pid) return false;
  try {
    process.kill(pid, 0);
    return !isEnded(pid);
  } catch (error) {
    return (error as { code?: string }).code === "EPERM";
  }
}

/** Whether it has ended, and nobody has asked how: in a container that may be so for ever. Only Linux tells. */
function isEnded(pid: number): boolean {
  try {
    // The name before it is the process's own choice, and may hold anything.
    return /\) [ZX] [^)]*$/.test(fs.readFileSync(`/proc/${pid}/stat`, "latin1"));
  } catch {
    return false;
  }
}

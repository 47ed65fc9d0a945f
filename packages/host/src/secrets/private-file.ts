import * as fs from "node:fs";
import * as path from "node:path";
import { diskFault, syncFolder } from "../adapters/node-files.ts";

/** Writes a file of the owner's alone (0600), whole or not at all; what was written survives a power cut. */
export function writePrivate(file: string, content: string | Uint8Array): void {
  try {
    fs.mkdirSync(path.dirname(file), { recursive: true, mode: 0o700 });
    const temporary = `${file}~${process.pid}`;
    fs.writeFileSync(temporary, content, { mode: 0o600, flush: true });
    fs.renameSync(temporary, file);
    syncFolder(path.dirname(file));
  } catch (error) {
    throw diskFault(error);
  }
}

/** What a crash in the middle of writing leaves: a secret's own name has no `~`. */
const temporaryFile = /~\d+$/;

export const isTemporary = (name: string): boolean => temporaryFile.test(name);

/** Removes what crashes left in a folder. Only for whoever holds the home: nobody else writes there. */
export function sweepTemporaries(folder: string): void {
  if (!fs.existsSync(folder)) return;
  for (const name of fs.readdirSync(folder).filter(isTemporary)) fs.rmSync(path.join(folder, name), { force: true });
}

import * as fs from "node:fs";
import * as path from "node:path";
import { diskFault, LastingNotKnown } from "@mh/core/ports/disk-fault.ts";
import { removeCutOff, temporaryOf } from "../adapters/cut-off-writes.ts";
import { makeFolder, putInPlace, removeName, syncNames } from "../adapters/durable-names.ts";

/** Writes a file of the owner's alone (0600), whole or not at all; what was written survives a power cut, or `LastingNotKnown`. */
export function writePrivate(file: string, content: string | Uint8Array): void {
  const temporary = temporaryOf(file);
  try {
    makeFolder(path.dirname(file));
    fs.writeFileSync(temporary, content, { mode: 0o600, flush: true });
    putInPlace(temporary, file);
  } catch (error) {
    const fault = diskFault(error);
    removeCutOff(temporary);
    throw fault;
  }
  syncFolderOf(file, "written");
}

/** Removes such a file, if there is one; it does not come back after a power cut, or `LastingNotKnown`. */
export function removePrivate(file: string): void {
  try {
    removeName(file);
  } catch (error) {
    throw diskFault(error);
  }
  syncFolderOf(file, "removed");
}

function syncFolderOf(file: string, done: "written" | "removed"): void {
  try {
    syncNames(path.dirname(file));
  } catch (error) {
    throw new LastingNotKnown(file, done, error);
  }
}

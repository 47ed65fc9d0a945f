import * as fs from "node:fs";
import * as path from "node:path";
import { diskFault } from "@mh/core/ports/disk-fault.ts";
import { removeCutOff, temporaryOf } from "../adapters/cut-off-writes.ts";
import { syncFolder } from "../adapters/node-files.ts";

/** Writes a file of the owner's alone (0600), whole or not at all; what was written survives a power cut. */
export function writePrivate(file: string, content: string | Uint8Array): void {
  const temporary = temporaryOf(file);
  try {
    fs.mkdirSync(path.dirname(file), { recursive: true, mode: 0o700 });
    fs.writeFileSync(temporary, content, { mode: 0o600, flush: true });
    fs.renameSync(temporary, file);
  } catch (error) {
    const fault = diskFault(error);
    removeCutOff(temporary);
    throw fault;
  }
  try {
    syncFolder(path.dirname(file));
  } catch (error) {
    throw diskFault(error);
  }
}

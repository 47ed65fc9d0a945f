import * as fs from "node:fs";
import * as path from "node:path";
import { Fault } from "@mh/contract/values/fault.ts";
import { syncFolder } from "./durable-names.ts";

/** Writes a file that its owner alone may read. Throws where something lies there already: nothing is overwritten. */
export function writeNewFile(path: string, text: string): void {
  try {
    fs.writeFileSync(path, text, { flag: "wx", mode: 0o600 });
  } catch (cause) {
    throw new Fault("usage", `${path} cannot be written: it may be there already. Nothing is overwritten.`, { cause });
  }
}

/** Puts a file that is written whole under its name, durable. Throws where something came there meanwhile. */
export function putNewFile(temporary: string, file: string): void {
  // A rename alone replaces what is there, and a link is not what every disk has (exFAT).
  fs.closeSync(fs.openSync(file, "wx", 0o600));
  try {
    fs.renameSync(temporary, file);
  } catch (error) {
    fs.rmSync(file, { force: true });
    throw error;
  }
  syncFolder(path.dirname(file));
}

import * as fs from "node:fs";
import * as path from "node:path";
import { Fault } from "@mh/contract/values/fault.ts";
import { stopPath } from "@mh/core/kernel/stop-path.ts";
import { diskFault } from "@mh/core/ports/disk-fault.ts";
import { makeFolder, owe, syncNames } from "../adapters/durable-names.ts";

/** Makes STOP stand, without a lock: the one declared exception to the gate, for it must not wait for a runaway. */
export function raiseStop(root: string): void {
  if (!fs.existsSync(path.join(root, "home.json"))) {
    throw new Fault("home.missing", `There is no home at ${root}. \`mh init\` makes one.`);
  }
  const file = path.join(root, stopPath);
  try {
    makeFolder(path.dirname(file));
    owe(path.dirname(file));
    // Nothing is written into it: a full disk has room for a name.
    fs.closeSync(fs.openSync(file, "a", 0o600));
  } catch (error) {
    throw diskFault(error);
  }
  try {
    syncNames(path.dirname(file));
  } catch {
    // It stands, and the log, which comes next, says that the disk fails.
  }
}

import * as fs from "node:fs";
import * as path from "node:path";
import { Fault } from "@mh/contract/values/fault.ts";
import { lockFile } from "../adapters/sqlite.ts";

/** Undefined while another process holds the home. */
export function takeLock(root: string): Disposable | undefined {
  try {
    // Nothing that an upgrade puts in place: it may have been cut off just now.
    fs.mkdirSync(path.join(root, "run"), { recursive: true, mode: 0o700 });
    fs.accessSync(root, fs.constants.W_OK);
    return lockFile(path.join(root, "run", "writer.db"));
  } catch (cause) {
    throw new Fault(
      "home.read-only",
      `The home at ${root} cannot be written to. Check its owner and mount, or use --home.`,
      { cause },
    );
  }
}

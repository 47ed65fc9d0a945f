import * as fs from "node:fs";
import * as path from "node:path";
import { Fault } from "@mh/contract/values/fault.ts";
import { nodeFiles } from "../adapters/node-files.ts";
import { readHome } from "./home-file.ts";
import { finishSwap, stageFolder } from "./upgrade/swap.ts";
import { takeLock } from "./writer-lock.ts";

/**
 * Holds a home for what works on its files itself. An upgrade that a crash cut off is in place then: until it is, parts of
 * the home lie in `run`. Throws `home.missing`, and `home.busy` while another process holds it.
 */
export function holdHome(root: string): Disposable {
  readHome(nodeFiles(root), root);
  const lock = takeLock(root);
  if (!lock)
    throw new Fault("home.busy", `Another process holds ${root}. \`mh daemon stop\` ends a daemon; then again.`);
  try {
    finishSwap(root);
    // What was copied for an upgrade that did not come so far: nothing of it counts, and it may lie in the clear.
    fs.rmSync(path.join(root, stageFolder), { recursive: true, force: true });
    return lock;
  } catch (error) {
    lock[Symbol.dispose]();
    throw error;
  }
}

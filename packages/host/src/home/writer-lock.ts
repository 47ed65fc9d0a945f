import * as fs from "node:fs";
import * as path from "node:path";
import { Fault } from "@mh/contract/values/fault.ts";
import { diskFault } from "@mh/core/ports/disk-fault.ts";
import { lockFile } from "../adapters/sqlite.ts";

/** The right to write to a home. */
export interface WriterLock extends Disposable {
  /** False once its file was removed or is another one: somebody else may have taken that. */
  isHeld(): boolean;
}

/** Undefined while another process holds the home. */
export function takeLock(root: string): WriterLock | undefined {
  try {
    // Nothing that an upgrade puts in place: it may have been cut off just now.
    fs.mkdirSync(path.join(root, "run"), { recursive: true, mode: 0o700 });
    fs.accessSync(root, fs.constants.W_OK);
    return lockAndKnow(path.join(root, "run", "writer.db"));
  } catch (cause) {
    const fault = diskFault(cause);
    const { code } = cause as { code?: unknown };
    // Of a file that it cannot open, SQLite does not say why.
    if (fault.code !== "home.read-only" && !`${code}`.startsWith("SQLITE_CANTOPEN")) throw fault;
    throw new Fault(
      "home.read-only",
      `The home at ${root} cannot be written to. Check its owner and mount, or use --home.`,
      { cause },
    );
  }
}

/** The file that is locked is the one that stands there before and after: in between, somebody could put another in its place. */
function lockAndKnow(file: string): WriterLock | undefined {
  for (;;) {
    const before = fileAt(file);
    const lock = lockFile(file);
    if (!lock) return undefined;
    const isHeld = () => before !== undefined && fileAt(file) === before;
    if (isHeld()) return { isHeld, [Symbol.dispose]: () => lock[Symbol.dispose]() };
    lock[Symbol.dispose]();
  }
}

/** Undefined where it cannot be looked at, either. */
function fileAt(file: string): string | undefined {
  try {
    const { dev, ino } = fs.statSync(file);
    return `${dev}:${ino}`;
  } catch {
    return undefined;
  }
}

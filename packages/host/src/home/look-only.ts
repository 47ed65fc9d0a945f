import * as fs from "node:fs";
import * as path from "node:path";
import { Fault } from "@mh/contract/values/fault.ts";
import type { Files } from "@mh/core/ports/files.ts";
import { copyToMemory } from "../adapters/memory-copy.ts";
import { type OverlayFiles, overlayFiles } from "../adapters/overlay-files.ts";
import { isLocked } from "../adapters/sqlite.ts";
import { indexFile } from "../places.ts";
import { homeFormat } from "./home-file.ts";
import { takeLock, type WriterLock } from "./writer-lock.ts";

/**
 * A home on a disk that takes nothing, opened to be read. What opening has to put in order is put in order in memory alone: the
 * next opening that may write does it again. From then on each write is refused with the disk's reason.
 */
export interface LookOnly extends Disposable {
  readonly reason: Fault;
  readonly lock: WriterLock;
  /** The index, in memory. */
  readonly index: string;
  files(below: Files): Files;
  /** All connections to the index are open. */
  opened(): void;
}

/** Why a home could not be opened for writing, where it can be read all the same. */
export function whyLookOnly(root: string, error: unknown): Fault | undefined {
  const isDisk = error instanceof Fault && (error.code === "disk.full" || error.code === "home.read-only");
  return isDisk && formatOf(root) === homeFormat ? error : undefined;
}

/** Undefined while another process holds the home. Throws the reason itself where not even memory has room. */
export function lookOnly(root: string, reason: Fault): LookOnly | undefined {
  const lock = lockIfThere(root);
  if (!lock) return undefined;
  const copy = copyToMemory(indexFile(root), ["", "-wal", "-left"]);
  if (!copy) {
    lock[Symbol.dispose]();
    throw new Fault(reason.code, `${reason.message} To read it takes room in memory, and there is none.`, {
      cause: reason,
    });
  }
  let overlay: OverlayFiles | undefined;
  return {
    ...{ reason, lock, index: copy.file },
    files(below) {
      overlay = overlayFiles(below);
      return overlay;
    },
    opened() {
      overlay?.close(reason);
      copy.drop();
    },
    [Symbol.dispose]: () => copy.drop(),
  };
}

/** What cannot be locked, because nothing can be written there, is not held either, but by somebody to whom it is another mount. */
function lockIfThere(root: string): WriterLock | undefined {
  try {
    return takeLock(root);
  } catch {
    const file = path.join(root, "run", "writer.db");
    if (fs.existsSync(file) && isLocked(file)) return undefined;
    return { isHeld: () => true, [Symbol.dispose]: () => undefined };
  }
}

function formatOf(root: string): number | undefined {
  try {
    return (JSON.parse(fs.readFileSync(path.join(root, "home.json"), "utf8")) as { format?: number }).format;
  } catch {
    return undefined;
  }
}

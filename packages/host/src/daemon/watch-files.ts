import * as path from "node:path";
import { watchTree } from "./watch-tree.ts";

const folders = ["memory", "persona"];
const settleMs = 1_000;
const lookEveryMs = 5 * 60_000;

/**
 * Calls back when something in the owner's folders has changed and come to rest, our own writing included: whoever is
 * called knows which is which. Some file systems tell of no changes, so it calls every five minutes as well.
 */
export function watchFiles(root: string, listener: () => Promise<unknown>): Disposable {
  let timer: NodeJS.Timeout | undefined;
  let isBusy = false;
  let isClosed = false;
  const soon = (ms: number) => {
    if (isClosed) return;
    clearTimeout(timer);
    timer = setTimeout(run, ms);
    timer.unref();
  };
  const run = async () => {
    if (isBusy) return soon(settleMs);
    isBusy = true;
    await listener();
    isBusy = false;
    soon(lookEveryMs);
  };
  const watchers = folders.flatMap((folder) => watched(root, folder, () => soon(settleMs)) ?? []);
  soon(lookEveryMs);
  return {
    [Symbol.dispose]() {
      isClosed = true;
      clearTimeout(timer);
      for (const watcher of watchers) watcher[Symbol.dispose]();
    },
  };
}

function watched(root: string, folder: string, changed: () => void): Disposable | undefined {
  try {
    // The index is ours alone, and always at work.
    return watchTree(path.join(root, folder), path.join(root, "memory", "index"), changed);
  } catch {
    return undefined;
  }
}

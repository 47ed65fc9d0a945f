import * as fs from "node:fs";
import * as path from "node:path";

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
  const watchers = folders.flatMap((folder) => watched(path.join(root, folder), () => soon(settleMs)) ?? []);
  soon(lookEveryMs);
  return {
    [Symbol.dispose]() {
      isClosed = true;
      clearTimeout(timer);
      for (const watcher of watchers) watcher.close();
    },
  };
}

function watched(folder: string, changed: () => void): fs.FSWatcher | undefined {
  try {
    const watcher = fs.watch(folder, { persistent: false, recursive: true }, (_event, name) => {
      // The index is ours alone, and always at work.
      if (!name?.startsWith(`index${path.sep}`)) changed();
    });
    watcher.on("error", () => watcher.close());
    return watcher;
  } catch {
    return undefined;
  }
}

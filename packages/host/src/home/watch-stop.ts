import * as fs from "node:fs";
import * as path from "node:path";
import { stopPath } from "@mh/core/kernel/stop-path.ts";

const lookEveryMs = 200;

/** Calls back once when STOP stands, whoever made the file; at once where it stands already. */
export function watchStop(root: string, listener: () => void): Disposable {
  const file = path.join(root, stopPath);
  let isDone = false;
  const look = () => {
    if (isDone || !fs.existsSync(file)) return;
    end();
    listener();
  };
  // Some file systems tell of no changes: looking is the sure way, and being told only the quicker one.
  const timer = setInterval(look, lookEveryMs);
  timer.unref();
  const watcher = watched(path.dirname(file), look);
  const end = () => {
    isDone = true;
    clearInterval(timer);
    watcher?.close();
  };
  look();
  return { [Symbol.dispose]: end };
}

function watched(folder: string, look: () => void): fs.FSWatcher | undefined {
  try {
    const watcher = fs.watch(folder, { persistent: false }, look);
    watcher.on("error", () => watcher.close());
    return watcher;
  } catch {
    return undefined;
  }
}

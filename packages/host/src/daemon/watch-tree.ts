import * as fs from "node:fs";
import * as path from "node:path";

/**
 * Calls back with the path of what has changed below a folder, but for what lies in `apart`. Throws where that cannot be
 * watched.
 * Linux watches one folder at a time, and of a tree Node watches every single file, at 10 kB each: here it is the folders.
 */
export function watchTree(folder: string, apart: string, changed: (at: string) => void): Disposable {
  if (process.platform === "linux") return new FolderWatches(folder, apart, changed);
  const watcher = fs.watch(folder, { persistent: false, recursive: true }, (_event, name) => {
    const at = path.join(folder, name ?? "");
    if (!at.startsWith(apart + path.sep)) changed(at);
  });
  watcher.on("error", () => watcher.close());
  return { [Symbol.dispose]: () => watcher.close() };
}

class FolderWatches implements Disposable {
  readonly #apart: string;
  readonly #changed: (at: string) => void;
  readonly #watchers = new Map<string, fs.FSWatcher>();

  constructor(folder: string, apart: string, changed: (at: string) => void) {
    this.#apart = apart;
    this.#changed = changed;
    try {
      this.#watch(folder);
    } catch (error) {
      this[Symbol.dispose]();
      throw error;
    }
  }

  [Symbol.dispose](): void {
    for (const watcher of this.#watchers.values()) watcher.close();
    this.#watchers.clear();
  }

  #watch(folder: string): void {
    if (folder === this.#apart) return;
    const watcher = fs.watch(folder, { persistent: false }, (event, name) => {
      const at = path.join(folder, name ?? "");
      if (event === "rename" && name !== null) this.#lookAt(at);
      this.#changed(at);
    });
    watcher.on("error", () => this.#drop(folder));
    this.#watchers.set(folder, watcher);
    for (const each of fs.readdirSync(folder, { withFileTypes: true }))
      if (each.isDirectory()) this.#watch(path.join(folder, each.name));
  }

  /** Something came or went under that name: a folder may be another one than before. */
  #lookAt(at: string): void {
    this.#drop(at);
    try {
      if (fs.lstatSync(at, { throwIfNoEntry: false })?.isDirectory()) this.#watch(at);
    } catch {
      // It is gone again, or one folder too many for the system: the look every few minutes finds what changes in it.
    }
  }

  #drop(folder: string): void {
    if (!this.#watchers.has(folder)) return;
    for (const [each, watcher] of this.#watchers) {
      if (each !== folder && !each.startsWith(folder + path.sep)) continue;
      watcher.close();
      this.#watchers.delete(each);
    }
  }
}

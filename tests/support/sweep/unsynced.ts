import * as path from "node:path";

/**
 * What a power cut could take back of what a program did below a folder, by a trace of its calls: names that were made, moved or
 * removed in folders that were not synced since, and files with bytes that were not. `before`: what was there when it began.
 */
export function unsynced(trace: string, folder: string, before: readonly string[]): string[] {
  const disk = new Disk(folder, new Set(before));
  for (const { name, rest, paths, opened } of finished(trace)) disk.take(name, rest, paths, opened);
  return disk.left();
}

interface Finished {
  name: string;
  rest: string;
  /** As they stand in the call. */
  paths: string[];
  /** Of descriptors. */
  opened: string[];
}

/** Calls that did not fail, in the order in which they ended. */
function* finished(trace: string): Iterable<Finished> {
  const begun = new Map<string, string>();
  for (const line of trace.split("\n")) {
    const [, thread = "", said = ""] = /^(\d+) +(.*)$/.exec(line) ?? [];
    const cut = said.indexOf("<unfinished ...>");
    if (cut >= 0) {
      begun.set(thread, said.slice(0, cut));
      continue;
    }
    const resumed = /^<\.\.\. \w+ resumed>(.*)$/.exec(said);
    const whole = resumed ? `${begun.get(thread) ?? ""}${resumed[1]}` : said;
    const [, name, rest] = /^(\w+)\((.*)\) += \d/.exec(whole) ?? [];
    if (name === undefined || rest === undefined) continue;
    const paths = [...rest.matchAll(/"([^"]*)"/g)].map(([, each = ""]) => each);
    const opened = [...rest.matchAll(/\d<([^>]*)>/g)].map(([, each = ""]) => each);
    yield { name, rest, paths, opened };
  }
}

class Disk {
  readonly #folder: string;
  readonly #before: ReadonlySet<string>;
  #there: Set<string>;
  /** By folder. */
  #names = new Map<string, Set<string>>();
  #dirty = new Set<string>();

  constructor(folder: string, before: ReadonlySet<string>) {
    this.#folder = folder;
    this.#before = before;
    this.#there = new Set(before);
  }

  take(name: string, rest: string, [from = "", to = ""]: string[], [opened = ""]: string[]): void {
    if (/^f(?:data)?sync$/.test(name)) {
      this.#dirty.delete(opened);
      if (name === "fsync") this.#names.delete(opened);
    } else if (/^(?:p?writev?|pwrite64|ftruncate|copy_file_range|sendfile)$/.test(name)) {
      if (this.#isOurs(opened)) this.#dirty.add(opened);
    } else if (/^(?:rename|link)/.test(name)) {
      if (this.#isOurs(to)) this.#move(from, to, name.startsWith("link"));
    } else if (!this.#isOurs(from)) return;
    else if (/^(?:unlink|rmdir)/.test(name)) this.#remove(from);
    else if (name.startsWith("mkdir") || rest.includes("O_CREAT")) this.#make(from);
  }

  left(): string[] {
    const names = [...this.#names.values()].flatMap((each) => [...each]);
    return [...names, ...[...this.#dirty].map((file) => `bytes of ${file}`)]
      .map((each) => each.replace(`${this.#folder}/`, ""))
      .sort();
  }

  #isOurs = (file: string): boolean => file.startsWith(`${this.#folder}/`);

  #owe(file: string, what = file): void {
    const folder = path.dirname(file);
    this.#names.set(folder, (this.#names.get(folder) ?? new Set()).add(what));
  }

  #make(file: string): void {
    if (this.#there.has(file)) return;
    this.#there.add(file);
    this.#owe(file);
  }

  #remove(file: string): void {
    this.#there.delete(file);
    this.#dirty.delete(file);
    this.#names.delete(file);
    this.#names.get(path.dirname(file))?.delete(file);
    if (this.#before.has(file)) this.#owe(file, `removed ${file}`);
  }

  #move(from: string, to: string, isLink: boolean): void {
    const moved = (file: string) =>
      file === from || file.startsWith(`${from}/`) ? to + file.slice(from.length) : file;
    if (!isLink) this.#names.get(path.dirname(from))?.delete(from);
    this.#dirty.delete(to);
    const both = (files: Iterable<string>) => new Set([...files].flatMap((f) => (isLink ? [f, moved(f)] : [moved(f)])));
    this.#there = both(this.#there).add(to);
    this.#dirty = both(this.#dirty);
    if (!isLink) this.#names = new Map([...this.#names].map(([at, names]) => [moved(at), both(names)]));
    this.#owe(to);
  }
}

import fs from "node:fs";
import * as path from "node:path";
import type { Dice } from "../../fuzz/dice.ts";
import { filesBelow } from "../files-below.ts";

/**
 * SQLite writes by itself: its files are taken as they are, or not at all, and the note beside them, which is tried until the
 * clock of the disk has gone on.
 */
export const isDatabase = (at: string): boolean => /\.db(?:-[\w.]+)?$/.test(at);

export interface Synced {
  folder: string;
  dice: Dice;
  /** Of each folder, the names that were synced. */
  names: ReadonlyMap<string, ReadonlyMap<string, { synced: Buffer } | "folder">>;
  /** What lies where, synced or not. */
  files: ReadonlyMap<string, { synced: Buffer }>;
}

/** The files of a folder and what is in them. */
export class Image {
  readonly #files: ReadonlyMap<string, Buffer>;

  constructor(files: ReadonlyMap<string, Buffer>) {
    this.#files = files;
  }

  /** Makes a folder what the image holds. What is the same already is not touched. */
  putInto(folder: string): void {
    for (const at of filesBelow(folder)) if (!this.#files.has(at)) fs.rmSync(at);
    for (const [at, bytes] of this.#files) {
      if (fs.existsSync(at) && fs.readFileSync(at).equals(bytes)) continue;
      fs.mkdirSync(path.dirname(at), { recursive: true, mode: 0o700 });
      fs.writeFileSync(at, bytes, { mode: 0o600 });
    }
  }
}

/** What a killed process leaves: all that it wrote. */
export const afterKill = (folder: string): Image =>
  new Image(new Map(filesBelow(folder).map((at) => [at, fs.readFileSync(at)])));

/** What was synced, and of everything else as much as the dice say. */
export function afterPowerCut(synced: Synced): Image {
  const { folder, dice } = synced;
  const files = new Map<string, Buffer>();
  const into = (at: string): void => {
    const before = synced.names.get(at) ?? new Map<string, { synced: Buffer } | "folder">();
    const now = namesNow(synced, at);
    for (const name of [...new Set([...before.keys(), ...now.keys()])].sort()) {
      const [was, is] = [before.get(name), now.get(name)];
      const left = was === is || dice.chance(0.5) ? was : is;
      const full = path.join(at, name);
      if (left === "folder") into(full);
      else if (left) files.set(full, bytesOf(synced, full, left));
    }
  };
  into(folder);
  // The index is a cache that is never synced: it is as it was written, or there is none.
  const databases = filesBelow(folder).filter(isDatabase);
  if (dice.chance(0.7))
    for (const at of databases) files.set(at, at.endsWith("-left") ? ofEarlier(at) : fs.readFileSync(at));
  return new Image(files);
}

/** The machine was started anew since. */
const ofEarlier = (note: string): Buffer =>
  Buffer.from(fs.readFileSync(note, "utf8").replace(/"boot":"[^"]*"/, '"boot":"earlier"'));

function namesNow({ files }: Synced, folder: string): Map<string, { synced: Buffer } | "folder"> {
  if (!fs.existsSync(folder)) return new Map();
  const entries = fs.readdirSync(folder, { withFileTypes: true });
  const found = new Map<string, { synced: Buffer } | "folder">();
  for (const entry of entries) {
    const lies = entry.isDirectory() ? "folder" : files.get(path.join(folder, entry.name));
    if (lies) found.set(entry.name, lies);
  }
  return found;
}

/** Synced bytes are there. Of others there is nothing, a part, all, or their length without them. */
function bytesOf({ files, dice }: Synced, at: string, file: { synced: Buffer }): Buffer {
  const path = files.get(at) === file ? at : [...files].find(([, each]) => each === file)?.[0];
  const now = path === undefined ? file.synced : fs.readFileSync(path);
  if (now.equals(file.synced)) return file.synced;
  const isLonger = now.length > file.synced.length && now.subarray(0, file.synced.length).equals(file.synced);
  const part = file.synced.length + dice.below(Math.max(1, now.length - file.synced.length));
  switch (dice.below(isLonger ? 4 : 2)) {
    case 0:
      return file.synced;
    case 1:
      return now;
    case 2:
      return now.subarray(0, part);
    default:
      return Buffer.concat([now.subarray(0, part), Buffer.alloc(now.length - part)]);
  }
}

import * as fs from "node:fs";
import * as path from "node:path";
import { Fault } from "@mh/contract/values/fault.ts";
import { writePrivate } from "../secrets/private-file.ts";

/** Beside the keys of a home: where it lies. One small file a home, so that homes of one person know of each other. */
const fileName = "home";

interface Note {
  /** The home, by its real path. */
  root: string;
  /** The folder that this note lies in: one that came along with a copied config folder says nothing. */
  keys: string;
}

/** A home that mh opened on this machine, and that still lies there. */
export interface KnownHome {
  id: string;
  root: string;
}

/** What the notes of a config folder say. A note that is stale names nothing; one that is no note is named itself. */
export interface KnownHomes {
  homes: KnownHome[];
  /** Paths of notes that cannot be read. */
  unreadable: string[];
}

/** Every home whose keys lie in a config folder of mh (`dirname` of a key folder). */
export function knownHomes(config: string): KnownHomes {
  const found: KnownHomes = { homes: [], unreadable: [] };
  for (const id of foldersIn(config)) {
    const note = readNote(path.join(config, id));
    if (note === "unreadable") found.unreadable.push(path.join(config, id, fileName));
    else if (note && homeIdAt(note.root) === id) found.homes.push({ id, root: note.root });
  }
  return found;
}

/** The home that a folder's `home.json` makes of it, by its id; undefined where it is none. */
export function homeIdAt(folder: string): string | undefined {
  // Not normalized: a folder held open is known by its descriptor, and what is above it by `..` behind that.
  const text = smallFile(`${folder}/home.json`);
  const { format, id, checkpointKey } = (parsed(text ?? "") ?? {}) as Record<string, unknown>;
  const isHome = Number.isInteger(format) && typeof checkpointKey === "string" && typeof id === "string";
  return isHome ? id : undefined;
}

/**
 * The home that a folder is a copy of: another one with the same id, that was opened with the same keys before. Both in use
 * would tear one log in two. Undefined for a home in its place, also where it was moved there.
 */
export function originalOf(root: string, id: string, keyFolder: string): string | undefined {
  const note = readNote(keyFolder);
  if (!note || note === "unreadable" || isSameFolder(note.root, root)) return undefined;
  return homeIdAt(note.root) === id ? note.root : undefined;
}

/** Writes down where a home lies, once it is held for writing. Throws `home.copied` for a copy of one that is still there. */
export function noteHome(root: string, id: string, keyFolder: string): void {
  const original = originalOf(root, id, keyFolder);
  if (original !== undefined) throw new Fault("home.copied", `${copied(root, original)} ${copyAdvice(original)}`);
  // Without its keys it is not opened: loading them says what is missing.
  if (!fs.existsSync(keyFolder)) return;
  const told = { root: fs.realpathSync(root), keys: fs.realpathSync(keyFolder) };
  const note = readNote(keyFolder);
  if (note && note !== "unreadable" && note.root === told.root) return;
  writePrivate(path.join(keyFolder, fileName), `${JSON.stringify(told)}\n`);
}

export const copied = (root: string, original: string): string =>
  `${root} is a copy of the home at ${original}: they share keys and one log, which would part in two.`;

export const copyAdvice = (original: string): string =>
  `Go on in ${original}; or move or remove it, if this one is to take its place.`;

/** Undefined where there is none, or where it came from elsewhere. */
function readNote(keyFolder: string): Note | "unreadable" | undefined {
  const file = path.join(keyFolder, fileName);
  if (fs.lstatSync(file, { throwIfNoEntry: false }) === undefined) return undefined;
  // By hand, without zod: each command that asks a daemon loads this file.
  const { root, keys } = (parsed(smallFile(file) ?? "") ?? {}) as Record<string, unknown>;
  if (typeof root !== "string" || !root.startsWith("/") || typeof keys !== "string") return "unreadable";
  return keys === fs.realpathSync(keyFolder) ? { root, keys } : undefined;
}

const bytesMax = 65_536;

/** Anybody may have put there what has no end, or never begins. Undefined for what is no plain, small file. */
function smallFile(file: string): string | undefined {
  let fd: number | undefined;
  try {
    fd = fs.openSync(file, fs.constants.O_RDONLY | fs.constants.O_NONBLOCK);
    const stat = fs.fstatSync(fd);
    return stat.isFile() && stat.size <= bytesMax ? fs.readFileSync(fd, "utf8") : undefined;
  } catch {
    return undefined;
  } finally {
    if (fd !== undefined) fs.closeSync(fd);
  }
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function foldersIn(folder: string): string[] {
  const entries = fs.existsSync(folder) ? fs.readdirSync(folder, { withFileTypes: true }) : [];
  return entries.filter((entry) => entry.isDirectory()).map(({ name }) => name);
}

/** By what they are: a home may be known by several paths. */
function isSameFolder(a: string, b: string): boolean {
  const [one, other] = [a, b].map((folder) => fs.statSync(folder, { throwIfNoEntry: false }));
  return one !== undefined && one.dev === other?.dev && one.ino === other.ino;
}

import { hash } from "node:crypto";
import * as fs from "node:fs";
import * as os from "node:os";
import * as path from "node:path";
import type { Files } from "@mh/core/ports/files.ts";
import { readPlain, readPlainText } from "./adapters/plain-file.ts";

/** Where this installation's own files lie: a clone, known by its `bin/mh`, or a package that npm installed. */
export function codeFolder(from: string): string {
  for (let folder = path.resolve(from); ; folder = path.dirname(folder)) {
    if (isClone(folder) || isPackage(folder)) return folder;
    if (folder === path.dirname(folder)) return path.resolve(from);
  }
}

/** The home that is meant: `--home`, else MH_HOME, else the clone that mh runs from, else `~/mh`. */
export function homeFolder(
  option: string | undefined,
  environment: Record<string, string | undefined>,
  code: string,
): string {
  const usual = isClone(code) ? code : path.join(environment.HOME || os.homedir(), "mh");
  return path.resolve(option || environment.MH_HOME || usual);
}

const isClone = (folder: string): boolean => fs.existsSync(path.join(folder, "bin", "mh"));
// Of the program, or of the host alone: both carry the agents that come with mh.
const isPackage = (folder: string): boolean =>
  ["package.json", "brain/agents"].every((name) => fs.existsSync(path.join(folder, name)));

/**
 * The time zone that `config.yaml` names, read without the settings' whole schema: only to tell times by. What is wrong
 * with it, the home says when it is opened.
 */
export function ownerZone(root: string): string | undefined {
  try {
    const file = path.join(root, "config.yaml");
    // A pipe would be waited for.
    if (!fs.statSync(file).isFile()) return undefined;
    const text = readPlainText(file);
    return /^timeZone:\s*["']?([\w+/-]+)/m.exec(text)?.[1];
  } catch {
    return undefined;
  }
}

/** Keys and witnesses are kept here, outside the home, one folder for each home. */
export function keyFolder(homeId: string, environment: Record<string, string | undefined>): string {
  const base = environment.XDG_CONFIG_HOME || path.join(environment.HOME || os.homedir(), ".config");
  return path.join(base, "mh", homeId);
}

/**
 * Socket of the process that holds a home. Unix sockets have names of 108 bytes at most: a home deeper than that has
 * its socket in a private folder, named after the home.
 */
export function socketPath(root: string): string {
  const inside = path.join(root, "run", "mh.sock");
  if (Buffer.byteLength(inside) <= 100) return inside;
  // The whole path counts: two homes whose paths end alike have two sockets.
  return path.join(socketFolder(), `${hash("sha256", root, "hex").slice(0, 32)}.sock`);
}

/** Where sockets of homes with long paths lie. */
export const socketFolder = (): string => path.join(os.tmpdir(), `mh-${os.userInfo().uid}`);

/** A path without links, as far as it is there. */
export const realOf = (place: string): string => (fs.existsSync(place) ? fs.realpathSync(place) : place);

/** The notes that come with the package, for a first look. */
export const exampleNotes = (code: string): string => path.join(code, "examples", "notes");

/** A folder as it was typed, by its whole path; undefined where there is none. */
export function absoluteFolder(typed: string): string | undefined {
  const isPath = /^[./~]/.test(typed) || path.isAbsolute(typed);
  const full = path.resolve(typed);
  return isPath || fs.statSync(full, { throwIfNoEntry: false })?.isDirectory() ? full : undefined;
}

/** A path as it was typed, from the root on. */
export const absolutePath = (typed: string): string => path.resolve(typed);

export const exists = (file: string): boolean => fs.existsSync(file);

/** Whether a home says that it is encrypted; cheaply, for what is asked every second. */
export function saysEncrypted(root: string): boolean {
  const file = path.join(root, "home.json");
  return fs.existsSync(file) && /"encrypted":\s*true/.test(readPlainText(file));
}

/** Whether a home is the very clone of mh that runs: what lies in its `brain` is code, and read by Git. */
export const isOwnCode = (root: string): boolean =>
  realOf(codeFolder(import.meta.dirname)) === realOf(path.resolve(root));

/** Reads files by their whole paths: those of a home as they were meant, any other as it lies. */
export function readerIn(root: string, files: Pick<Files, "read">): (file: string) => Uint8Array | undefined {
  const home = path.resolve(root) + path.sep;
  return (file) => (file.startsWith(home) ? files.read(file.slice(home.length)) : readPlain(file));
}

/** Where agents' files lie: beside mh, and the owner's own in the home. In a clone that is the home, both lie in one. */
export function agentFolders(root: string): string[] {
  const shipped = path.join(codeFolder(import.meta.dirname), "brain", "agents");
  const own = path.join(root, "brain", "agents");
  return [...new Set([shipped, own].map((folder) => path.resolve(folder)))];
}

/** Archives of the owner's, laid out while they are taken in. */
export const stagedArchives = (root: string): string => path.join(root, "run", "archives");

/** Copies of what was approved, each for the program that runs by it. */
export const approvedCopies = (root: string): string => path.join(root, "run", "approved");

export const indexFile = (root: string): string => path.join(root, "memory", "index", "index.db");

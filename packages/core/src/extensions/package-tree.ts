import { Fault } from "@mh/contract/values/fault.ts";
import { canonical } from "../model/canonical.ts";
import { utf8 } from "../ports/bytes.ts";
import type { Crypto } from "../ports/crypto.ts";

/** The files of a package by their paths in it, with forward slashes. */
export type Tree = ReadonlyMap<string, Uint8Array>;

export const treeBounds = { filesMax: 300, fileBytesMax: 1_000_000, bytesMax: 8_000_000, depthMax: 8 };

/** Takes the files of a package in, one by one, and refuses what is too much or leads elsewhere. Throws `skill.refused`. */
export class TreeMaker {
  readonly #files = new Map<string, Uint8Array>();
  readonly #looks = new Set<string>();
  readonly #folders = new Set<string>();
  #bytes = 0;

  /** Says before its bytes are there whether a file can be taken. */
  check(path: string, size: number): void {
    const { filesMax, fileBytesMax, bytesMax } = treeBounds;
    const why = wrongPath(path);
    if (why) throw refused(`a file is called ${JSON.stringify(path.slice(0, 100))}: ${why}`);
    if (this.#looks.has(lookOfPath(path))) throw refused(`two files are called ${path}, but for case`);
    if (this.#folders.has(lookOfPath(path)) || foldersOf(path).some((each) => this.#looks.has(each)))
      throw refused(`a file and a folder are called the same on the way to ${path}`);
    if (size > fileBytesMax) throw refused(`${path} has more than ${fileBytesMax / 1e6} MB`);
    if (this.#bytes + size > bytesMax) throw refused(`it has more than ${bytesMax / 1e6} MB`);
    if (this.#files.size >= filesMax) throw refused(`it has more than ${filesMax} files`);
  }

  add(path: string, bytes: Uint8Array): void {
    this.check(path, bytes.length);
    this.#looks.add(lookOfPath(path));
    for (const each of foldersOf(path)) this.#folders.add(each);
    this.#bytes += bytes.length;
    this.#files.set(path, bytes);
  }

  tree(): Tree {
    return new Map([...this.#files].sort(([a], [b]) => (a < b ? -1 : 1)));
  }
}

export const refused = (why: string): Fault =>
  new Fault("skill.refused", `This package is refused: ${why}. Nothing of it was installed.`);

/** SHA-256 of every file. */
export function hashesOf(crypto: Crypto, tree: Tree): Record<string, string> {
  return Object.fromEntries([...tree].map(([path, bytes]) => [path, crypto.sha256Hex(bytes)]));
}

/** One hash for the whole package. */
export const treeHash = (crypto: Crypto, hashes: Readonly<Record<string, string>>): string =>
  crypto.sha256Hex(canonical(hashes));

const lookOfPath = (path: string): string => path.normalize("NFKC").toLowerCase();

/** The folders that a file lies in, as they look. */
function foldersOf(path: string): string[] {
  const parts = lookOfPath(path).split("/");
  return parts.slice(1).map((_part, n) => parts.slice(0, n + 1).join("/"));
}

function wrongPath(path: string): string | undefined {
  const parts = path.split("/");
  // No disk has names of more than 255 bytes.
  const isLong = path.length > 200 || parts.some((part) => utf8.encode(part).length > 255);
  if (isLong || parts.length > treeBounds.depthMax) return "that is too long or too deep";
  if (/[\p{C}\\:*?"<>|]/u.test(path) || !path.isWellFormed()) return "it holds a character that has no place in a path";
  if (path !== path.normalize("NFC")) return "it is not written in its usual form";
  if (parts.some((part) => part === "" || part === "." || part === ".." || /[. ]$/.test(part)))
    return "it leads elsewhere";
  if (parts.some((part) => part.toLowerCase() === ".git")) return "a repository has no place in it";
  return undefined;
}

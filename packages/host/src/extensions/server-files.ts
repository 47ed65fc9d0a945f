import { createHash } from "node:crypto";
import * as fs from "node:fs";
import * as path from "node:path";
import type { McpServer } from "@mh/contract/values/mcp-server.ts";
import { changedFile } from "@mh/core/extensions/mcp-server.ts";
import { isInside } from "@mh/core/model/scope.ts";
import { readPlain } from "../adapters/plain-file.ts";

const bytesMax = 64 * 2 ** 20;

/**
 * The files of a local server by their paths, with the SHA-256 of each: its program, and what its arguments name, also
 * after `=`, and relative to its folder. Not those that the system installs, nor what it may write itself: they change.
 */
export function serverFiles({ command, args, cwd, write, url }: McpServer): Record<string, string> {
  if (url !== undefined || command === undefined) return {};
  const words = [command, ...args.flatMap((arg) => [arg, arg.slice(arg.indexOf("=") + 1)])];
  const places = words.flatMap((word) => {
    if (path.isAbsolute(word)) return [path.normalize(word)];
    return cwd === undefined || word === "" ? [] : [path.join(cwd, word)];
  });
  const isPinned = (file: string) =>
    ![...write, "/usr", "/bin", "/sbin"].some((folder) => isInside(folder, file)) && isFile(file) && !isNode(file);
  return Object.fromEntries([...new Set(places)].filter(isPinned).map((file) => [file, hashOf(file)]));
}

/** Compares the files of a server with what was allowed, by their names below `root`. Throws `skill.changed`. */
export function compareFiles(server: string, allowed: Readonly<Record<string, string>>, root = "/"): void {
  const changed = Object.entries(allowed).find(([file, hash]) => {
    const name = path.join(root, file);
    return !isFile(name) || hashOf(name) !== hash;
  });
  if (changed) throw changedFile(server, changed[0]);
}

const isFile = (file: string): boolean => fs.statSync(file, { throwIfNoEntry: false })?.isFile() === true;
/** The Node that runs mh is as trusted as mh is, and is renewed like it. */
const isNode = (file: string): boolean => fs.realpathSync(file) === fs.realpathSync(process.execPath);

/** A very large file is known by its size and time. */
function hashOf(file: string): string {
  const { size, mtimeMs } = fs.statSync(file);
  if (size > bytesMax) return `${size} bytes of ${mtimeMs}`;
  return createHash("sha256").update(readPlain(file)).digest("hex");
}

import { Fault } from "@mh/contract/values/fault.ts";
import type { Files } from "@mh/core/ports/files.ts";
import { looksSealed, type NameCipher } from "./name-cipher.ts";

/** Folders in which names are made of what somebody said: of titles, of whom a fact is about, of what they called a file. */
export const namedFolders = [
  ...["memory/semantic", "memory/tasks", "memory/procedural", "memory/preferences", "memory/snapshots"],
  ...["out", "logs/torn", "run/staged"],
];

const readMe = "out/README.md";

const folderOf = (path: string): string | undefined =>
  path === readMe ? undefined : namedFolders.find((folder) => path.startsWith(`${folder}/`));

/** Whether a name that can be read without the key is one that should not be. */
export function hasOpenName(path: string): boolean {
  const folder = folderOf(path);
  if (folder === undefined) return false;
  return !path
    .slice(folder.length + 1)
    .split("/")
    .every(looksSealed);
}

/**
 * The files of an encrypted home under the names that they were meant to have. What was put there by hand, or lay there before,
 * is found under its own name, and comes before what lies there sealed; as soon as it is written, its name is sealed. One
 * whose name is too long for that keeps it, and is told as lying open; a new file is refused such a name (`args.invalid`).
 */
export function sealedNames(files: Files, names: NameCipher): Files {
  const sealed = (path: string): string => sealedPath(names, path) ?? path;
  const written = (path: string): string => {
    const hidden = sealedPath(names, path);
    if (hidden === undefined && files.facts(path) === undefined) throw tooLong(path);
    return hidden ?? path;
  };
  const lying = (path: string): string =>
    folderOf(path) === undefined || files.facts(path) !== undefined ? path : sealed(path);
  const places = (folder: string) => [...new Set([folder, sealed(folder)])];
  const hide = (path: string): string => {
    const hidden = written(path);
    const bytes = hidden === path ? undefined : files.read(path);
    if (bytes) {
      files.replace(hidden, bytes);
      files.remove(path);
    }
    return hidden;
  };
  return {
    ...files,
    read: (path, end) => files.read(lying(path), end),
    readPart: (path, from, to) => files.readPart(lying(path), from, to),
    lines: (path, holding) => files.lines(lying(path), holding),
    facts: (path) => files.facts(lying(path)),
    list(folder) {
      const found = places(folder).flatMap((each) => files.list(each));
      return [...new Set(found.map((path) => openedPath(names, path)))].sort();
    },
    found(folder) {
      const found = places(folder).flatMap((each) => [...files.found(each)]);
      const opened = found.map((file) => ({ file, path: openedPath(names, file.path) }));
      const open = new Set(opened.flatMap(({ file, path }) => (file.path === path ? [path] : [])));
      // Of two with one name, the one that lies there under it.
      const lying = opened.filter(({ file, path }) => file.path === path || !open.has(path));
      return lying.map(({ file, path }) => ({ ...file, path })).sort((a, b) => (a.path < b.path ? -1 : 1));
    },
    names(folder) {
      const found = places(folder).flatMap((each) => files.names(each));
      const open = found.map((each) => ({ ...each, name: openedName(names, folder, each.name) }));
      return [...new Map(open.map((each) => [each.name, each])).values()].sort((a, b) => (a.name < b.name ? -1 : 1));
    },
    outlast: (path) => files.outlast(lying(path)),
    open: (path) => files.open(hide(path)),
    replace(path, bytes) {
      const hidden = written(path);
      files.replace(hidden, bytes);
      if (hidden !== path) files.remove(path);
    },
    remove(path) {
      files.remove(path);
      const hidden = sealed(path);
      if (hidden !== path) files.remove(hidden);
    },
  };
}

/** Undefined where a name of it would be longer than a disk takes. */
function sealedPath(names: NameCipher, path: string): string | undefined {
  const folder = folderOf(path);
  if (folder === undefined) return path;
  const parts = path.slice(folder.length + 1).split("/");
  const stored = parts.map((name, n) => names.seal([folder, ...parts.slice(0, n)].join("/"), name));
  return stored.every((name) => name !== undefined) ? [folder, ...stored].join("/") : undefined;
}

const tooLong = (path: string): Fault =>
  new Fault(
    "args.invalid",
    `In an encrypted home the name of a file has at most 130 bytes. Take a shorter one for ${path}.`,
  );

function openedPath(names: NameCipher, path: string): string {
  const folder = folderOf(path);
  if (folder === undefined) return path;
  const open: string[] = [folder];
  for (const name of path.slice(folder.length + 1).split("/")) open.push(openedName(names, open.join("/"), name));
  return open.join("/");
}

const openedName = (names: NameCipher, folder: string, name: string): string => names.open(folder, name) ?? name;

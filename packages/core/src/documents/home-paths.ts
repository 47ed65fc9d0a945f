import type { Files } from "../ports/files.ts";

/** Folders beside a home's files, where it is a clone of mh: others' code, and what Git keeps. */
const foldersOfOthers: readonly string[] = ["node_modules", ".git", ".node"];

/** Parts of a home that its owner may keep elsewhere, with a link in their place. */
const folderParts: readonly string[] = ["memory", "logs", "persona", "out", "brain"];
const fileParts: readonly string[] = ["config.yaml"];

/** Paths of all files of a home, those that are not mh's included. */
export function homePaths(files: Files): string[] {
  const isLinked = (part: string) => files.linkOn(part) !== undefined && files.facts(part) !== undefined;
  const here = files.names("").filter(({ name }) => !foldersOfOthers.includes(name));
  return [
    ...here.flatMap(({ name, isFolder }) => (isFolder ? files.list(name) : [name])),
    ...folderParts.filter(isLinked).flatMap((part) => files.list(part)),
    ...fileParts.filter(isLinked),
  ];
}

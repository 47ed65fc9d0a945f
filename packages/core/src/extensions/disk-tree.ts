import { Fault } from "@mh/contract/values/fault.ts";
import type { Files } from "../ports/files.ts";
import { type Tree, TreeMaker } from "./package-tree.ts";

const skillsFolder = "brain/skills";
export const folderOf = (name: string): string => `${skillsFolder}/${name}`;

/** The package that lies in the home under a name; empty where there is none. Links count for nothing. */
export function diskTree(files: Files, name: string): Tree {
  const folder = folderOf(name);
  const link = files.linkOn(folder);
  if (link) throw new Fault("skill.refused", `${link} is a link. A skill lies in a folder of its own.`);
  const maker = new TreeMaker();
  for (const path of files.list(folder)) {
    const inside = path.slice(folder.length + 1);
    maker.check(inside, files.facts(path)?.size ?? 0);
    const bytes = files.read(path);
    if (bytes) maker.add(inside, bytes);
  }
  return maker.tree();
}

/** Names of the folders that hold a SKILL.md. */
export function foldersOnDisk(files: Files): string[] {
  const found = files.list(skillsFolder).map((path) => /^brain\/skills\/([^/]+)\/SKILL\.md$/.exec(path)?.[1]);
  return found.filter((name) => name !== undefined);
}

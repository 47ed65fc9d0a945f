import * as fs from "node:fs";
import * as path from "node:path";
import { refused, type Tree, TreeMaker } from "@mh/core/extensions/package-tree.ts";
import { openToRead, refuseOther } from "../adapters/plain-file.ts";

/** The files of a folder of this machine. Its repository is left out; a link in it is refused, wherever it leads. */
export function treeFromFolder(folder: string): Tree {
  const facts = fs.lstatSync(folder, { throwIfNoEntry: false });
  if (!facts?.isDirectory()) throw refused(`${folder} is no folder`);
  const maker = new TreeMaker();
  collect(maker, folder, "");
  return maker.tree();
}

function collect(maker: TreeMaker, root: string, below: string): void {
  for (const entry of fs.readdirSync(path.join(root, below), { withFileTypes: true })) {
    const name = below === "" ? entry.name : `${below}/${entry.name}`;
    if (name === ".git") continue;
    if (entry.isDirectory()) {
      maker.check(`${name}/x`, 0);
      collect(maker, root, name);
    } else if (entry.isFile()) maker.add(name, readWhole(maker, path.join(root, name), name));
    else throw refused(`${name} is a link, or no file at all`);
  }
}

/** By one handle that follows no link, so that what was looked at is what is read. */
function readWhole(maker: TreeMaker, file: string, name: string): Buffer {
  const fd = openToRead(file, fs.constants.O_NOFOLLOW);
  try {
    const stat = fs.fstatSync(fd);
    refuseOther(stat, file);
    maker.check(name, stat.size);
    return fs.readFileSync(fd);
  } finally {
    fs.closeSync(fd);
  }
}

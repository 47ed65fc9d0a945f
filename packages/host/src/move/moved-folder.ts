import * as fs from "node:fs";
import * as path from "node:path";
import { Fault } from "@mh/contract/values/fault.ts";
import { refuseClosed } from "@mh/core/disk/outside-path.ts";
import type { MovedFolder, OpenMovedFolder } from "@mh/core/move/folder.ts";
import { readPlainText } from "../adapters/plain-file.ts";
import { treeFromFolder } from "../extensions/from-folder.ts";
import type { ClosedPlaces } from "../home/closed-places.ts";

const bytesMax = 10_000_000;
const depthMax = 6;
const entriesMax = 5_000;

/** Opens another program's folder. The folder itself may be reached by a link; nothing below it is. */
export const openMovedFolder =
  (closed: ClosedPlaces): OpenMovedFolder =>
  (given, beside) => {
    const root = realFolder(given);
    const links = new Set<string>();
    const kindOf = (place: string) => {
      const facts = fs.lstatSync(path.join(root, place), { throwIfNoEntry: false });
      if (facts?.isSymbolicLink()) links.add(place);
      return facts?.isFile() ? "file" : facts?.isDirectory() ? "folder" : undefined;
    };
    const namesIn = (place: string): string[] => {
      try {
        return fs.readdirSync(path.join(root, place)).sort().slice(0, entriesMax);
      } catch (error) {
        // What may not be read is not there for us.
        if (["EACCES", "EPERM", "ENOENT"].includes((error as NodeJS.ErrnoException).code ?? "")) return [];
        throw error;
      }
    };
    /** Goes down a place name by name, so that a link on the way is met. */
    const matching = (below: string, [first, ...rest]: string[], depth = 0): string[] => {
      if (first === undefined) return kindOf(below) === undefined ? [] : [below];
      if (below !== "" && kindOf(below) !== "folder") return [];
      const join = (name: string) => (below === "" ? name : `${below}/${name}`);
      if (first === "**") {
        const here = matching(below, rest, depth);
        if (depth >= depthMax || here.length > 0) return here;
        return namesIn(below)
          .filter((name) => kindOf(join(name)) === "folder")
          .flatMap((name) => matching(join(name), ["**", ...rest], depth + 1));
      }
      const names = first.includes("*") ? namesIn(below).filter((name) => like(first).test(name)) : [first];
      return names.flatMap((name) => matching(join(name), rest, depth));
    };
    const find = (place: string): string[] => {
      if (!place.startsWith("../")) return matching("", place.split("/"));
      const isUsual = beside !== undefined && path.basename(root) === beside.folder && place === `../${beside.file}`;
      return isUsual && kindOf(place) === "file" ? [place] : [];
    };
    const folder: MovedFolder = {
      path: root,
      files: (place) => find(place).filter((each) => kindOf(each) === "file"),
      both: find,
      isFolder: (place) => kindOf(place) === "folder",
      entries: () => namesIn("").filter((name) => kindOf(name) !== undefined),
      links: () => [...links].sort(),
      text(place) {
        const full = path.join(root, place);
        if (fs.lstatSync(full).size > bytesMax)
          throw new Fault("import.unreadable", `${place} is larger than such files are.`);
        return readPlainText(full);
      },
      package: (place) => treeFromFolder(path.join(root, place)),
    };
    return folder;

    function realFolder(wanted: string): string {
      if (!fs.statSync(wanted, { throwIfNoEntry: false })?.isDirectory())
        throw new Fault("import.unreadable", `There is no folder ${wanted}. Name the program's, as in ~/.openclaw.`);
      const real = fs.realpathSync(wanted);
      refuseClosed("move", "path", real, closed.toOwner());
      return real;
    }
  };

const like = (pattern: string): RegExp =>
  new RegExp(
    `^${pattern
      .split("*")
      .map((part) => part.replace(/[.+?^${}()|[\]\\]/g, "\\$&"))
      .join(".*")}$`,
  );

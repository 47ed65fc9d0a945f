import * as fs from "node:fs";
import * as path from "node:path";
import { Fault } from "@mh/contract/values/fault.ts";
import { refuseClosed } from "@mh/core/disk/outside-path.ts";
import type { MovedFolder, OpenMovedFolder } from "@mh/core/move/folder.ts";
import { decodeUtf8 } from "@mh/core/ports/bytes.ts";
import { diskFault, isDiskError } from "@mh/core/ports/disk-fault.ts";
import { openToRead, refuseOther } from "../adapters/plain-file.ts";
import { treeFromFolder } from "../extensions/from-folder.ts";
import type { ClosedPlaces } from "../home/closed-places.ts";

const bytesMax = 10_000_000;
const depthMax = 6;
const entriesMax = 5_000;
const looksMax = 50_000;

/** Opens another program's folder. The folder itself may be reached by a link; nothing below it is. */
export const openMovedFolder =
  (closed: ClosedPlaces): OpenMovedFolder =>
  (given, beside) => {
    const root = realFolder(given);
    const over = new Map<string, string>();
    const known = new Map<string, "file" | "folder" | undefined>();
    const kindOf = (place: string) => {
      if (!known.has(place)) known.set(place, looked(place));
      return known.get(place);
    };
    const looked = (place: string) => {
      if (known.size >= looksMax) {
        over.set(".", `It holds more than ${looksMax} places, and nobody looked at all of them`);
        return undefined;
      }
      // Who is kept out of a look is kept out by the folder above.
      const above = path.dirname(place);
      const facts = readable(above, () => fs.lstatSync(path.join(root, place), { throwIfNoEntry: false }));
      if (facts?.isFile()) return "file";
      if (facts?.isDirectory()) return "folder";
      if (facts?.isSymbolicLink()) over.set(place, "It is a link, and was not followed");
      else if (facts) over.set(place, "It is a pipe or a device, and was not read");
      else if (place.includes("\uFFFD")) over.set(place, "Its name is not UTF-8, and nobody looked at it");
      return undefined;
    };
    const namesIn = (place: string): string[] => {
      const names = readable(place, () => fs.readdirSync(path.join(root, place)).sort()) ?? [];
      if (names.length > entriesMax)
        over.set(place || ".", `Nobody looked at more than the first ${entriesMax} of its ${names.length} places`);
      return names.slice(0, entriesMax);
    };
    /** What the disk says of a place; undefined where it keeps us out or is gone meanwhile. */
    const readable = <T>(place: string, read: () => T): T | undefined => {
      try {
        return read();
      } catch (error) {
        if (!isDiskError(error)) throw error;
        if ((error as NodeJS.ErrnoException).code !== "ENOENT") over.set(place || ".", whyUnreadable(error));
        return undefined;
      }
    };
    /** Goes down a place name by name, so that a link on the way is met. */
    const matching = (below: string, [first, ...rest]: string[], depth = 0): string[] => {
      if (first === undefined) return kindOf(below) === undefined ? [] : [below];
      if (below !== "" && kindOf(below) !== "folder") return [];
      const join = (name: string) => (below === "" ? name : `${below}/${name}`);
      if (first === "**") {
        const here = matching(below, rest, depth);
        if (here.length > 0) return here;
        const folders = namesIn(below).filter((name) => kindOf(join(name)) === "folder");
        if (depth < depthMax) return folders.flatMap((name) => matching(join(name), ["**", ...rest], depth + 1));
        if (folders.length > 0) over.set(below, `Nobody looked at what lies deeper than ${depthMax} folders`);
        return [];
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
      passedOver: () => [...over].map(([place, why]) => ({ place, why })).sort((a, b) => (a.place < b.place ? -1 : 1)),
      text: (place) => read(() => textAt(path.join(root, place), place)),
      package: (place) => read(() => treeFromFolder(path.join(root, place))),
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

/** By one handle that follows no link, so that what was looked at is what is read. */
function textAt(full: string, place: string): string {
  const fd = openToRead(full, fs.constants.O_NOFOLLOW);
  try {
    const stat = fs.fstatSync(fd);
    refuseOther(stat, full);
    if (stat.size > bytesMax) throw new Fault("import.unreadable", `${place} is larger than such files are.`);
    const text = decodeUtf8(fs.readFileSync(fd));
    if (text === undefined) throw new Fault("import.unreadable", `${place} is no text in UTF-8.`);
    return text.replace(/^\uFEFF/, "");
  } finally {
    fs.closeSync(fd);
  }
}

/** Throws `import.unreadable` where the disk gives it to nobody, or not to this user. */
function read<T>(get: () => T): T {
  try {
    return get();
  } catch (error) {
    if (!isDiskError(error)) throw error;
    throw new Fault("import.unreadable", whyUnreadable(error), { cause: error });
  }
}

const whyUnreadable = (error: Error): string =>
  ["EACCES", "EPERM"].includes((error as NodeJS.ErrnoException).code ?? "")
    ? "It may not be read by this user"
    : diskFault(error).message;

const like = (pattern: string): RegExp =>
  new RegExp(
    `^${pattern
      .split("*")
      .map((part) => part.replace(/[.+?^${}()|[\]\\]/g, "\\$&"))
      .join(".*")}$`,
    // A name may hold an end of a line.
    "s",
  );

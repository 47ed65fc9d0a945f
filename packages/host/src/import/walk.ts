import * as fs from "node:fs";
import * as path from "node:path";
import type { Found } from "@mh/core/memory/import/found.ts";
import type { InputFile } from "./source.ts";

const depthMax = 64;

/** The wanted files below a folder, sorted by name. Hidden folders are passed over; links are not followed, and said. */
export function filesBelow(
  base: string,
  isWanted: (name: string, full: string) => boolean,
): { files: InputFile[]; remarks: Found[] } {
  const files: InputFile[] = [];
  const remarks: Found[] = [];
  const visit = (folder: string, depth: number) => {
    for (const entry of sortedEntries(folder, base, remarks)) {
      if (entry.name.startsWith(".") || entry.name === "node_modules") continue;
      const full = path.join(folder, entry.name);
      if (entry.isDirectory() && depth < depthMax) visit(full, depth + 1);
      else if (entry.isDirectory())
        remarks.push({ note: "The folder lies too deep and was passed over.", where: nameIn(base, full) });
      else if (entry.isFile() && isWanted(entry.name, full)) files.push(inputFile(full, base));
      else if (entry.isSymbolicLink() && isWanted(entry.name, full))
        remarks.push({ note: "It is a link and was not followed.", where: nameIn(base, full) });
    }
  };
  visit(base, 0);
  return { files, remarks };
}

/** What lies in a folder; one below the base that may not be read is said instead. */
export function sortedEntries(folder: string, base: string, remarks: Found[]): fs.Dirent[] {
  try {
    return fs.readdirSync(folder, { withFileTypes: true }).sort((a, b) => (a.name < b.name ? -1 : 1));
  } catch (error) {
    if (folder === base || (error as NodeJS.ErrnoException).code !== "EACCES") throw error;
    remarks.push({ note: "The folder may not be read and was passed over.", where: nameIn(base, folder) });
    return [];
  }
}

export function inputFile(full: string, base: string): InputFile {
  return { path: full, name: nameIn(base, full), sizeBytes: fs.statSync(full, { throwIfNoEntry: false })?.size ?? 0 };
}

export function nameIn(base: string, full: string): string {
  return path.relative(base, full).split(path.sep).join("/");
}

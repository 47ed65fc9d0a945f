import * as fs from "node:fs";
import * as path from "node:path";

/** The absolute folders of a `PATH`: a relative one means a program of the owner of the folder that mh is started in. */
export const absoluteFolders = (folders = ""): string[] => folders.split(path.delimiter).filter(path.isAbsolute);

/** The first program of that name in the absolute folders of a `PATH`. */
export function findProgram(name: string, folders = process.env.PATH): string | undefined {
  return absoluteFolders(folders)
    .map((folder) => path.join(folder, name))
    .find(isExecutable);
}

function isExecutable(file: string): boolean {
  try {
    fs.accessSync(file, fs.constants.X_OK);
    return fs.statSync(file).isFile();
  } catch {
    return false;
  }
}

import * as fs from "node:fs";
import * as os from "node:os";
import * as path from "node:path";

/** Where this installation's own files lie: the folder of the outermost package called `mh`. */
export function codeFolder(from: string): string {
  for (let folder = path.resolve(from); ; folder = path.dirname(folder)) {
    if (fs.existsSync(path.join(folder, "package-lock.json")) || fs.existsSync(path.join(folder, "bin", "mh")))
      return folder;
    if (folder === path.dirname(folder)) return path.resolve(from);
  }
}

/** The home that is meant: `--home`, else MH_HOME, else the checkout. */
export function homeFolder(
  option: string | undefined,
  environment: Record<string, string | undefined>,
  code: string,
): string {
  return path.resolve(option || environment.MH_HOME || code);
}

/** Keys and witnesses are kept here, outside the home, one folder for each home. */
export function keyFolder(homeId: string, environment: Record<string, string | undefined>): string {
  const base = environment.XDG_CONFIG_HOME || path.join(environment.HOME || os.homedir(), ".config");
  return path.join(base, "mh", homeId);
}

/**
 * Socket of the process that holds a home. Unix sockets have names of 108 bytes at most: a home deeper than that has
 * its socket in a private folder of its own, named after the home.
 */
export function socketPath(root: string): string {
  const inside = path.join(root, "run", "mh.sock");
  if (Buffer.byteLength(inside) <= 100) return inside;
  const short = Buffer.from(root).toString("base64url").slice(-40);
  return path.join(os.tmpdir(), `mh-${os.userInfo().uid}`, `${short}.sock`);
}

/** The notes that come with the package, for a first look. */
export const exampleNotes = (code: string): string => path.join(code, "examples", "notes");

export const exists = (file: string): boolean => fs.existsSync(file);

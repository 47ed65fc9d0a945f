import { randomBytes } from "node:crypto";
import * as fs from "node:fs";
import * as path from "node:path";
import { Fault } from "@mh/contract/values/fault.ts";
import { diskFault } from "@mh/core/ports/disk-fault.ts";
import { removeCutOff, temporaryOf } from "../adapters/cut-off-writes.ts";
import { socketFolder, socketPath } from "../places.ts";

const fileName = "socket.key";
const keyBytes = 32;

/**
 * What a client of the home's socket proves to have: it lies beside the home's keys, where no sandbox and no skill
 * looks. `make` is for the process that holds the home: nothing lasts that depends on it. Throws `socket.refused` where it is missing
 * or not the owner's alone.
 */
export function socketKey(keyFolder: string, { make = false } = {}): Uint8Array {
  const file = path.join(keyFolder, fileName);
  if (make && !fs.existsSync(file)) makeKey(keyFolder, file);
  let fd: number;
  try {
    fd = fs.openSync(file, fs.constants.O_RDONLY | fs.constants.O_NOFOLLOW | fs.constants.O_NONBLOCK);
  } catch (cause) {
    const why = `${file}, which proves that it is you, cannot be read`;
    // It is there, and is nobody else's: the disk says why.
    if ((cause as { code?: string }).code === "EIO") throw diskFault(cause);
    throw refused(`${why}. Start mh with the HOME and XDG_CONFIG_HOME that the home was opened with.`, cause);
  }
  try {
    const wrong = wrongWith(fs.fstatSync(fd));
    if (wrong) throw refused(`${file} ${wrong}: others may know it. Remove it; the next use makes a new one.`);
    const key = Buffer.from(fs.readFileSync(fd, "latin1"), "base64");
    if (key.length === keyBytes) return key;
    throw refused(`${file} is damaged. Remove it; the next use makes a new one.`);
  } finally {
    fs.closeSync(fd);
  }
}

/**
 * The folder of the socket is the owner's alone: one in the temporary directory somebody else may have made first. Closes
 * the home's own where it is open to others. Throws `socket.refused`.
 */
export function checkSocketFolder(root: string): void {
  const folder = path.dirname(socketPath(root));
  const stat = fs.lstatSync(folder, { throwIfNoEntry: false });
  if (!stat) return;
  const isInHome = folder !== socketFolder();
  const isOurs = stat.uid === process.geteuid?.();
  const wrong = isInHome ? undefined : !stat.isDirectory() ? "is no folder" : isOurs ? undefined : foreign;
  if (wrong) throw refused(`${folder}, where this home has its socket, ${wrong}. Remove it; mh makes it anew.`);
  if ((stat.mode & 0o077) === 0) return;
  try {
    fs.chmodSync(folder, 0o700);
  } catch (cause) {
    throw refused(`${folder}, where this home has its socket, is open to others. \`chmod 700\` closes it.`, cause);
  }
}

const foreign = "belongs to somebody else";

function wrongWith(stat: fs.Stats): string | undefined {
  if (!stat.isFile()) return "is no file";
  if ((stat.mode & 0o077) !== 0) return `has the mode ${(stat.mode & 0o777).toString(8)}, not 600`;
  return isOwn(stat) ? undefined : foreign;
}

/** Of this user's; root also works in homes of others. */
const isOwn = ({ uid }: fs.Stats): boolean => process.geteuid?.() === uid || process.geteuid?.() === 0;

/** Whole from the moment it has its name, and the first of two that make it at once. */
function makeKey(keyFolder: string, file: string): void {
  const temporary = temporaryOf(file);
  try {
    fs.mkdirSync(keyFolder, { recursive: true, mode: 0o700 });
    fs.writeFileSync(temporary, `${randomBytes(keyBytes).toString("base64")}\n`, { mode: 0o600, flush: true });
    fs.linkSync(temporary, file);
  } catch (error) {
    if ((error as { code?: string }).code !== "EEXIST") throw diskFault(error);
  } finally {
    removeCutOff(temporary);
  }
}

const refused = (message: string, cause?: unknown): Fault => new Fault("socket.refused", message, { cause });

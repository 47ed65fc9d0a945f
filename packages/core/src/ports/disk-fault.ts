import { Fault } from "@mh/contract/values/fault.ts";

interface SystemError extends Error {
  code?: string;
  syscall?: string;
  path?: string;
  address?: string;
}

const full: ReadonlySet<string> = new Set([
  ...["ENOSPC", "EDQUOT", "EFBIG"],
  ...["SQLITE_FULL", "SQLITE_IOERR_SHMSIZE"],
]);

const keptOut: ReadonlySet<string> = new Set(["EROFS", "EACCES", "EPERM"]);

/** Where a path leads to what it should not: what stands there, and what to do about it. */
const inTheWay: Readonly<Record<string, string>> = {
  EISDIR: "is a folder, and a file should be there. Move it away, and try again.",
  ENOTDIR: "leads over something that is no folder. Move that away, or name another path.",
  ELOOP: "is a link that leads in a circle. Remove the link, or name another path.",
  ENAMETOOLONG: "is longer than a path may be. Use a shorter one.",
  ENXIO: "is a pipe or a device, and not a file. Put a file in its place, or name another path.",
  ENODEV: "is a device without a driver. Put a file in its place, or name another path.",
  ENOENT: "is not there, or the folder for it is not. Make it, or name another path.",
  EADDRINUSE: "is there already. Remove it, and try again.",
  EEXIST: "is there already. Move it away, or name another path.",
  ENOTEMPTY: "is a folder with something in it. Move it away, or name another path.",
  EXDEV: "lies on another disk than where it is to go. Copy it there by hand.",
  ETXTBSY: "is a program that runs. End it, and try again.",
  EBUSY: "is in use by the system. Try again later.",
};

const tooMany: ReadonlySet<string> = new Set(["EMFILE", "ENFILE"]);
/** Calls about files: what others say, as of a network, is none of the disk's. */
const fileCalls =
  /^(?:access|chmod|chown|close|copyfile|cp|fchmod|fchown|fdatasync|fstat|fsync|ftruncate|futime|lchown|link|lstat|mkdir|mkdtemp|open|opendir|readdir|readlink|realpath|rename|rm|rmdir|scandir|stat|statfs|statx|symlink|truncate|unlink|utime)$/;
const bytesCalls = /^(?:read|write)$/;

/** Whether the system or SQLite says this of files; an end of a connection is no such thing. */
export function isDiskError(error: unknown): error is Error {
  if (!(error instanceof Error)) return false;
  const { code, syscall = "" } = error as SystemError;
  if (typeof code !== "string") return false;
  if (/^SQLITE_(?:FULL|IOERR|CANTOPEN|READONLY|PERM|NOLFS|AUTH)/.test(code)) return true;
  if (bytesCalls.test(syscall)) return !/^E(?:PIPE|CONN|TIMEDOUT|NET|HOST)/.test(code);
  return fileCalls.test(syscall) || (syscall === "listen" && placeOf(error) !== undefined);
}

/** The path that an error names, that of a socket among them. */
function placeOf({ path, address }: SystemError): string | undefined {
  return path ?? (address?.startsWith("/") ? address : undefined);
}

/** The fault where an error says that the disk is full, SQLite's among them. */
export function fullFault(error: unknown): Fault | undefined {
  const fault = diskFault(error);
  return fault.code === "disk.full" ? fault : undefined;
}

/** Says what the disk said, as an end that a person can act on. `place`: what it was said of, where the error does not say. */
export function diskFault(error: unknown, place?: string): Fault {
  if (error instanceof Fault) return error;
  const { code = "", syscall, message = String(error) } = error as SystemError;
  const path = placeOf(error as SystemError) ?? place;
  const cause = { cause: error };
  if (full.has(code)) {
    return new Fault("disk.full", "The disk is full. Nothing was written; make room and try again.", cause);
  }
  // On a read-only disk Node says of folders made in one go that there is none.
  if (keptOut.has(code) || code.startsWith("SQLITE_READONLY") || (code === "ENOENT" && syscall === "mkdir")) {
    const what = path
      ? `${path} may not be opened or changed by this user, or its disk`
      : "The home cannot be written to, or its disk";
    return new Fault("home.read-only", `${what} is read-only. Check its owner and mount, or use --home.`, cause);
  }
  if (tooMany.has(code)) {
    return new Fault(
      "disk.failed",
      "Too many files are open on this machine. Close some programs, and try again.",
      cause,
    );
  }
  const wrong = inTheWay[code];
  if (path && wrong) return new Fault("disk.failed", `${path} ${wrong}`, cause);
  const said = withoutCode(message);
  const where = path && !said.includes(path) ? `, ${path}` : "";
  return new Fault("disk.failed", `The disk failed: ${said}${where}. Look after it, and try again.`, cause);
}

/** What was asked for is there to see, and whether the disk has it for good cannot be said: a power cut may take it back. */
export class LastingNotKnown extends Fault {
  constructor(file: string, done: "written" | "removed", error: unknown) {
    const { code, message } = diskFault(error);
    // Of a full disk it says that nothing was written.
    const why = code === "disk.full" ? "The disk is full." : message;
    super(code, `${file} is ${done}, and whether it stays so after a power cut is not known. ${why}`, { cause: error });
  }
}

/** What an error of the system says, without the code that only a program reads. */
export const withoutCode = (message: string): string =>
  message.replace(/^(?:\w+ )?E[A-Z0-9]+: |^, Unknown error: /, "");

import * as fs from "node:fs";
import * as path from "node:path";
import { isInside } from "@mh/core/model/scope.ts";
import type { Job, Place } from "@mh/core/ports/executor.ts";
import { realOf } from "../places.ts";

/**
 * The Seatbelt profile of a job on macOS: the text that `sandbox-exec -p` takes. Everything is denied that is not
 * allowed here, and the last rule that matches decides, so that what is hidden comes last.
 *
 * Seatbelt keeps no names apart: a path inside is the path outside, with its links resolved, because that is what the
 * kernel compares. It cannot see a tree of processes either. Processes that a job starts could leave the tree that is
 * watched, so that a job on macOS starts none, whatever its limits say. `scratch` is a folder of its own, the only one
 * that it may write unless it was given another.
 */
export function seatbeltProfile({ program, view }: Job, scratch: string): string {
  const executable = realOf(program);
  const given = view.places.map((place) => realOf(place.from));
  const writable = [scratch, ...view.places.filter(isWritable).map((place) => realOf(place.from))];
  const read = [...(view.base === "system" ? systemFolders : []), ...given, ...writable].map(subpath);
  const above = [executable, ...given, ...writable, ...view.places.map((place) => place.from), program];
  const hidden = (view.hidden ?? []).map(realOf).filter((each) => shown.some((folder) => isInside(folder, each)));
  const lost = [executable, ...given, ...writable].find((file) => hidden.some((folder) => isInside(folder, file)));
  if (lost !== undefined) throw new Error(`${lost} is given to a job, and lies in a folder that is hidden from it.`);
  return [
    "(version 1)",
    "(deny default)",
    ...loading(executable, view.base === "system"),
    rule("allow", "file-read*", [...read, literal(executable)]),
    rule("allow", "file-read-metadata", ancestors(above).map(literal)),
    rule("allow", fileChanges, writable.map(subpath)),
    // A socket or a FIFO in a folder that others see would be a way to them.
    rule("deny", "file-write-create", ["(vnode-type SOCKET)", "(vnode-type FIFO)", ...devices]),
    ...hidden.map((folder) => rule("deny", "file*", [subpath(folder)])),
    "",
  ].join("\n");
}

const isWritable = ({ isWritable = false }: Place): boolean => isWritable;

/** What the base shows, beside the devices that every program needs. */
const shown = ["/usr", "/bin", "/sbin", "/System/Library", "/System/Volumes/Preboot/Cryptexes"];
const systemFolders = ["/usr", "/bin", "/sbin", "/private/var/select"];
const devices = ["(vnode-type BLOCK-DEVICE)", "(vnode-type CHARACTER-DEVICE)"];
const fileChanges = [
  ...["file-write-create", "file-write-data", "file-write-mode", "file-write-times"],
  ...["file-write-unlink", "file-write-xattr"],
].join(" ");

/**
 * What every program needs to be loaded. The loader reads the root folder itself since macOS 26, and its cache of
 * libraries beside the system. No Mach service is among it: keychain, pasteboard, launchd and Apple events are reached
 * by these. Of sysctl the names that tell of the machine, none that tells of other processes (kern.procargs2).
 */
function loading(executable: string, isSystem: boolean): string[] {
  const libraries = ["/usr/lib", "/System/Library", "/System/Volumes/Preboot/Cryptexes"].map(subpath);
  const executables = isSystem ? ["/usr/bin", "/usr/sbin", "/usr/libexec", "/bin", "/sbin"].map(subpath) : [];
  return [
    rule("allow", "process-exec", [...executables, literal(executable)]),
    rule("allow", "process-info*", ["(target self)"]),
    rule("allow", "signal", ["(target self)"]),
    rule("allow", "sysctl-read", [
      ...["hw.", "machdep.cpu.", "kern.os"].map((each) => `(sysctl-name-prefix ${quoted(each)})`),
      ...["kern.version", "kern.hostname", "kern.argmax", "kern.maxfilesperproc", "vm.loadavg"].map(sysctl),
    ]),
    // V8 makes code as it runs; where this macOS has a rule of its own for that.
    "(when (defined? 'dynamic-code-generation) (allow dynamic-code-generation))",
    rule("allow", "file-read*", [
      ...[literal("/"), ...libraries, subpath("/private/var/db/timezone"), literal("/private/etc/localtime")],
      ...["/dev/null", "/dev/zero", "/dev/random", "/dev/urandom"].map(literal),
    ]),
    rule("allow", "file-map-executable", [...libraries, ...executables, literal(executable)]),
    rule("allow", "file-write-data", [literal("/dev/null")]),
  ];
}

const rule = (action: "allow" | "deny", operations: string, filters: readonly string[]): string =>
  `(${action} ${operations}${filters.map((filter) => `\n  ${filter}`).join("")})`;

const literal = (file: string): string => `(literal ${quoted(file)})`;
const subpath = (folder: string): string => `(subpath ${quoted(folder)})`;
const sysctl = (name: string): string => `(sysctl-name ${quoted(name)})`;

/** A string of SBPL. What could end it, or is no character of a path, is refused and not guessed at. */
function quoted(text: string): string {
  if (/\p{Cc}/u.test(text))
    throw new Error(`A sandbox takes no path with a control character: ${JSON.stringify(text)}.`);
  return `"${text.replace(/[\\"]/g, "\\$&")}"`;
}

/** Every folder above the given files, so that a path can be resolved: that they are there is seen, not what is in them. */
function ancestors(files: readonly string[]): string[] {
  const found = new Set<string>();
  for (const file of files) {
    for (let at = path.dirname(file); at !== "/" && !found.has(at); at = path.dirname(at)) found.add(at);
    if (fs.lstatSync(file, { throwIfNoEntry: false })?.isSymbolicLink()) found.add(file);
  }
  return [...found].toSorted();
}

import { createHash, randomUUID } from "node:crypto";
import { constants, promises as fs } from "node:fs";
import * as path from "node:path";
import type { FolderEntry } from "@mh/contract/disk.ts";
import { Fault } from "@mh/contract/values/fault.ts";
import { changedPin } from "@mh/core/kernel/pins.ts";
import type { Disk } from "@mh/core/ports/disk.ts";
import { diskFault } from "@mh/core/ports/disk-fault.ts";
import { refuseBelowClosed } from "./closed-folder.ts";

/** Files of this machine outside the home. */
export function nodeDisk(closed: readonly string[]): Disk {
  const told = <T>(place: string, work: () => Promise<T>) =>
    work().catch((error: unknown) => Promise.reject(faultOf(error, place)));
  return {
    closed,
    list: (folder, entriesMax) => told(folder, () => list(folder, closed, entriesMax)),
    read: (file, bytesMax) => told(file, () => read(file, closed, bytesMax)),
    write: (file, bytes, options) => told(file, () => write(file, closed, bytes, options)),
  };
}

/**
 * A folder held open. Names below `at` are looked up in this very folder, wherever its path leads by then: Node has no
 * openat, and the name that Linux gives an open descriptor does the same.
 */
interface Held extends AsyncDisposable {
  at: string;
  sync(): Promise<void>;
}

const { O_RDONLY, O_WRONLY, O_CREAT, O_EXCL, O_DIRECTORY, O_NOFOLLOW, O_NONBLOCK } = constants;

/** Opens a folder, and looks afterwards at what was opened: its own path must be the one that was judged. */
export async function holdFolder(folder: string, closed: readonly string[]): Promise<Held> {
  if (process.platform !== "linux")
    throw new Fault("disk.failed", `Files outside the home cannot be opened safely on ${process.platform} yet.`);
  const handle = await fs.open(folder, O_RDONLY | O_DIRECTORY | O_NOFOLLOW).catch((error: unknown) => {
    throw faultOf(error, folder);
  });
  const at = `/proc/self/fd/${handle.fd}`;
  try {
    const real = await fs.readlink(at);
    if (real !== folder) throw new Fault("args.invalid", `${folder} is really ${real}, and links are not followed.`);
    refuseBelowClosed(at, real, closed, folder);
  } catch (error) {
    await handle.close();
    throw error;
  }
  return { at, sync: () => handle.sync(), [Symbol.asyncDispose]: () => handle.close() };
}

async function list(folder: string, closed: readonly string[], entriesMax: number) {
  await using held = await holdFolder(folder, closed);
  const names = (await fs.readdir(held.at)).sort();
  const entries = await Promise.all(names.slice(0, entriesMax).map((name) => entryOf(held, name)));
  return { entries: entries.filter((entry) => entry !== undefined), isCut: names.length > entriesMax };
}

async function entryOf(held: Held, name: string): Promise<FolderEntry | undefined> {
  const stats = await fs.lstat(`${held.at}/${name}`).catch(() => undefined);
  if (!stats) return undefined;
  const kind = stats.isFile() ? "file" : stats.isDirectory() ? "folder" : stats.isSymbolicLink() ? "link" : "other";
  return { name, kind, bytes: stats.size, changedAt: stats.mtime.toISOString() };
}

async function read(file: string, closed: readonly string[], bytesMax: number): Promise<Uint8Array> {
  await using held = await holdFolder(path.dirname(file), closed);
  // A pipe that nobody writes to would wait for ever.
  await using handle = await fs.open(`${held.at}/${path.basename(file)}`, O_RDONLY | O_NOFOLLOW | O_NONBLOCK);
  if (!(await handle.stat()).isFile()) throw new Fault("args.invalid", `${file} is not a file.`);
  const chunks: Buffer[] = [];
  for (let size = 0; ; ) {
    const { bytesRead, buffer } = await handle.read({ buffer: Buffer.alloc(65_536) });
    if (bytesRead === 0) return Buffer.concat(chunks);
    size += bytesRead;
    if (size > bytesMax) throw new Fault("args.invalid", `${file} is longer than ${bytesMax} bytes.`);
    chunks.push(buffer.subarray(0, bytesRead));
  }
}

async function write(
  file: string,
  closed: readonly string[],
  bytes: Uint8Array,
  { replace, expected }: { replace: boolean; expected?: string },
): Promise<void> {
  await using held = await holdFolder(path.dirname(file), closed);
  const target = `${held.at}/${path.basename(file)}`;
  const former = await fs.lstat(target).catch(() => undefined);
  if (former && !former.isFile()) throw new Fault("args.invalid", `${file} is there already and is not a file.`);
  const temporary = `${held.at}/.mh-${randomUUID()}.tmp`;
  try {
    await using handle = await fs.open(temporary, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW, 0o600);
    if (former) await handle.chmod(former.mode & 0o777);
    await handle.writeFile(bytes);
    await handle.sync();
    if (expected !== undefined && (await hashOf(target)) !== expected) throw changedPin(file);
    // A link fails where the name is taken by now; a rename would replace what is there.
    await (replace ? fs.rename(temporary, target) : fs.link(temporary, target));
  } finally {
    await fs.rm(temporary, { force: true });
  }
  await held.sync();
}

/** SHA-256 of a file; `none` where there is none. */
async function hashOf(file: string): Promise<string> {
  if (!(await fs.lstat(file).catch(() => undefined))) return "none";
  const hash = createHash("sha256");
  await using handle = await fs.open(file, O_RDONLY | O_NOFOLLOW | O_NONBLOCK);
  for await (const chunk of handle.createReadStream({ autoClose: false })) hash.update(chunk as Buffer);
  return hash.digest("hex");
}

function faultOf(error: unknown, place: string): Fault {
  const { code = "" } = error as { code?: string };
  const because = (fault: Fault["code"], message: string) => new Fault(fault, message, { cause: error });
  if (error instanceof Fault) return error;
  if (code === "ENOENT") return because("file.not-found", `There is no ${place}, or no folder for it.`);
  if (code === "EEXIST")
    return because("args.invalid", `${place} is there already. \`replace\` overwrites it for good.`);
  if (code === "ELOOP" || code === "ENOTDIR")
    return because("args.invalid", `${place} leads over something that is no folder. Links are not followed.`);
  if (["EACCES", "EPERM", "EROFS"].includes(code))
    return because("disk.failed", `The system does not let mh open ${place} (${code}).`);
  return diskFault(error);
}

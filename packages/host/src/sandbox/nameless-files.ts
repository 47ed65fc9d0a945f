import * as fs from "node:fs";
import { holderOf } from "./usage.ts";

/** Files without a name that some processes keep, each once; and whether they may keep others that nobody can look at. */
export async function namelessFiles(pids: readonly number[]): Promise<{ files: fs.Stats[]; hasHidden: boolean }> {
  const files = new Map<string, fs.Stats>();
  let hasHidden = false;
  for (const pid of pids) {
    // What has ended is closed to its own user as well, and holds nothing.
    const holder = holderOf(pid);
    if (holder === undefined) continue;
    const names = await fs.promises.readdir(`${holder}/fd`).catch((error: { code?: string }) => error.code);
    // A process that closes its own facts to its own user (PR_SET_DUMPABLE of prctl(2)) has something to hide.
    if (!Array.isArray(names)) hasHidden ||= names === "EACCES" && holderOf(pid) === holder;
    else
      for (const name of names) {
        const facts = await fs.promises.stat(`${holder}/fd/${name}`).catch(() => undefined);
        if (facts?.isFile() && facts.nlink === 0) files.set(`${facts.dev}:${facts.ino}`, facts);
        hasHidden ||= facts?.isSocket() === true && (await hasOnItsWay(holder, name));
      }
    hasHidden ||= await mapsNameless(holder);
  }
  return { files: [...files.values()], hasHidden };
}

/** A file that was sent to a socket, and that nobody has taken from there. */
async function hasOnItsWay(holder: string, descriptor: string): Promise<boolean> {
  return /^scm_fds:\s*[1-9]/m.test(await textOf(`${holder}/fdinfo/${descriptor}`));
}

/** A file stays as long as a part of it is mapped, open or not, and a part does not say how large the whole is. */
async function mapsNameless(holder: string): Promise<boolean> {
  const mapped = [...(await textOf(`${holder}/maps`)).matchAll(namelessArea)].map(([, device]) => device);
  if (mapped.length === 0) return false;
  const scratch = await Promise.all(["tmp", "dev/shm"].map((name) => deviceOf(`${holder}/root/${name}`)));
  return mapped.some((device) => !scratch.includes(device));
}

/** But memory that never had a name. */
const namelessArea = /^\S+ \S+ \S+ ([0-9a-f]+:[0-9a-f]+) \d+ +\/(?!dev\/zero |memfd:|SYSV).* \(deleted\)$/gm;

/** As maps writes it: the parts of glibc's dev_t, makedev(3). */
async function deviceOf(folder: string): Promise<string | undefined> {
  const { dev } = (await fs.promises.stat(folder, { bigint: true }).catch(() => undefined)) ?? {};
  if (dev === undefined) return undefined;
  const [major, minor] = [(dev >> 8n) & 0xfffn, (dev & 0xffn) | ((dev >> 12n) & 0xffff00n)];
  return [major, minor].map((part) => part.toString(16).padStart(2, "0")).join(":");
}

/** Empty where it ended meanwhile. */
const textOf = (file: string): Promise<string> => fs.promises.readFile(file, "latin1").catch(() => "");

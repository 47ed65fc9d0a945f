import * as crypto from "node:crypto";
import * as fs from "node:fs";
import * as path from "node:path";
import { Fault } from "@mh/contract/values/fault.ts";
import { refuseClosed } from "@mh/core/disk/outside-path.ts";
import { decodeLossy } from "@mh/core/ports/bytes.ts";
import { diskFault } from "@mh/core/ports/disk-fault.ts";
import type { OpenArchive } from "@mh/core/self/archive.ts";
import { type ArchiveEntry, manifestName, openManifest, unreadable } from "@mh/core/self/manifest.ts";
import { nodeCrypto } from "../adapters/node-crypto.ts";
import { nodeFiles } from "../adapters/node-files.ts";
import type { ClosedPlaces } from "../home/closed-places.ts";
import { type ZipEntry, zipEntries } from "../import/zip.ts";

const manifestBytesMax = 256_000_000;

interface Where {
  /** Folder of this machine's in which archives are laid out while they are read. */
  folder: string;
  closed: Pick<ClosedPlaces, "toOwner">;
  pause: () => Promise<void>;
}

/**
 * Lays an archive out in a folder of its own, each file compared with the hash that was signed: what is looked at afterwards
 * is what was checked, whatever becomes of the archive.
 */
export function openArchivesIn({ folder, closed, pause }: Where): OpenArchive {
  return async (file, onProgress) => {
    if (!fs.statSync(file, { throwIfNoEntry: false })?.isFile())
      throw new Fault("self.unreadable", `There is no archive ${file}. \`mh self export\` makes one.`);
    for (const each of new Set([file, fs.realpathSync(file)])) refuseClosed("self", "path", each, closed.toOwner());
    const zipped = new Map(entriesOf(file).map((entry) => [entry.name, entry]));
    const manifest = openManifest(nodeCrypto, decodeLossy(wholeOf(zipped.get(manifestName))));
    const stage = path.join(folder, nodeCrypto.id());
    const dispose = () => fs.rmSync(stage, { recursive: true, force: true });
    try {
      const total = manifest.entries.reduce((sum, { bytes }) => sum + bytes, 0);
      let done = 0;
      for (const entry of manifest.entries) {
        for (const size of layOut(stage, entry, zipped.get(entry.path))) {
          await pause();
          done += size;
          onProgress(done, total);
        }
      }
    } catch (error) {
      dispose();
      throw error instanceof Fault && error.code === "import.unreadable" ? unreadable(error.message) : diskFault(error);
    }
    return {
      manifest,
      files: nodeFiles(stage),
      [Symbol.dispose]: dispose,
    };
  };
}

function entriesOf(file: string): ZipEntry[] {
  try {
    return zipEntries(file);
  } catch (error) {
    if (error instanceof Fault && error.code === "import.unreadable") throw unreadable("it is no whole zip");
    throw error;
  }
}

function wholeOf(entry: ZipEntry | undefined): Buffer {
  if (!entry) throw unreadable("it has no manifest: it is no archive of mh's, or was cut off");
  const chunks: Uint8Array[] = [];
  let size = 0;
  for (const chunk of entry.open()) {
    size += chunk.length;
    if (size > manifestBytesMax) throw unreadable("its manifest is larger than any");
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
}

/** Writes a file of it, giving how much at a time. Throws `self.unreadable` where it is not what was signed. */
function* layOut(stage: string, { path: name, bytes, sha256 }: ArchiveEntry, zipped: ZipEntry | undefined) {
  if (!zipped) throw unreadable(`it lacks ${name}`);
  const target = path.join(stage, name);
  fs.mkdirSync(path.dirname(target), { recursive: true, mode: 0o700 });
  const fd = fs.openSync(target, "wx", 0o600);
  const sum = crypto.createHash("sha256");
  let size = 0;
  try {
    for (const chunk of zipped.open()) {
      size += chunk.length;
      if (size > bytes) break;
      sum.update(chunk);
      fs.writeFileSync(fd, chunk);
      yield chunk.length;
    }
  } finally {
    fs.closeSync(fd);
  }
  if (size !== bytes || sum.digest("hex") !== sha256) throw unreadable(`${name} is not what was signed`);
}

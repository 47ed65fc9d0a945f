import * as crypto from "node:crypto";
import * as fs from "node:fs";
import * as path from "node:path";
import { Fault } from "@mh/contract/values/fault.ts";
import { refuseClosed } from "@mh/core/disk/outside-path.ts";
import { diskFault } from "@mh/core/ports/disk-fault.ts";
import type { ArchiveWriter } from "@mh/core/self/archive.ts";
import { Zip, ZipDeflate } from "fflate";
import { cutOffName, sweepCutOff } from "../adapters/cut-off-writes.ts";
import { putNewFile } from "../adapters/new-file.ts";
import type { ClosedPlaces } from "../home/closed-places.ts";

/** Where the directory of a zip can still point to (APPNOTE.TXT §4.3.16). */
const bytesMax = 0xffff_ffff;

/** Writes archives as zips, which can be looked into without mh. */
export function archivesIn(closed: Pick<ClosedPlaces, "toSkills">): (file: string) => ArchiveWriter {
  return (file) => {
    const folder = path.dirname(file);
    if (!fs.statSync(folder, { throwIfNoEntry: false })?.isDirectory())
      throw new Fault("args.invalid", `There is no folder ${folder}. Make it, or name another one.`);
    const real = path.join(fs.realpathSync(folder), path.basename(file));
    for (const each of new Set([file, real])) refuseClosed("self.export", "path", each, closed.toSkills());
    // A link that leads nowhere is there, too.
    if (fs.lstatSync(real, { throwIfNoEntry: false }))
      throw new Fault("args.invalid", `${file} is there already, and stays as it is. Name a new file.`);
    return new ZipWriter(real);
  };
}

class ZipWriter implements ArchiveWriter {
  readonly #file: string;
  readonly #temporary: string;
  readonly #zip: Zip;
  #fd: number | undefined;
  #size = 0;

  constructor(file: string) {
    this.#file = file;
    this.#temporary = cutOffName(file);
    try {
      sweepCutOff(path.dirname(file), (name) => name === path.basename(file));
      this.#fd = fs.openSync(this.#temporary, "wx", 0o600);
    } catch (error) {
      throw diskFault(error);
    }
    this.#zip = new Zip((error, chunk) => {
      if (error) throw error;
      this.#write(chunk);
    });
  }

  async add(name: string, chunks: AsyncIterable<Uint8Array> | Iterable<Uint8Array>) {
    const entry = new ZipDeflate(name, { level: 6 });
    this.#zip.add(entry);
    const sum = crypto.createHash("sha256");
    let bytes = 0;
    for await (const chunk of chunks) {
      sum.update(chunk);
      bytes += chunk.length;
      // A copy: what is handed over may be kept until the block is full.
      entry.push(Uint8Array.from(chunk));
    }
    entry.push(new Uint8Array(), true);
    return { bytes, sha256: sum.digest("hex") };
  }

  async finish(): Promise<number> {
    this.#zip.end();
    const fd = this.#fd as number;
    try {
      fs.fsyncSync(fd);
      fs.closeSync(fd);
      this.#fd = undefined;
      putNewFile(this.#temporary, this.#file);
      return this.#size;
    } catch (error) {
      throw diskFault(error);
    }
  }

  #write(chunk: Uint8Array): void {
    this.#size += chunk.length;
    if (this.#size > bytesMax) throw new Fault("disk.failed", "The archive would be larger than 4 GB; none was made.");
    try {
      for (let at = 0; at < chunk.length; ) at += fs.writeSync(this.#fd as number, chunk, at);
    } catch (error) {
      throw diskFault(error);
    }
  }

  [Symbol.dispose](): void {
    if (this.#fd !== undefined) fs.closeSync(this.#fd);
    fs.rmSync(this.#temporary, { force: true });
  }
}

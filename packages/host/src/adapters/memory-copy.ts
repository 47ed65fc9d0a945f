import * as fs from "node:fs";
import * as os from "node:os";
import * as path from "node:path";

/** A database in a folder of this process alone, in memory where the system has such a place. */
export interface MemoryCopy {
  readonly file: string;
  /** Connections that are open stay so, and a killed process leaves nothing: call it once they are. */
  drop(): void;
}

/** What is written to it takes room as well. */
const sparedBytes = 16 * 2 ** 20;

/** Copies a database with what goes with it; undefined where there is no room for it. */
export function copyToMemory(file: string, endings: readonly string[]): MemoryCopy | undefined {
  const parts = endings.filter((ending) => fs.existsSync(file + ending));
  const sizeBytes = parts.reduce((sum, ending) => sum + fs.statSync(file + ending).size, 0);
  for (const place of ["/dev/shm", os.tmpdir()]) {
    let folder: string | undefined;
    try {
      const { bavail, bsize } = fs.statfsSync(place);
      if (bavail * bsize < 2 * sizeBytes + sparedBytes) continue;
      folder = fs.mkdtempSync(path.join(place, "mh-look-"));
      const copy = path.join(folder, path.basename(file));
      for (const ending of parts) fs.copyFileSync(file + ending, copy + ending);
      const made = folder;
      return { file: copy, drop: () => fs.rmSync(made, { recursive: true, force: true }) };
    } catch {
      // It is not there, not ours or full after all: the next one.
      if (folder) fs.rmSync(folder, { recursive: true, force: true });
    }
  }
  return undefined;
}

import { promises as fs } from "node:fs";
import * as path from "node:path";
import { changedPin, comparePins } from "@mh/core/kernel/pins.ts";
import type { Place } from "@mh/core/ports/executor.ts";
import type { ProgramRun } from "@mh/core/ports/programs.ts";
import { bytesOf, pinFiles, sha256 } from "./named-files.ts";
import { placeOf } from "./place-of.ts";

interface Copy extends AsyncDisposable {
  place: Place;
}

/**
 * A copy of the first text that an approved command names, checked, to be laid over it for reading: what is written into
 * the file from elsewhere while the program starts or runs, it does not see. `at` is the folder, held open, and the copy
 * lies in a folder that is closed to programs. Throws `approval.changed`.
 */
export async function heldScript(run: ProgramRun, at: string, scratch: string): Promise<Copy | undefined> {
  const { folder, approved } = run;
  if (folder === undefined || !approved?.holdsFirst) return undefined;
  const [pin] = approved.pins.filter(
    ({ bytes, shows, argument }) => bytes !== undefined && shows !== undefined && argument !== "argv[0]",
  );
  if (!pin) return undefined;
  const place = await placeOf(folder, at, pin.what);
  if (!place || "leadsTo" in place) throw changedPin(pin.what);
  const bytes = await bytesOf(place.at);
  if (!bytes || sha256(bytes) !== pin.hash) throw changedPin(pin.what);
  await fs.mkdir(scratch, { recursive: true, mode: 0o700 });
  const own = await fs.mkdtemp(path.join(scratch, "approved-"));
  const file = path.join(own, "file");
  const { mode } = await fs.stat(place.at);
  await fs.writeFile(file, bytes, { mode: mode & 0o555 });
  return {
    place: { from: file, at: place.path, judged: file },
    [Symbol.asyncDispose]: () => fs.rm(own, { recursive: true, force: true }),
  };
}

/** Compares what an approved command names with what its program is going to see. Throws `approval.changed`. */
export async function comparedInside({ folder, approved }: ProgramRun, root: string): Promise<void> {
  if (folder === undefined || !approved) return;
  const { pins } = await pinFiles(approved.named, folder, path.join(root, folder));
  comparePins(approved.pins, pins);
}

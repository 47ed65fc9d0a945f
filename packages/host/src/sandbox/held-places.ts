import { constants, type Stats } from "node:fs";
import * as fs from "node:fs/promises";
import * as path from "node:path";
import { Fault } from "@mh/contract/values/fault.ts";
import type { Place, View } from "@mh/core/ports/executor.ts";
import { refuseAroundClosed, refuseBelowClosed } from "../adapters/closed-folder.ts";
import { refuseDoors } from "./doors.ts";

/** Opens a name and not what it stands for, whatever the permissions; see open(2). Node does not name it. */
const O_PATH = 0o10000000;

/** A place, and the very thing that is to stand there, held open: its number is no other's as long as that lasts. */
interface Held {
  place: Place;
  /** A name of it that no exchange changes. */
  at: string;
}

/**
 * The places of one job, held open from before its sandbox is made. bubblewrap finds them by name, and the name may lead
 * elsewhere by then: `exchanged` is asked once all stands.
 */
export interface HeldPlaces extends AsyncDisposable {
  /** The first place in which something else stands below that root. */
  exchanged(root: string): Promise<Place | undefined>;
}

/**
 * Opens every place of a job and looks afterwards at what was opened. Throws where its path leads over a link, where it is,
 * or holds, what is hidden from the job, and where it has a way out of the sandbox.
 */
export async function holdPlaces(places: readonly Place[], view: View, isOver: () => boolean): Promise<HeldPlaces> {
  const open: AsyncDisposable[] = [];
  const close = async () => {
    for (const each of open) await each[Symbol.asyncDispose]();
  };
  const held: Held[] = [];
  try {
    for (const place of places) {
      const at = place.judged ?? (await hold(place.from, open));
      held.push({ place, at });
      const stats = await fs.stat(at).catch(() => undefined);
      if (stats && place.judged === undefined) await refuseUnfit(place, view, at, stats, isOver);
    }
  } catch (error) {
    await close();
    throw error;
  }
  return {
    async exchanged(root) {
      for (const { place, at } of held) if (!(await isSame(path.join(root, place.at ?? place.from), at))) return place;
      return undefined;
    },
    [Symbol.asyncDispose]: close,
  };
}

async function hold(place: string, open: AsyncDisposable[]): Promise<string> {
  const handle = await fs.open(place, O_PATH | constants.O_NOFOLLOW).catch((cause: unknown) => {
    throw new Fault("file.not-found", `There is no ${place}, or the system does not let mh see it.`, { cause });
  });
  open.push({ [Symbol.asyncDispose]: () => handle.close() });
  const at = `/proc/self/fd/${handle.fd}`;
  const real = await fs.readlink(at);
  const isLink = (await handle.stat()).isSymbolicLink();
  if (isLink || real !== place) {
    const leads = isLink ? await fs.realpath(place).catch(() => "gone") : real;
    throw new Fault("args.invalid", `${place} is really ${leads}, and links are not followed. Name that one.`);
  }
  return at;
}

/** Refuses a place that is, or holds, what is hidden from the job, or that leads out of its sandbox. */
export async function refuseUnfit(
  { from }: Place,
  { hidden = [], folder }: View,
  at: string,
  stats: Stats,
  isOver: () => boolean,
): Promise<void> {
  if (from === folder && !stats.isDirectory()) throw new Fault("args.invalid", `${from} is no folder.`);
  if (hidden.length > 0) {
    const isFolder = stats.isDirectory();
    refuseBelowClosed(isFolder ? at : path.dirname(from), isFolder ? from : path.dirname(from), hidden, from);
    refuseAroundClosed(from, hidden, from);
  }
  await refuseDoors(from, at, stats, isOver);
}

async function isSame(one: string, other: string): Promise<boolean> {
  const [a, b] = await Promise.all([one, other].map((name) => fs.stat(name).catch(() => undefined)));
  return a !== undefined && a.dev === b?.dev && a.ino === b.ino;
}

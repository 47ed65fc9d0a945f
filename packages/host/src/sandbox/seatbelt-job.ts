import * as fs from "node:fs";
import * as os from "node:os";
import * as path from "node:path";
import { Fault } from "@mh/contract/values/fault.ts";
import type { Job, Place, View } from "@mh/core/ports/executor.ts";
import { nodeInside } from "./bubblewrap.ts";
import { refuseUnfit } from "./held-places.ts";
import { seatbeltProfile } from "./seatbelt.ts";

/** Comes with macOS. Its manual calls it deprecated; the system's own services are kept apart by the same mechanism. */
export const sandboxExec = "/usr/bin/sandbox-exec";

/** A job as it starts on macOS. Dispose of it when it has ended: its scratch folder goes with it. */
export interface SeatbeltCall extends AsyncDisposable {
  args: string[];
  environment: Record<string, string>;
  /** Where it begins. */
  folder: string;
}

/**
 * Makes a job ready for `sandbox-exec`: looks at its places, makes its scratch folder, and names everything by its path
 * outside, because Seatbelt keeps no names apart. Throws as `refuseUnfitJob` does.
 */
export async function seatbeltCall(job: Job, isOver: () => boolean): Promise<SeatbeltCall> {
  const { environment = {} } = job;
  await refuseUnfitJob(job, isOver);
  const scratch = fs.realpathSync(fs.mkdtempSync(path.join(os.tmpdir(), "mh-job-")));
  const named: Job = { ...job, ...outsideOf(job, scratch) };
  return {
    args: ["-p", seatbeltProfile(named, scratch), named.program, ...named.args],
    environment: { PATH: "/usr/bin:/bin:/usr/sbin:/sbin", HOME: scratch, TMPDIR: scratch, ...environment },
    folder: named.view.folder,
    async [Symbol.asyncDispose]() {
      await fs.promises.rm(scratch, { recursive: true, force: true });
    },
  };
}

/**
 * Throws for a job that was granted hosts, whose relay would be a second process, and where a place is not what its name says,
 * is or holds what is hidden, or leads out of the sandbox.
 */
export async function refuseUnfitJob({ view, hosts = [] }: Job, isOver: () => boolean): Promise<void> {
  if (hosts.length > 0)
    throw new Fault("sandbox.missing", "On macOS nothing that reaches hosts runs in a sandbox. Leave `network` empty.");
  for (const place of view.places) await checkPlace(place, view, isOver);
}

/** What stands there now. It is compared by name and not held: the profile allows the path without links, and no other. */
async function checkPlace(place: Place, view: View, isOver: () => boolean): Promise<void> {
  const { from, judged } = place;
  const stats = await fs.promises.lstat(from).catch((cause: unknown) => {
    throw new Fault("file.not-found", `There is no ${from}, or the system does not let mh see it.`, { cause });
  });
  if (judged !== undefined) return;
  const real = await fs.promises.realpath(from);
  if (real !== from)
    throw new Fault("args.invalid", `${from} is really ${real}, and links are not followed. Name that one.`);
  await refuseUnfit(place, view, from, stats, isOver);
}

/** mh's own jobs are named by their paths inside; a program's arguments are its own, and stay. */
function outsideOf({ program, args, view }: Job, scratch: string): Pick<Job, "program" | "args" | "view"> {
  const known = [
    [nodeInside, process.execPath] as const,
    ...view.places.map(({ from, at = from }) => [at, from] as const),
  ];
  const outside = (word: string): string => {
    const [, option = "", file = ""] = /^(--[\w-]+=)?(.*)$/s.exec(word) ?? [];
    const [inside, place] = known.find(([each]) => file === each || file.startsWith(`${each}/`)) ?? [];
    return inside === undefined ? word : `${option}${place}${file.slice(inside.length)}`;
  };
  const folder = ["/mh", "/tmp"].includes(view.folder) ? scratch : view.folder;
  return view.base === "node"
    ? { program: outside(program), args: args.map(outside), view: { ...view, folder } }
    : { program, args, view: { ...view, folder } };
}

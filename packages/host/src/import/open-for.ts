import * as fs from "node:fs";
import { dirname } from "node:path";
import { Fault } from "@mh/contract/values/fault.ts";
import { isOwner } from "@mh/contract/values/principal.ts";
import { refuseClosed } from "@mh/core/disk/outside-path.ts";
import type { OpenSource } from "@mh/core/memory/import/source.ts";
import type { Clock } from "@mh/core/ports/clock.ts";
import type { Executor } from "@mh/core/ports/executor.ts";
import type { Timers } from "@mh/core/ports/timers.ts";
import { refuseAroundClosed, refuseBelowClosed } from "../adapters/closed-folder.ts";
import type { ClosedPlaces } from "../home/closed-places.ts";

interface OpenForDeps {
  clock: Clock;
  timers: Timers;
  executor: Executor;
  timeZone: () => string;
  closed: ClosedPlaces;
}

/** Opens what is to be imported, where its importer may look. Links are followed for the owner only. */
export function openFor({ clock, timers, executor, timeZone, closed }: OpenForDeps): OpenSource {
  return async (path, principal, options) => {
    const isOwners = isOwner(principal);
    const stat = fs.statSync(path, { throwIfNoEntry: false });
    const real = stat ? fs.realpathSync(path) : path;
    const shut = isOwners ? closed.toOwner() : closed.toSkills();
    for (const each of new Set([path, real])) refuseClosed("import", "path", each, shut);
    if (stat && !isOwners) {
      refuseBelowClosed(stat.isFile() ? dirname(real) : real, real, shut, path);
      if (stat.isDirectory()) refuseAroundClosed(real, shut, path);
    }
    // Reading a pipe or a device may have no end.
    if (stat && !stat.isFile() && !stat.isDirectory()) {
      throw new Fault("import.unreadable", `${path} is neither a file nor a folder.`);
    }
    if (!isOwners && real !== path) {
      throw new Fault("args.invalid", `${path} leads over a link, and links are not followed.`);
    }
    const [{ openSource }, { Parser }] = await Promise.all([
      import("./open-source.ts"),
      import("../sandbox/run-parser.ts"),
    ]);
    const parser = new Parser({ executor, timers, isOwners, signal: options.signal });
    return openSource(path, { timeZone: timeZone(), nowMs: clock.now(), parser, ...options });
  };
}

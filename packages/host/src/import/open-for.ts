import * as fs from "node:fs";
import { Fault } from "@mh/contract/values/fault.ts";
import { isOwner } from "@mh/contract/values/principal.ts";
import { refuseAround, refuseClosed } from "@mh/core/disk/outside-path.ts";
import type { OpenSource } from "@mh/core/memory/import/source.ts";

interface OpenForDeps {
  timeZone: () => string;
  /** Folders that nobody imports from, and those that only the owner does: mh's own, and the home's. */
  closed: { toAll: readonly string[]; toOthers: readonly string[] };
}

/** Opens what is to be imported where whoever imports it may look. Links are followed for the owner only. */
export function openFor({ timeZone, closed }: OpenForDeps): OpenSource {
  return async (path, principal, options) => {
    const isOwners = isOwner(principal);
    const stat = fs.statSync(path, { throwIfNoEntry: false });
    const real = stat ? fs.realpathSync(path) : path;
    for (const each of new Set([path, real])) {
      refuseClosed("import", "path", each, isOwners ? closed.toAll : [...closed.toAll, ...closed.toOthers]);
      if (!isOwners) refuseAround("import", "path", each, closed.toOthers);
    }
    // Reading a pipe or a device may have no end.
    if (stat && !stat.isFile() && !stat.isDirectory()) {
      throw new Fault("import.unreadable", `${path} is neither a file nor a folder.`);
    }
    if (!isOwners && real !== path) {
      throw new Fault("args.invalid", `${path} leads over a link, and links are not followed.`);
    }
    const { openSource } = await import("./open-source.ts");
    return openSource(path, { timeZone: timeZone(), ...options });
  };
}

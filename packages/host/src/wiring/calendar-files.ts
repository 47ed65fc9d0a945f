import * as fs from "node:fs";
import * as path from "node:path";
import { Fault } from "@mh/contract/values/fault.ts";
import type { CalendarFiles } from "@mh/core/calendar/read-source.ts";
import { refuseClosed } from "@mh/core/disk/outside-path.ts";
import type { Files } from "@mh/core/ports/files.ts";
import { readPlain } from "../adapters/plain-file.ts";
import type { ClosedPlaces } from "../home/closed-places.ts";
import { realOf } from "../places.ts";

const bytesMax = 10_000_000;

interface CalendarDeps {
  root: string;
  files: Files;
  /** No settings name a file of another home, or of the system's own. */
  closed: ClosedPlaces;
}

/** Calendar files as the settings name them: relative to the home, or anywhere on this machine, where they are only read. */
export function calendarFiles({ root, files, closed }: CalendarDeps): CalendarFiles {
  const pathOf = (file: string) => path.resolve(root, file);
  return {
    pathOf,
    read(file) {
      const at = pathOf(file);
      refuseClosed("calendar", "files", realOf(at), closed.toOwner());
      const size = sizeOf(at);
      if (size === undefined) return undefined;
      if (size > bytesMax) throw new Fault("calendar.failed", `${file} is larger than 10 MB. Split it.`);
      try {
        return readPlain(at);
      } catch (cause) {
        throw new Fault("calendar.failed", `${file} cannot be read. Check whose it is, and its path.`, { cause });
      }
    },
    replace(file, bytes) {
      const link = files.linkOn(file);
      if (link) throw new Fault("calendar.failed", `${link} is a link, and links are not written through.`);
      files.replace(file, bytes);
    },
  };
}

/** Of a plain file only: a pipe or a device would be read for ever. */
function sizeOf(at: string): number | undefined {
  const facts = fs.statSync(at, { throwIfNoEntry: false });
  return facts?.isFile() ? facts.size : undefined;
}

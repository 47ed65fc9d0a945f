import { Fault } from "@mh/contract/values/fault.ts";
import type { Classification } from "../kernel/skill.ts";
import type { Config } from "../model/config.ts";
import { type CalendarSource, calendarSettings } from "./settings.ts";

/** The calendar of that name, or all there are. */
export function chosenSources(config: Config, name: string | undefined): CalendarSource[] {
  const { sources } = calendarSettings.of(config);
  if (name === undefined) return sources;
  const found = sources.filter((source) => source.name === name);
  if (found.length > 0) return found;
  const names = sources.map((source) => source.name).join(", ") || "none";
  const waiting = "One that was written there by hand waits for `mh review`";
  throw new Fault("args.invalid", `There is no calendar ${name}. There are: ${names}. ${waiting}.`);
}

/** The calendar to write to: the one that is named, or the only one that can be written. */
export function writableSource(config: Config, name: string | undefined): CalendarSource {
  const chosen = chosenSources(config, name);
  const writable = chosen.filter(isWritable);
  const [only] = writable;
  if (only && writable.length === 1) return only;
  if (only) throw new Fault("args.invalid", `Say which calendar: ${writable.map((each) => each.name).join(", ")}.`);
  const what = name === undefined ? "No calendar can be written to" : `${name} can only be read`;
  throw new Fault(
    "args.invalid",
    `${what}. A CalDAV calendar, or a file in the home, can be written (mh help settings).`,
  );
}

/** Addresses and files outside the home are other people's to write. */
function isWritable({ caldav, file, readOnly }: CalendarSource): boolean {
  return !readOnly && (caldav !== undefined || (file !== undefined && !file.startsWith("/")));
}

/** What reading these calendars is, for the judge. */
export function looksInto(sources: readonly CalendarSource[]): Classification {
  const hosts = hostsOf(sources);
  return { effect: hosts.length > 0 ? "fetch" : "read", risk: "low", scope: hosts.length > 0 ? { hosts } : {} };
}

/** The host that a calendar is fetched from; none for a file. */
export function hostsOf(sources: readonly CalendarSource[]): string[] {
  const urls = sources.flatMap(({ url, caldav }) => url ?? caldav ?? []);
  return [...new Set(urls.map((url) => new URL(url).hostname.toLowerCase()))];
}

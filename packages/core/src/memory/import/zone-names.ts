import { isTimeZone, offsetMs } from "../../model/wall-clock.ts";
import { windowsZones } from "./windows-zones.ts";

// A map: a name in a file may also be that of something every object has.
const windows = new Map(Object.entries(windowsZones));

/** Whether it is a name that the machine knows. */
export const isIana = (name: string): boolean => name.length <= 100 && isTimeZone(name);

/** A name without quotes and escapes: what one program writes `Bern\, Rome`, another writes in quotes. */
export function unescaped(name: string): string {
  return name
    .trim()
    .replace(/^"(.*)"$/, "$1")
    .replace(/\\([\\,;])/g, "$1")
    .replace(/\s+/g, " ")
    .slice(0, 200);
}

/** The IANA name that a vendor's name for a zone means: Windows' names, by CLDR's table, and IANA names behind a prefix. */
export function zoneNamed(name: string): string | undefined {
  return windows.get(name.toLowerCase()) ?? behindPrefix(name) ?? labelled(name);
}

/** "/freeassociation.sourceforge.net/America/Argentina/Buenos_Aires", "tzone://Microsoft/Utc", and their like. */
function behindPrefix(name: string): string | undefined {
  const parts = name.split("/");
  if (parts.length < 2) return undefined;
  const tails = [3, 2, 1].filter((length) => length < parts.length).map((length) => parts.slice(-length).join("/"));
  const known = tails.find(isIana);
  return known ?? windows.get(parts.at(-1)?.toLowerCase() ?? "");
}

/** "(UTC-05:00) Eastern Time (US & Canada)", "(GMT+01:00) Amsterdam, Berlin, Bern": what Windows shows to people. */
function labelled(name: string): string | undefined {
  const [, label = ""] = /^\((?:UTC|GMT)[^)]*\)\s*(.+)$/i.exec(name) ?? [];
  if (label === "") return undefined;
  const offset = offsetOf(name) ?? 0;
  const opened = label.trimEnd().endsWith(")") ? label.indexOf("(") : -1;
  const bare = (opened < 0 ? label : label.slice(0, opened)).trim().toLowerCase();
  const names = [label.toLowerCase(), bare, bare.replace(/ time$/, "")];
  const byName = names.flatMap((each) => [windows.get(each), windows.get(`${each} standard time`)]);
  const cities = label.split(/[,/]/).map((city) => city.trim().replaceAll(" ", "_").toLowerCase());
  const byCity = cities.flatMap((city) => cityZones().get(city) ?? []);
  return [...byName, ...byCity].find((zone) => zone !== undefined && standardMinutes(zone) === offset);
}

let known: Map<string, string> | undefined;

/** IANA names by their last part. */
function cityZones(): Map<string, string> {
  known ??= new Map(
    Intl.supportedValuesOf("timeZone").map((zone) => [zone.split("/").at(-1)?.toLowerCase() ?? "", zone]),
  );
  return known;
}

/** The offset without daylight saving: the lesser one of a year. */
function standardMinutes(zone: string): number {
  const offsets = [0, 6].map((month) => offsetMs(Date.UTC(2024, month, 15), zone) / 60_000);
  return Math.min(...offsets);
}

/** Minutes ahead of UTC, of `GMT+0200`, `UTC-5`, `+02:00`, or of a label that begins with such. */
export function offsetOf(name: string): number | undefined {
  const [, sign, hours, minutes = "0"] =
    /^\(?(?:UTC|GMT)?\s*([+-])(\d{1,2}):?(\d{2})?(?:\)|$)/i.exec(name.replace("−", "-")) ?? [];
  if (sign === undefined) return /^\((?:UTC|GMT)\)/i.test(name) ? 0 : undefined;
  const total = Number(hours) * 60 + Number(minutes);
  return total > 14 * 60 || Number(minutes) > 59 ? undefined : (sign === "-" ? -1 : 1) * total;
}

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
  return windows.get(name.toLowerCase()) ?? behindPrefix(name) ?? labelled(name) ?? respelt(name);
}

/** "Eastern_Standard_Time", "America/New York", "US-Eastern": marks where others have spaces, or the other way round. */
function respelt(name: string): string | undefined {
  const spaced = windows.get(name.toLowerCase().replace(/[_\s]+/g, " "));
  const tries = [name.replaceAll(" ", "_"), name.replace(/^(US|Canada|Australia)-(?=[A-Z])/i, "$1/")];
  return spaced ?? tries.find((each) => each !== name && isIana(each)) ?? translated(name);
}

let inLanguages: Map<string, string> | undefined;

/** "Mitteleuropäische Zeit", "heure normale de l’Europe centrale": what a calendar in another language calls Windows' zones. */
function translated(name: string): string | undefined {
  inLanguages ??= namesInLanguages();
  return inLanguages.get(plainName(name));
}

const plainName = (name: string): string => name.toLowerCase().replace(/[’']/g, "'").replace(/\s+/g, " ").trim();

/** Where several zones share a name, the first of Windows' own. A name that two zones of other hours share is left out. */
function namesInLanguages(): Map<string, string> {
  const found = new Map<string, string>();
  const winter = Date.UTC(2024, 0, 15);
  const zones = [...new Set(windows.values())].filter((zone) => isIana(zone));
  for (const language of ["en", "de", "fr", "es", "it", "pt", "nl"])
    for (const timeZone of zones)
      for (const timeZoneName of ["longGeneric", "long"] as const) {
        const parts = new Intl.DateTimeFormat(language, { timeZone, timeZoneName }).formatToParts(winter);
        const said = plainName(parts.find(({ type }) => type === "timeZoneName")?.value ?? "");
        const known = found.get(said);
        if (said === "" || /\d/.test(said)) continue;
        if (known === undefined) found.set(said, timeZone);
        else if (known !== "" && standardMinutes(known) !== standardMinutes(timeZone)) found.set(said, "");
      }
  for (const [name, zone] of found) if (zone === "") found.delete(name);
  return found;
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
    /^\(?(?:UTC|GMT)?\s*([+-])(\d{1,2})[:.]?(\d{2})?(?:\)|$)/i.exec(name.replace("−", "-")) ?? [];
  if (sign === undefined) return /^\((?:UTC|GMT)\)/i.test(name) ? 0 : undefined;
  const total = Number(hours) * 60 + Number(minutes);
  return total > 14 * 60 || Number(minutes) > 59 ? undefined : (sign === "-" ? -1 : 1) * total;
}

// Writes the table of places that do not begin the week on Monday or write the month before the day, from the CLDR
// (weekData and windowsZones, package cldr-core, licence Unicode-3.0) and this Node's own formats:
//   node tools/places.ts
// Run it after an update of cldr-core; what changed is seen in the diff.
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { z } from "zod";

const root = join(import.meta.dirname, "..");
const read = (name: string) =>
  JSON.parse(readFileSync(join(root, `node_modules/cldr-core/supplemental/${name}.json`), "utf8"));
const zone = z.object({ mapZone: z.object({ _type: z.string(), _territory: z.string() }) });
const zonesSchema = z.object({ supplemental: z.object({ windowsZones: z.object({ mapTimezones: z.array(zone) }) }) });
const weekSchema = z.object({
  supplemental: z.object({
    version: z.object({ _cldrVersion: z.string() }),
    weekData: z.object({ firstDay: z.record(z.string(), z.string()) }),
  }),
});

const { version, weekData } = weekSchema.parse(read("weekData")).supplemental;
const { mapTimezones } = zonesSchema.parse(read("windowsZones")).supplemental.windowsZones;
const places = mapTimezones
  .map(({ mapZone }) => ({ territory: mapZone._territory, zones: mapZone._type.split(" ") }))
  .filter(({ territory }) => /^[A-Z]{2}$/.test(territory) && territory !== "ZZ");

/** In the language that most people write there, and in the English of the place. */
function isMonthFirst(territory: string): boolean {
  const { language } = new Intl.Locale(`und-${territory}`).maximize();
  if (Intl.DateTimeFormat.supportedLocalesOf(language).length === 0) return false;
  return [language, "en"].every((each) => {
    const format = new Intl.DateTimeFormat(`${each}-${territory}`, { day: "numeric", month: "numeric" });
    return format.formatToParts().find(({ type }) => type === "day" || type === "month")?.type === "month";
  });
}

/** Lines of names, as the formatter would break them. */
function lines(of: (territory: string) => boolean): string {
  const names = [...new Set(places.filter(({ territory }) => of(territory)).flatMap(({ zones }) => zones))].sort();
  const rows = [""];
  for (const name of names) {
    if (`${rows.at(-1)} ${name}`.length > 108) rows.push("");
    rows.push(`${rows.pop()} ${name}`.trim());
  }
  return rows.map((row, i) => `  ${JSON.stringify(i < rows.length - 1 ? `${row} ` : row)}`).join(" +\n");
}

const firstDay = (territory: string) => weekData.firstDay[territory] ?? weekData.firstDay["001"];
writeFileSync(
  join(root, "packages/core/src/model/places.ts"),
  `/**
 * Time zones of places with customs of their own, by name, with a space between. From CLDR ${version._cldrVersion} (supplemental/weekData and
 * windowsZones, © Unicode, Inc., licence Unicode-3.0); \`node tools/places.ts\` writes this file.
 */

/** Where the week begins on Sunday. */
export const sundayPlaces =
${lines((territory) => firstDay(territory) === "sun")};

/** Where it begins on Saturday. */
export const saturdayPlaces =
${lines((territory) => firstDay(territory) === "sat")};

/** Where 5/12 is the twelfth of May. */
export const monthFirstPlaces =
${lines(isMonthFirst)};
`,
);

// Writes the table of Windows time zones from the CLDR (windowsZones, package cldr-core, licence Unicode-3.0):
//   node tools/windows-zones.ts
// Run it after an update of cldr-core; what changed is seen in the diff.
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { z } from "zod";

const root = join(import.meta.dirname, "..");
const file = join(root, "packages/core/src/memory/import/windows-zones.ts");
const zone = z.object({ mapZone: z.object({ _other: z.string(), _type: z.string(), _territory: z.string() }) });
const schema = z.object({
  supplemental: z.object({
    version: z.object({ _cldrVersion: z.string() }),
    windowsZones: z.object({ mapTimezones: z.array(zone) }),
  }),
});

const text = readFileSync(join(root, "node_modules/cldr-core/supplemental/windowsZones.json"), "utf8");
const { version, windowsZones } = schema.parse(JSON.parse(text)).supplemental;
// 001 is the zone that stands for all territories of the name.
const rows = windowsZones.mapTimezones
  .filter(({ mapZone }) => mapZone._territory === "001")
  .map(({ mapZone }) => `  ${JSON.stringify(mapZone._other.toLowerCase())}: ${JSON.stringify(mapZone._type)},`);
writeFileSync(
  file,
  `/**
 * IANA names by the names that Windows has for time zones, in small letters. From CLDR ${version._cldrVersion} (supplemental/windowsZones,
 * © Unicode, Inc., licence Unicode-3.0); \`node tools/windows-zones.ts\` writes this file.
 */
export const windowsZones: Readonly<Record<string, string>> = {
${rows.join("\n")}
};
`,
);

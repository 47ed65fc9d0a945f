import type { Config } from "../model/config.ts";

/** Settings that bound what others may do: the smaller the stricter. A hand edit that raises one waits for the owner. */
const bounds = {
  rate: ["commandsPerHour", "commandsPerHourEach", "sameCommandMax"],
  approvals: ["expireAfterMinutes", "openPerPrincipal"],
  spend: ["perDay", "perWeek", "perDayEach"],
} as const satisfies { [Section in keyof Config]?: readonly string[] };

type Section = keyof typeof bounds;
export type BoundName = { [S in Section]: `${S}.${(typeof bounds)[S][number]}` }[Section];
export type Bounds = Record<BoundName, number>;

export const boundNames: readonly BoundName[] = Object.entries(bounds).flatMap(([section, names]) =>
  names.map((name) => `${section}.${name}` as BoundName),
);

/** What the settings say of each bound. */
export function boundsOf(config: Config): Bounds {
  const value = (name: BoundName) => {
    const [section, key] = name.split(".") as [Section, string];
    return (config[section] as Record<string, number>)[key];
  };
  return Object.fromEntries(boundNames.map((name) => [name, value(name)])) as Bounds;
}

/** The settings with other bounds. */
export function withBounds(config: Config, values: Bounds): Config {
  const section = (name: Section) =>
    Object.fromEntries(bounds[name].map((key) => [key, values[`${name}.${key}` as BoundName]]));
  const changed = (Object.keys(bounds) as Section[]).map((name) => [name, { ...config[name], ...section(name) }]);
  return { ...config, ...Object.fromEntries(changed) };
}

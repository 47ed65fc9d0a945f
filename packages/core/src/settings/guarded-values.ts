import { canonical } from "../model/canonical.ts";
import type { Guard } from "./section.ts";

/**
 * The guarded part of the settings, each value by its dotted name: bounds of what others may do, where the owner's
 * passwords and words go, who can reach the daemon, and what each agent is told (its provenance rests on that). A change
 * that was written by hand widens nothing until the owner adopts it. What is not here, or empty, is not set.
 */
export type GuardedValues = ReadonlyMap<string, unknown>;

/** As the journal keeps them: numbers as they are, anything else by the name of the object that holds it. */
export type AdoptedValues = Readonly<Record<string, number | string>>;

type Section = Record<string, unknown>;

/** The guarded values of one section. */
export function valuesOf(name: string, guard: Guard, section: Section): [string, unknown][] {
  const { ceilings = [], floors = [], values = [], named = [], listed = [], entries, isFree } = guard;
  const at = (key: string, value: unknown): [string, unknown] => [`${name}.${key}`, value];
  const all = [
    ...[...ceilings, ...floors].map((key) => at(key, section[key])),
    ...values.filter((key) => !isFree?.(key, section[key])).map((key) => at(key, section[key])),
    ...named.flatMap((key) => (section[key] as { name: string }[]).map((each) => at(`${key}.${each.name}`, each))),
    ...listed.flatMap((key) => (section[key] as string[]).map((each) => at(`${key}.${each}`, each))),
    ...(entries ? Object.entries(section).map(([key, value]) => at(key, value)) : []),
  ];
  return all.filter(([, value]) => value !== undefined && canonical(value) !== "{}");
}

/** The section as a file would say it, with nothing in it but guarded values. */
export function assembled(name: string, guard: Guard, held: GuardedValues): Section {
  const { ceilings = [], floors = [], values = [], named = [], listed = [], entries } = guard;
  const below = (prefix: string) =>
    [...held]
      .filter(([key]) => key.startsWith(prefix))
      .map(([key, value]) => [key.slice(prefix.length), value] as const);
  if (entries) return Object.fromEntries(below(`${name}.`));
  const single = [...ceilings, ...floors, ...values].map((key) => [key, held.get(`${name}.${key}`)] as const);
  const lists = [...named, ...listed].map((key) => [key, below(`${name}.${key}.`).map(([, value]) => value)] as const);
  return Object.fromEntries([...single.filter(([, value]) => value !== undefined), ...lists]);
}

/** A section of the file with the guarded values of another: what is free, or not guarded, stays as the file says. */
export function merged(guard: Guard, onDisk: Section, held: Section): Section {
  const { ceilings = [], floors = [], values = [], named = [], listed = [], entries, isFree } = guard;
  if (entries) return held;
  const section = { ...onDisk };
  for (const key of [...ceilings, ...floors, ...values, ...named, ...listed]) {
    if (isFree?.(key, onDisk[key])) continue;
    if (held[key] === undefined) delete section[key];
    else section[key] = held[key];
  }
  return section;
}

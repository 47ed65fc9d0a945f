import type { PendingSetting } from "@mh/contract/settings.ts";
import { canonical } from "../model/canonical.ts";
import { type Config, configSchema } from "../model/config.ts";
import { isLoopback } from "../model/loopback.ts";
import { boundNames, boundsOf, withBounds } from "./guarded-bounds.ts";

/**
 * The guarded part of the settings, each value by its dotted name: bounds of what others may do, where the owner's
 * passwords and words go, who can reach the daemon, and what each agent is told (its provenance rests on that). A change
 * that was written by hand widens nothing until the owner adopts it. What is not here, or empty, is not set.
 */
export type GuardedValues = ReadonlyMap<string, unknown>;

/** As the journal keeps them: numbers as they are, anything else by the name of the object that holds it. */
export type AdoptedValues = Readonly<Record<string, number | string>>;

/** Of two values of a bound, the stricter one. */
const stricterBound: ReadonlyMap<string, (a: number, b: number) => number> = new Map([
  ...boundNames.map((name) => [name, Math.min] as const),
  ["decision.threshold", Math.max],
]);

export function guardedValues(config: Config): GuardedValues {
  const { decision, mail, calendar, notify, network, daemon, agents } = config;
  const named = (prefix: string, values: readonly { name: string }[]) =>
    values.map((value) => [`${prefix}.${value.name}`, value] as const);
  const all: (readonly [string, unknown])[] = [
    ...Object.entries(boundsOf(config)),
    ["decision.threshold", decision.threshold],
    ...named("mail.accounts", mail.accounts),
    ...named("calendar.sources", calendar.sources),
    ...(["ntfy", "pushover", "signal", "webPush"] as const).map((name) => [`notify.${name}`, notify[name]] as const),
    ["network.caFile", network.caFile],
    ["daemon.bind", isLoopback(daemon.bind) ? undefined : daemon.bind],
    ["daemon.tls", daemon.tls],
    ...daemon.hosts.map((host) => [`daemon.hosts.${host}`, host] as const),
    ...Object.entries(agents).map(([name, section]) => [`agents.${name}`, section] as const),
  ];
  return new Map(all.filter(([, value]) => value !== undefined && canonical(value) !== "{}"));
}

/** What holds where a file says one thing and the owner adopted another: a bound's stricter value, else what was adopted. */
function stricter(onDisk: GuardedValues, adopted: GuardedValues): GuardedValues {
  return new Map([...onDisk].flatMap(([name, value]) => entryOf(name, stricterOf(name, value, adopted.get(name)))));
}

function stricterOf(name: string, wanted: unknown, adopted: unknown): unknown {
  const bound = stricterBound.get(name);
  return bound && typeof adopted === "number" ? bound(wanted as number, adopted) : adopted;
}

/** The settings in force. What was taken out of the file is out of force at once. */
export function settingsInForce(onDisk: Config, adopted: GuardedValues | undefined): Config {
  if (!adopted) return onDisk;
  const held = configSchema.parse(assembled(stricter(guardedValues(onDisk), adopted)));
  const { bind } = onDisk.daemon;
  return {
    ...withBounds(onDisk, boundsOf(held)),
    decision: { ...onDisk.decision, threshold: held.decision.threshold },
    mail: { ...onDisk.mail, ...held.mail },
    calendar: { ...onDisk.calendar, ...held.calendar },
    notify: { ...held.notify, desktop: onDisk.notify.desktop },
    network: held.network,
    daemon: { ...held.daemon, port: onDisk.daemon.port, ...(isLoopback(bind) && { bind }) },
    agents: held.agents,
  };
}

/** Widenings that wait for the owner. */
export function pendingSettings(onDisk: Config, adopted: GuardedValues | undefined): PendingSetting[] {
  if (!adopted) return [];
  return [...guardedValues(onDisk)]
    .filter(([name, wanted]) => canonical(wanted) !== canonical(stricterOf(name, wanted, adopted.get(name)) ?? null))
    .map(([name, wanted]) => ({ name, inForce: adopted.get(name) ?? null, wanted }) as PendingSetting);
}

/** What is adopted once a command of the owner's made one text into another: what it changed, and nothing that waited. */
export function adoptedWith(
  before: GuardedValues | undefined,
  after: GuardedValues,
  adopted: GuardedValues | undefined,
): GuardedValues {
  if (!adopted) return after;
  const isChanged = (name: string, value: unknown) =>
    before !== undefined && canonical(before.get(name) ?? null) !== canonical(value);
  return new Map(
    [...after].flatMap(([name, value]) =>
      entryOf(name, isChanged(name, value) ? value : stricterOf(name, value, adopted.get(name))),
    ),
  );
}

/** For the journal. `keep` stores a text as an object, and gives its name. */
export function kept(values: GuardedValues, keep: (text: string) => string): AdoptedValues {
  const named = (value: unknown) => (typeof value === "number" ? value : keep(canonical(value)));
  return Object.fromEntries([...values].map(([name, value]) => [name, named(value)]));
}

/**
 * What the owner adopted, read back in today's form. A value whose object is gone is none, and so is one that was never
 * adopted; a bound that was never adopted is at its default.
 */
export function adoptedValues(stored: AdoptedValues, readObject: (name: string) => string | undefined): GuardedValues {
  const found = Object.entries(stored).flatMap(([name, value]) => {
    const text = typeof value === "string" ? readObject(value) : String(value);
    return text === undefined ? [] : entryOf(name, JSON.parse(text));
  });
  const parsed = configSchema.safeParse(assembled(new Map(found)));
  return guardedValues(parsed.success ? parsed.data : configSchema.parse({}));
}

/** The values as settings are written. */
function assembled(values: GuardedValues): unknown {
  const below = (prefix: string) =>
    [...values].filter(([name]) => name.startsWith(prefix)).map(([name, value]) => [name.slice(prefix.length), value]);
  const listed = (prefix: string) => below(prefix).map(([, value]) => value);
  const section = (prefix: string) => Object.fromEntries(below(prefix));
  const { tls, bind } = Object.fromEntries(["tls", "bind"].map((name) => [name, values.get(`daemon.${name}`)]));
  return {
    ...Object.fromEntries(
      ["rate", "approvals", "spend", "decision", "notify", "network"].map((at) => [at, section(`${at}.`)]),
    ),
    mail: { accounts: listed("mail.accounts.") },
    calendar: { sources: listed("calendar.sources.") },
    daemon: { hosts: listed("daemon.hosts."), ...(bind !== undefined && { bind }), ...(tls !== undefined && { tls }) },
    agents: section("agents."),
  };
}

const entryOf = (name: string, value: unknown): [string, unknown][] => (value === undefined ? [] : [[name, value]]);

import { LineCounter, parseDocument } from "yaml";
import { invalid } from "../memory/documents/markdown.ts";
import { type Config, configSchema } from "../model/config.ts";
import { Fault } from "../model/fault.ts";

export const settingsPath = "config.yaml";

/** Reads the settings. Throws `document.invalid` with the line. Unknown keys are kept: people edit this file. */
export function parseSettings(text: string): Config {
  const lines = new LineCounter();
  const document = parseDocument(text, { lineCounter: lines, logLevel: "error" });
  const [error] = document.errors;
  if (error) throw invalid(settingsPath, error.linePos?.[0].line ?? 1, error.message.split("\n", 1)[0] ?? "");
  const parsed = configSchema.safeParse(document.toJS({ maxAliasCount: 20 }) ?? {});
  if (parsed.success) return withKnownZone(parsed.data, text);
  const [issue] = parsed.error.issues;
  const node = document.getIn(issue?.path ?? [], true) as { range?: [number, number, number] } | undefined;
  const line = node?.range ? lines.linePos(node.range[0]).line : 1;
  throw invalid(settingsPath, line, `${issue?.path.join(".")}: ${issue?.message}`);
}

function withKnownZone(config: Config, text: string): Config {
  try {
    new Intl.DateTimeFormat("en", { timeZone: config.timeZone });
    return config;
  } catch {
    const line = text.split("\n").findIndex((each) => each.startsWith("timeZone:")) + 1;
    throw invalid(settingsPath, line || 1, `timeZone: ${config.timeZone} is no time zone; Europe/Berlin is one`);
  }
}

/** One setting by its dotted name, as text for a person. */
export function settingNames(): string[] {
  return Object.entries(configSchema.shape).flatMap(([name, schema]) => {
    const inner = "shape" in schema.def ? undefined : (schema.def as { innerType?: { shape?: object } }).innerType;
    return inner?.shape ? Object.keys(inner.shape).map((key) => `${name}.${key}`) : [name];
  });
}

/** The text with one setting changed, comments and order kept; undefined takes it away, so that the default holds. */
export function editSettings(text: string, name: string, value: unknown): string {
  if (!settingNames().includes(name)) {
    throw new Fault("config.unknown-key", `There is no setting ${name}. There are: ${settingNames().join(", ")}.`);
  }
  const document = parseDocument(text, { logLevel: "error" });
  if (document.errors.length > 0) parseSettings(text);
  const path = name.split(".");
  if (value === undefined) document.deleteIn(path);
  else document.setIn(path, value);
  const changed = document.toString({ lineWidth: 0 });
  try {
    parseSettings(changed);
  } catch (cause) {
    const why = (cause as Error).message.replace(/^config\.yaml line \d+: | Mend it by hand; the rest works\.$/g, "");
    throw new Fault("args.invalid", `Nothing was changed: ${why}`, { cause });
  }
  return changed;
}

/** Settings that bound what others may do. Where a hand edit loosens one, the stricter value holds until the owner says. */
export const guardedSettings = ["rate.commandsPerHour", "approvals.expireAfterMinutes"] as const;
export type GuardedValues = Record<(typeof guardedSettings)[number], number>;

export const guardedValues = ({ rate, approvals }: Config): GuardedValues => ({
  "rate.commandsPerHour": rate.commandsPerHour,
  "approvals.expireAfterMinutes": approvals.expireAfterMinutes,
});

/** What is in force: of each guarded setting the smaller of what was adopted and what the file says. */
export function settingsInForce(onDisk: Config, adopted: GuardedValues | undefined): Config {
  const wanted = guardedValues(onDisk);
  const least = (name: keyof GuardedValues) => Math.min(wanted[name], adopted?.[name] ?? wanted[name]);
  return {
    ...onDisk,
    rate: { ...onDisk.rate, commandsPerHour: least("rate.commandsPerHour") },
    approvals: { ...onDisk.approvals, expireAfterMinutes: least("approvals.expireAfterMinutes") },
  };
}

export interface PendingSetting {
  name: keyof GuardedValues;
  inForce: number;
  wanted: number;
}

/** Loosenings that wait for the owner. */
export function pendingSettings(onDisk: Config, adopted: GuardedValues | undefined): PendingSetting[] {
  const wanted = guardedValues(onDisk);
  return guardedSettings
    .filter((name) => adopted !== undefined && wanted[name] > adopted[name])
    .map((name) => ({ name, inForce: adopted?.[name] ?? wanted[name], wanted: wanted[name] }));
}

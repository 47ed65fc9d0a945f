import { LineCounter, parseDocument } from "yaml";
import { invalid } from "../memory/documents/markdown.ts";
import { type Config, configSchema } from "../model/config.ts";
import { Fault } from "../model/fault.ts";
import { type BoundName, type Bounds, boundNames, boundsOf, withBounds } from "./guarded-bounds.ts";

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

/** What the owner adopted last. Bounds that came later are not in it: they hold as the file says. */
export type GuardedValues = Partial<Bounds>;

export const guardedValues = (config: Config): Bounds => boundsOf(config);

/** What is in force: of each bound the smaller of what was adopted and what the file says. */
export function settingsInForce(onDisk: Config, adopted: GuardedValues | undefined): Config {
  const wanted = boundsOf(onDisk);
  const least = (name: BoundName) => Math.min(wanted[name], adopted?.[name] ?? wanted[name]);
  return withBounds(onDisk, Object.fromEntries(boundNames.map((name) => [name, least(name)])) as Bounds);
}

export interface PendingSetting {
  name: BoundName;
  inForce: number;
  wanted: number;
}

/** Loosenings that wait for the owner. */
export function pendingSettings(onDisk: Config, adopted: GuardedValues | undefined): PendingSetting[] {
  const wanted = boundsOf(onDisk);
  return boundNames.flatMap((name) => {
    const inForce = adopted?.[name];
    return inForce !== undefined && wanted[name] > inForce ? [{ name, inForce, wanted: wanted[name] }] : [];
  });
}

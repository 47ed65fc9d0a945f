import { Fault } from "@mh/contract/values/fault.ts";
import { type Document, LineCounter, parseDocument } from "yaml";
import { invalid } from "../documents/markdown.ts";
import { type Config, configSchema } from "../model/config.ts";

export const settingsPath = "config.yaml";

/** Reads the settings. Throws `document.invalid` with the line. Unknown keys are kept: people edit this file. */
export function parseSettings(text: string): Config {
  const lines = new LineCounter();
  const document = parseDocument(text, { lineCounter: lines, logLevel: "error" });
  const [error] = document.errors;
  if (error) throw invalid(settingsPath, error.linePos?.[0].line ?? 1, error.message.split("\n", 1)[0] ?? "");
  const parsed = configSchema.safeParse(plain(document) ?? {});
  if (parsed.success) return withKnownZone(parsed.data, text);
  const [issue] = parsed.error.issues;
  const node = document.getIn(issue?.path ?? [], true) as { range?: [number, number, number] } | undefined;
  const line = node?.range ? lines.linePos(node.range[0]).line : 1;
  throw invalid(settingsPath, line, `${issue?.path.join(".")}: ${issue?.message}`);
}

/** What JSON can say of it: YAML knows values that contain themselves, and characters that are none. */
function plain(document: Document): unknown {
  try {
    const wellFormed = (_key: string, value: unknown) => (typeof value === "string" ? value.toWellFormed() : value);
    return JSON.parse(JSON.stringify(document.toJS({ maxAliasCount: 20 }), wellFormed));
  } catch (cause) {
    throw invalid(settingsPath, 1, (cause as Error).message.split("\n", 1)[0] ?? "");
  }
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

/** What to do where a name is no setting: one inside another is written in the file, a section is one of its settings. */
export function unknownSetting(name: string): Fault {
  const names = settingNames();
  const whole = names.find((each) => name.startsWith(`${each}.`));
  const inside = names.filter((each) => each.startsWith(`${name}.`));
  const next = whole
    ? `${whole} is written whole: \`mh config edit\``
    : `There are: ${(inside.length > 0 ? inside : names).join(", ")}`;
  return new Fault("config.unknown-key", `There is no setting ${name}. ${next}.`);
}

/** The text with one setting changed, comments and order kept; undefined takes it away, so that the default holds. */
export function editSettings(text: string, name: string, value: unknown): string {
  if (!settingNames().includes(name)) throw unknownSetting(name);
  const path = name.split(".");
  return editText(text, (document) => {
    if (value === undefined) document.deleteIn(path);
    else document.setIn(path, value);
  });
}

/** The text changed, comments and order kept. Throws `args.invalid` where it would no longer read as settings. */
export function editText(text: string, edit: (document: Document) => void): string {
  const document = parseDocument(text, { logLevel: "error" });
  if (document.errors.length > 0) parseSettings(text);
  edit(document);
  const changed = document.toString({ lineWidth: 0 });
  try {
    parseSettings(changed);
  } catch (cause) {
    const why = (cause as Error).message.replace(/^config\.yaml line \d+: | Mend it by hand; the rest works\.$/g, "");
    throw new Fault("args.invalid", `Nothing was changed: ${why}`, { cause });
  }
  return changed;
}

import { jsonSchemaOf } from "@mh/contract/json-schema.ts";
import type { PendingSetting } from "@mh/contract/settings.ts";
import { Fault } from "@mh/contract/values/fault.ts";
import { type Document, LineCounter, parseDocument } from "yaml";
import { z } from "zod";
import { invalid, yamlWords } from "../documents/markdown.ts";
import { canonical } from "../model/canonical.ts";
import { type Config, coreSettingsSchema } from "../model/config.ts";
import { issueWords } from "../model/issue-words.ts";
import { isLoopback } from "../model/loopback.ts";
import { isTimeZone } from "../model/wall-clock.ts";
import { tooMuchYaml } from "../model/yaml-bounds.ts";
import { type AdoptedValues, assembled, type GuardedValues, merged, valuesOf } from "./guarded-values.ts";
import type { Guard, SettingsSection } from "./section.ts";
import { changedYaml, settingsPath, unknownSetting } from "./settings.ts";

/** What is guarded of the sections that belong to no feature. */
const coreGuards: Readonly<Record<string, Guard>> = {
  approvals: { ceilings: ["expireAfterMinutes", "openPerPrincipal"] },
  rate: { ceilings: ["commandsPerHour", "commandsPerHourEach", "sameCommandMax"] },
  spend: { ceilings: ["perDay", "perWeek", "perDayEach", "tokensPerDay", "tokensPerDayEach"] },
  network: { values: ["caFile"] },
  self: { listed: ["addresses"] },
  daemon: {
    values: ["bind", "tls"],
    listed: ["hosts"],
    isFree: (key, value) => key === "bind" && isLoopback(value as string),
  },
};

/** `config.yaml` as the features of a home make it: how it is read, what of it is guarded, and how it is changed. */
export class SettingsForm {
  readonly #schema: z.ZodType<Config>;
  readonly #shape: Readonly<Record<string, z.ZodType>>;
  readonly #guards: readonly (readonly [string, Guard])[];

  constructor(sections: readonly SettingsSection[]) {
    const shape = Object.fromEntries(sections.map(({ name, schema }) => [name, schema]));
    this.#shape = { ...coreSettingsSchema.shape, ...shape };
    this.#schema = z.looseObject(this.#shape) as unknown as z.ZodType<Config>;
    const own = sections.flatMap(({ name, guard }) => (guard ? [[name, guard] as const] : []));
    this.#guards = [...Object.entries(coreGuards), ...own];
  }

  /** Throws `document.invalid` with the line. Unknown keys are kept: people edit this file. */
  parse(text: string): Config {
    const tooMuch = tooMuchYaml(text);
    if (tooMuch) throw invalid(settingsPath, tooMuch.line, tooMuch.why);
    const lines = new LineCounter();
    const document = parseDocument(text, { lineCounter: lines, logLevel: "error" });
    const [error] = document.errors;
    if (error) throw invalid(settingsPath, error.linePos?.[0].line ?? 1, yamlWords(error));
    const parsed = this.#schema.safeParse(plain(document) ?? {}, { error: issueWords });
    if (parsed.success) return withKnownZone(parsed.data, text);
    const [issue] = parsed.error.issues;
    const node = document.getIn(issue?.path ?? [], true) as { range?: [number, number, number] } | undefined;
    const line = node?.range ? lines.linePos(node.range[0]).line : 1;
    throw invalid(settingsPath, line, `${issue?.path.join(".") || "the whole"}: ${issue?.message}`);
  }

  /** The settings that a command can change, by their dotted names. */
  names(): string[] {
    return Object.entries(this.#shape).flatMap(([name, schema]) => {
      const inner = "shape" in schema.def ? undefined : (schema.def as { innerType?: { shape?: object } }).innerType;
      return inner?.shape ? Object.keys(inner.shape).map((key) => `${name}.${key}`) : [name];
    });
  }

  /** The text with one setting changed, comments and order kept; undefined takes it away, so that the default holds. */
  edit(text: string, name: string, value: unknown): string {
    const names = this.names();
    if (!names.includes(name)) throw unknownSetting(names, name);
    const path = name.split(".");
    return this.change(text, (document) => {
      if (value === undefined) document.deleteIn(path);
      else document.setIn(path, value);
    });
  }

  /** The text changed, comments and order kept. Throws `args.invalid` where it would no longer read as settings. */
  change(text: string, change: (document: Document) => void): string {
    const changed = changedYaml(text, change);
    if (changed === undefined) throw new Fault("args.invalid", "Nothing was changed: config.yaml cannot be read.");
    try {
      this.parse(changed);
    } catch (cause) {
      const why = (cause as Error).message.replace(
        /^config\.yaml line \d+: | Repair it by hand; the rest works\.$/g,
        "",
      );
      throw new Fault("args.invalid", `Nothing was changed: ${why}`, { cause });
    }
    return changed;
  }

  /** What can be set: as JSON Schema, by dotted names, and where a looser value waits for the owner. */
  describe(): { schema: Record<string, unknown>; names: string[]; guarded: string[] } {
    const keysOf = ({ ceilings = [], floors = [], values = [], named = [], listed = [], entries }: Guard) =>
      entries ? ["*"] : [...ceilings, ...floors, ...values, ...named, ...listed];
    const guarded = this.#guards.flatMap(([name, guard]) => keysOf(guard).map((key) => `${name}.${key}`));
    return { schema: jsonSchemaOf(this.#schema), names: this.names(), guarded };
  }

  guarded(config: Config): GuardedValues {
    return new Map(this.#guards.flatMap(([name, guard]) => valuesOf(name, guard, sectionOf(config, name))));
  }

  /** The settings in force. What was removed from the file is out of force at once. */
  inForce(onDisk: Config, adopted: GuardedValues | undefined): Config {
    if (!adopted) return onDisk;
    const held = this.#assembled(this.#stricter(this.guarded(onDisk), adopted));
    const sections = this.#guards.map(([name, guard]) => [
      name,
      merged(guard, sectionOf(onDisk, name), sectionOf(held, name)),
    ]);
    return { ...onDisk, ...Object.fromEntries(sections) };
  }

  /** Widenings that wait for the owner. */
  pending(onDisk: Config, adopted: GuardedValues | undefined): PendingSetting[] {
    if (!adopted) return [];
    return [...this.guarded(onDisk)]
      .filter(([name, wanted]) => !isSame(wanted, this.#stricterOf(name, wanted, adopted.get(name))))
      .map(([name, wanted]) => ({ name, inForce: adopted.get(name) ?? null, wanted }) as PendingSetting);
  }

  /** What is adopted once a command of the owner's made one text into another: what it changed, and nothing that waited. */
  adoptedWith(
    before: GuardedValues | undefined,
    after: GuardedValues,
    adopted: GuardedValues | undefined,
  ): GuardedValues {
    if (!adopted) return after;
    const isChanged = (name: string, value: unknown) => before !== undefined && !isSame(value, before.get(name));
    return new Map(
      [...after].flatMap(([name, value]) =>
        entryOf(name, isChanged(name, value) ? value : this.#stricterOf(name, value, adopted.get(name))),
      ),
    );
  }

  /**
   * What the owner adopted, read back in today's form. A value whose object is gone is none, and so is one that was
   * never adopted; a bound that was never adopted is at its default.
   */
  adopted(stored: AdoptedValues, readObject: (name: string) => string | undefined): GuardedValues {
    const found = Object.entries(stored).flatMap(([name, value]) => {
      const text = typeof value === "string" ? readObject(value) : String(value);
      return text === undefined ? [] : entryOf(name, JSON.parse(text));
    });
    return this.guarded(this.#assembled(new Map(found)));
  }

  /** Settings with nothing but guarded values; the defaults where they do not fit any more. */
  #assembled(values: GuardedValues): Config {
    const raw = this.#guards.map(([name, guard]) => [name, assembled(name, guard, values)] as const);
    const parsed = this.#schema.safeParse(Object.fromEntries(raw));
    return parsed.success ? parsed.data : this.#schema.parse({});
  }

  /** What holds where a file says one thing and the owner adopted another: a bound's stricter value, else what was adopted. */
  #stricter(onDisk: GuardedValues, adopted: GuardedValues): GuardedValues {
    return new Map(
      [...onDisk].flatMap(([name, value]) => entryOf(name, this.#stricterOf(name, value, adopted.get(name)))),
    );
  }

  #stricterOf(name: string, wanted: unknown, adopted: unknown): unknown {
    if (typeof wanted !== "number" || typeof adopted !== "number") return adopted;
    const [section = "", key = ""] = name.split(".", 2);
    const guard = this.#guards.find(([each]) => each === section)?.[1];
    if (guard?.ceilings?.includes(key)) return Math.min(wanted, adopted);
    return guard?.floors?.includes(key) ? Math.max(wanted, adopted) : adopted;
  }
}

/** For the journal. `keep` stores a text as an object, and gives its name. */
export function kept(values: GuardedValues, keep: (text: string) => string): AdoptedValues {
  const named = (value: unknown) => (typeof value === "number" ? value : keep(canonical(value)));
  return Object.fromEntries([...values].map(([name, value]) => [name, named(value)]));
}

const sectionOf = (config: Config, name: string): Record<string, unknown> =>
  (config as Record<string, unknown>)[name] as Record<string, unknown>;

const isSame = (a: unknown, b: unknown): boolean => canonical(a ?? null) === canonical(b ?? null);

const entryOf = (name: string, value: unknown): [string, unknown][] => (value === undefined ? [] : [[name, value]]);

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
  if (config.timeZone === undefined || isTimeZone(config.timeZone)) return config;
  const line = text.split("\n").findIndex((each) => each.startsWith("timeZone:")) + 1;
  throw invalid(settingsPath, line || 1, `timeZone: ${config.timeZone} is no time zone; Europe/Berlin is one`);
}

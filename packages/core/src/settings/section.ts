import type { z } from "zod";
import type { Config } from "../model/config.ts";

/**
 * What of a section bounds others or says where the owner's words go: written by hand, a looser value waits until the
 * owner adopts it. Keys are of the section's top level.
 */
export interface Guard {
  /** Numbers: the smaller the stricter. */
  ceilings?: readonly string[];
  /** Numbers: the larger the stricter. */
  floors?: readonly string[];
  /** Values as they are. */
  values?: readonly string[];
  /** Lists of things with a `name`, each by itself. */
  named?: readonly string[];
  /** Lists of texts, each by itself. */
  listed?: readonly string[];
  /** The whole section is a record, each of its entries by itself. */
  entries?: boolean;
  /** Values of a guarded key that need no adoption. */
  isFree?(key: string, value: unknown): boolean;
}

/** A feature's own part of `config.yaml`. */
export interface SettingsSection<Schema extends z.ZodType = z.ZodType> {
  /** Its key in the file. */
  readonly name: string;
  /** Must parse what is absent, so that a file without the section has its defaults. */
  readonly schema: Schema;
  readonly guard?: Guard;
  /** The section in force, with its types. */
  of(config: Config): z.output<Schema>;
}

/** Declares a section of `config.yaml`. */
export function defineSettings<Schema extends z.ZodType>(
  name: string,
  schema: Schema,
  guard?: Guard,
): SettingsSection<Schema> {
  const of = (config: Config) => (config as Record<string, unknown>)[name] as z.output<Schema>;
  return { name, schema, of, ...(guard && { guard }) };
}

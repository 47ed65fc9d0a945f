import { z } from "zod";

/** What settings of several features are made of. */
export const nameSchema = z.string().regex(/^[a-z0-9][\w.-]{0,63}$/i, "a name is letters, digits, dots and dashes");
export const urlSchema = z.url({ protocol: /^https?$/, error: "a URL begins with https:// or http://" });
/** A URL that names no password; `how` says where one belongs. */
export const passwordlessUrl = (how: string) =>
  urlSchema.refine((url) => !/^[^/]*\/\/[^/]*@/.test(url), { error: `no password stands in a URL: ${how}` });
export const portSchema = z.number().int().min(0).max(65_535);
export const clockTimeSchema = z.string().regex(/^([01]\d|2[0-3]):[0-5]\d$/, "a time of day is written as 07:00");

export const haveNamesOfTheirOwn = (all: readonly { name: string }[]): boolean =>
  new Set(all.map(({ name }) => name)).size === all.length;

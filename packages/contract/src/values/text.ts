import { z } from "zod";

const contentCharsMax = 1_000_000;

/** Text that may become a memory: something in it, no NUL, no half surrogates, a million characters at most. */
export const contentSchema = z
  .string()
  .refine((text) => text.trim() !== "", "there is nothing to remember in an empty text")
  .refine((text) => text.length <= contentCharsMax, "a memory holds a million characters; import a file instead")
  .refine((text) => text.isWellFormed() && !text.includes("\0"), "the text is not valid Unicode");

/** A day, or a day and a time, on the owner's wall: `2026-11-27`, `2026-11-27T15:00`. */
export const dayOrTimeSchema = z
  .string()
  .regex(/^\d{4}-\d{2}-\d{2}(?:T\d{2}:\d{2})?$/, "a time is a day like 2026-11-27, perhaps with T15:00")
  .refine((text) => z.iso.date().safeParse(text.slice(0, 10)).success, "there is no such day")
  .refine((text) => /^(?:$|T(?:[01]\d|2[0-3]):[0-5]\d$)/.test(text.slice(10)), "there is no such time of day");

export const instantSchema = z.iso.datetime({ offset: true, error: "a time is ISO 8601, as in 2026-05-08T13:56:00Z" });

import { z } from "zod";

const contentCharsMax = 1_000_000;

/** Text that may become a memory: something in it, no NUL, no half surrogates, a million characters at most. */
export const contentSchema = z
  .string()
  .refine((text) => text.trim() !== "", "there is nothing to remember in an empty text")
  .refine((text) => text.length <= contentCharsMax, "a memory holds a million characters; import a file instead")
  .refine((text) => text.isWellFormed() && !text.includes("\0"), "the text is not valid Unicode");

export const instantSchema = z.iso.datetime({ offset: true, error: "a time is ISO 8601, as in 2026-05-08T13:56:00Z" });

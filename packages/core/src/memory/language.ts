import type { Only } from "./extract/extract.ts";

/** Reads entities, tags and dates out of a text. The libraries are large: they are loaded at first use. */
export const loadExtractor = async (only?: Only) => (await import("./extract/extract.ts")).loadExtractor(only);

/** Reads words for a day or a time, as in "next friday". */
export const loadWhen = async () => (await import("./extract/when.ts")).loadWhen();

/** Reads the stretch that words for a time name, as in "last week", for filters. */
export const loadStretch = async () => (await import("./extract/when.ts")).loadStretch();

/** Reads the times that a question asks about, as in "What did I do on 14 October?". */
export const loadAskedTimes = async (only?: string) => (await import("./extract/asked-times.ts")).loadAskedTimes(only);

/** Reads the times to come that short texts name, as in "propose Friday at 15:00". */
export const loadComingTimes = async (texts: readonly string[]) =>
  (await import("./extract/coming-times.ts")).loadComingTimes(texts);

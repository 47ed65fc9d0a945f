import type { Only } from "./extract/extract.ts";

/** Reads entities, tags and dates out of a text. The libraries are large: they are loaded at first use. */
export const loadExtractor = async (only?: Only) => (await import("./extract/extract.ts")).loadExtractor(only);

/** Reads words for a day or a time, as in "next friday". */
export const loadWhen = async () => (await import("./extract/when.ts")).loadWhen();

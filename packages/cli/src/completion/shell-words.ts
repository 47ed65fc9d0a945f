import type { Value } from "../describe.ts";

/** A word as bash, zsh and fish take it literally. */
export const quoted = (text: string): string => `'${text.replaceAll("'", "'\\''")}'`;

/** How the scripts write what a word may be: `@file`, nothing, or the words themselves. */
export const written = (value: Value): string =>
  value.kind === "words" ? value.words.join(" ") : value.kind === "file" ? "@file" : "";

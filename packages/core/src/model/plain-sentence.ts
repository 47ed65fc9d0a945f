/** A sentence without the dots and exclamation marks at its end. */
export const withoutEnd = (text: string): string => text.replace(/(?<![.!])[.!]+$/, "");

/** A sentence on one line, as it is compared and read: composed letters, single blanks, no end. */
export const plainSentence = (text: string): string => withoutEnd(text.normalize("NFC").replace(/\s+/g, " ").trim());

/** A sentence with a dot at its end, which it may have already. */
export const withDot = (text: string): string => text.replace(/\.?$/, ".");

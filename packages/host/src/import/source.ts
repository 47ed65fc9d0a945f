import type { Found } from "@mh/core/memory/import/found.ts";

export const formats = [
  "ndjson",
  "markdown",
  "mbox",
  "maildir",
  "ics",
  "csv",
  "vcard",
  "chatgpt",
  "claude",
  "openclaw",
  "silverbullet",
] as const;
export type Format = (typeof formats)[number];

/** One thing found, and how many bytes were taken in so far. */
export type Step = { each: Found; read: number };

/** What is read: the files in the order they are read, below `base`. */
export interface Opened {
  format: Format;
  /** Absolute: the folder, or the folder of the file. */
  base: string;
  files: InputFile[];
  /** What was seen and left out before anything was read. */
  remarks: Found[];
}

/** `name` is relative to the base, with slashes. */
export type InputFile = { path: string; name: string; sizeBytes: number };

export interface Source {
  format: Format;
  /** The source of items that name none. */
  name: string;
  /** Absolute path of what is read. */
  from: string;
  files: number;
  /** Bytes to read in all, for progress. */
  bytes: number;
  /** What was found, in order. Nothing is read before the first one is asked for, and one thing is held at a time. */
  found(): AsyncGenerator<Step>;
}

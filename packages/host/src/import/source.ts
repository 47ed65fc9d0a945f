import type { ImportFormat } from "@mh/contract/values/import-format.ts";
import type { Found } from "@mh/core/memory/import/found.ts";

/** What is read: the files in the order they are read, below `base`. */
export interface Opened {
  format: ImportFormat;
  /** Absolute: the folder, or the folder of the file. */
  base: string;
  files: InputFile[];
  /** What was seen and left out before anything was read. */
  remarks: Found[];
}

/** `name` is relative to the base, with slashes. */
export type InputFile = { path: string; name: string; sizeBytes: number };

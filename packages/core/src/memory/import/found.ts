import type { ImportFate } from "@mh/contract/values/import-format.ts";
import type { ImportItem } from "./item.ts";

/** How it ended with one file, or with all the files below a folder that nobody looks into. */
export type FileEnd = {
  fate: ImportFate;
  /** What it was read as, or how its name ends. */
  kind: string;
  files: number;
  /** How it is known again when nothing of it changed; left out where that cannot be told. */
  stamp?: FileStamp;
  /** Of one that is unchanged: how many memories came of it. */
  memories?: number;
};

/** A file as it lies there: the same stamp is the same text, read the same way. */
export type FileStamp = { path: string; sizeBytes: number; mtimeMs: number; readAs: string };

/** One thing found in what is imported: a memory to be, why there is none, or a remark that costs no memory. */
export type Found =
  | { item: ImportItem & { externalId: string }; where: string }
  | { refused: string; externalId: string | null; where: string }
  | { note: string; where: string /** Something else was taken than what stands there. */; isFallback?: true };

/** After all that was found in a file comes its end. */
export type Ended = { end: FileEnd; where: string };

/** What parsers need from outside, so that the same input gives the same items on every machine. */
export interface ImportContext {
  /** The owner's, for times that name no zone. */
  timeZone: string;
  sha256Hex(text: string): string;
}

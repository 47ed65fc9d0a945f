import type { CsvField, DateOrder, ImportFormat } from "@mh/contract/values/import-format.ts";
import type { Principal } from "@mh/contract/values/principal.ts";
import type { Ended, FileStamp, Found } from "./found.ts";

/** One thing found, or the end of a file, and how many bytes were taken in so far. */
export type Step = {
  each: Found | Ended;
  read: number;
  /** What an item without a source of its own is filed under, and where it was read, if not the whole import's. */
  under?: { source: string; from: string };
};

/** A file or folder that can be imported. */
export interface Source {
  format: ImportFormat;
  /** The source of items that name none. */
  name: string;
  /** All names that its kinds file their items under by themselves: another one may be put in their place. */
  names: readonly string[];
  /** Absolute path of what is read. */
  from: string;
  vault: Vault | undefined;
  files: number;
  /** Bytes to read in all, for progress. */
  bytes: number;
  /** What was found, in order. Nothing is read before the first one is asked for, and one thing is held at a time. */
  found(): AsyncGenerator<Step>;
}

/** Notes that are known by their place below a folder, wherever that lies. */
export interface Vault {
  /** What its items name as their source, as in `markdown:/home/ada/notes`. */
  source: string;
  /** The folder, absolute; and whose kind of notes they are. */
  base: string;
  prefix: string;
  /** Every file that lies there, read or not, relative to the base. */
  places: ReadonlySet<string>;
  /** All of the folder was seen: neither was one file of it given, nor is there a folder in it that may not be read. */
  isWhole: boolean;
  /** Some of its notes, from all over it, by which it is known again. */
  sample(): AsyncGenerator<{ externalId: string; content: string }>;
}

export interface SourceOptions {
  /** How many memories came of a file that is as it was; undefined for one that is not known so. */
  unchanged?: ((stamp: FileStamp) => number | undefined) | undefined;
  format?: ImportFormat | undefined;
  /** Which column of a table is what. */
  map?: Partial<Record<CsvField, string>> | undefined;
  dateOrder?: DateOrder | undefined;
  /** Aborted where nobody waits for it any more: also in the middle of a file that takes long. */
  signal?: AbortSignal | undefined;
}

/**
 * Opens what is to be imported, as its importer may: some places are closed to all, some to all but the owner.
 * Throws `import.unreadable` and `args.invalid` with the next step.
 */
export type OpenSource = (path: string, principal: Principal, options: SourceOptions) => Promise<Source>;

import type { CsvField, ImportFormat } from "@mh/contract/values/import-format.ts";
import type { Principal } from "@mh/contract/values/principal.ts";
import type { Found } from "./found.ts";

/** One thing found, and how many bytes were taken in so far. */
export type Step = { each: Found; read: number };

/** A file or folder that can be imported. */
export interface Source {
  format: ImportFormat;
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

export interface SourceOptions {
  format?: ImportFormat | undefined;
  /** Which column of a table is what. */
  map?: Partial<Record<CsvField, string>> | undefined;
}

/**
 * Opens what is to be imported, for whoever imports it: some places are closed to all, some to all but the owner.
 * Throws `import.unreadable` and `args.invalid` with the next step.
 */
export type OpenSource = (path: string, principal: Principal, options: SourceOptions) => Promise<Source>;

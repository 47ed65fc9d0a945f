import type { ImportFormat } from "@mh/contract/values/import-format.ts";

/** What is here already. */
export interface MovedInto {
  timeZone: string;
  /** The home folder of the program's user. */
  home: string;
  /** MCP servers by name, as the settings in force have them, and names of the owner's secrets. */
  servers: ReadonlyMap<string, unknown>;
  secrets: readonly string[];
  /** A text of this home. */
  read: (path: string) => Uint8Array | undefined;
  /** Files below a folder of this home. */
  list: (folder: string) => string[];
  /** What the persona says of itself; empty where nothing is written. */
  persona: string;
  refusedProgram: (program: string) => string | undefined;
  /** How many memories are found in a folder of texts. */
  countMemories: (path: string, format: ImportFormat) => Promise<number>;
}

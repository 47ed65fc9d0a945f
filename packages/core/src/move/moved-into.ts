import type { ImportFormat } from "@mh/contract/values/import-format.ts";
import type { KeptSecrets } from "../extensions/clients/secret-names.ts";

/** What is here already. */
export interface MovedInto {
  timeZone: string;
  /** The home folder of the program's user. */
  home: string;
  /** MCP servers by name, as the settings in force have them. */
  servers: ReadonlyMap<string, unknown>;
  secrets: KeptSecrets;
  /** A text of this home. */
  read: (path: string) => Uint8Array | undefined;
  /** Files below a folder of this home. */
  list: (folder: string) => string[];
  /** What the persona says of itself; empty where nothing is written. */
  persona: string;
  refusedProgram: (program: string) => string | undefined;
  /** What is found in a folder of texts. */
  countMemories: (path: string, format: ImportFormat) => Promise<FoundMemories>;
}

export interface FoundMemories {
  count: number;
  /** What was not read, and what else is to be known of it, a sentence each. */
  remarks: string[];
}

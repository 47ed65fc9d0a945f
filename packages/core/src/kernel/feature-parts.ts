import type { Config } from "../model/config.ts";
import type { Clock } from "../ports/clock.ts";
import type { Crypto } from "../ports/crypto.ts";
import type { Database } from "../ports/database.ts";
import type { Files, Gzip } from "../ports/files.ts";
import type { Registry } from "./registry.ts";
import type { TableSet } from "./tables.ts";

/** What of a home every feature is given. The world outside comes to skills by ports of their own. */
export interface HomeBasics {
  files: Files;
  crypto: Crypto;
  clock: Clock;
  gzip: Gzip;
  hmacKey: Uint8Array;
  lineKey: Uint8Array;
  config: () => Config;
  /** IANA name of the owner's time zone. */
  timeZone: () => string;
  /** Sees committed state only. */
  reader: Database;
  /** An object of the journal while it still is what its name says: as bytes, and as text. */
  objectBytes: (name: string) => Uint8Array | undefined;
  readObject: (name: string) => string | undefined;
  registry: Registry;
  /** Everything that is folded from the journal. */
  tables: readonly TableSet[];
}

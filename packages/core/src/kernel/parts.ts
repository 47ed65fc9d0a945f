import type { RunProgress } from "@mh/contract/wire/progress.ts";
import type { Ledger } from "../journal/ledger.ts";
import type { Config } from "../model/config.ts";
import type { Digest } from "../policy/plan/plan-state.ts";
import type { PolicySet } from "../policy/policy-set.ts";
import type { Clock } from "../ports/clock.ts";
import type { Crypto } from "../ports/crypto.ts";
import type { Database } from "../ports/database.ts";
import type { Files } from "../ports/files.ts";
import type { UnknownRecipients } from "./circumstances.ts";
import type { KnownSecrets } from "./known-secrets.ts";
import type { Registry } from "./registry.ts";
import type { Declarations, Roles } from "./situation.ts";
import { stopPath } from "./stop-path.ts";
import type { TaskTraces } from "./task-traces.ts";

/** What the kernel is made from. */
export interface KernelDeps {
  ledger: Ledger;
  /** A second connection that sees committed state only. */
  reader: Database;
  registry: Registry;
  files: Files;
  crypto: Crypto;
  clock: Clock;
  hmacKey: Uint8Array;
  config: () => Config;
  /** The rules in force now, and the object that keeps their text. */
  policy: () => PolicySet;
  declared: Declarations;
  roleOf: Roles;
  unknownRecipients: UnknownRecipients;
  /** The owner's own addresses and accounts. */
  ownAddresses: () => readonly string[];
  isProtected: (path: string) => boolean;
  /** Calls back once STOP stands, by whatever program it was made; at once where it does already. */
  onStop: (listener: () => void) => Disposable;
  knownSecrets: KnownSecrets;
  /** Resolves once the secrets that can be read without asking are known. */
  secretsLoaded: () => Promise<void>;
  /** Writes down that the clock jumped, if it did: one that only reads would else read by what was in force before. */
  noteClock: () => Promise<void> | undefined;
  /** The object's text while it still is what its name says. */
  readObject: (name: string) => string | undefined;
  /** Resolves in a turn of the event loop that nobody else who asked has: what came in meanwhile goes before. */
  turn: () => Promise<void>;
  /** Announces how far a run is. */
  announce: (progress: RunProgress) => void;
}

/** The same with what the gate remembers of tasks: handed to each of its steps. */
export interface KernelParts extends KernelDeps {
  traces: TaskTraces;
  /** One function for as long as the kernel lives: what it hashed is kept by it. */
  planDigest: Digest;
}

export const isStopped = ({ files }: Pick<KernelDeps, "files">): boolean => files.facts(stopPath) !== undefined;

/** How the journal names an address. */
export const sealed = (crypto: Crypto, hmacKey: Uint8Array, address: string): string =>
  `hmac:${crypto.hmacHex(hmacKey, address).slice(0, 16)}`;

import type { SecretStoreKind } from "@mh/contract/values/secret-store.ts";

/** Passwords and tokens, kept outside the home. Their values never enter the log, a memory or an argument. */
export interface Secrets {
  /** Throws `secret.missing` where there is none of that name, `secret.locked` where its store is closed. */
  read(name: string): Promise<string>;
  /** Throws `secret.locked`. */
  names(): Promise<string[]>;
  /** Throws `secret.no-store` as long as nobody has chosen one. */
  write(name: string, value: string): Promise<void>;
  remove(name: string): Promise<void>;
  /**
   * A key of mh's own, made at its first use, in one step: two who come at once get the same. It lies with the home's
   * other keys, so that it is there while the owner's secrets are locked.
   */
  own(name: string, make: () => string): string;
}

/**
 * Values that wait to be kept under a name. Whoever has one from the owner leaves it here, sealed, and the command that
 * keeps it says only which: so a value is never an argument.
 */
export interface SecretOffers {
  /** Gives a value once. Throws `secret.missing` where none waits under that id. */
  take(offer: string): string;
}

export interface SecretsState {
  /** Where the owner's secrets lie; null as long as nobody has chosen. */
  store: SecretStoreKind | null;
  /** Why none can be read now; null where they can. */
  locked: string | null;
}

/** Where secrets lie, and how they come from one place to another. */
export interface SecretStores {
  state(): Promise<SecretsState>;
  /** Says why the keychain of this machine cannot be used; undefined where a value came back that was kept there. */
  keychainLacks(): Promise<string | undefined>;
  /** Opens the store; the keychain asks by itself. Throws `secret.locked` where it stays closed. */
  unlock(passphrase: string | undefined): Promise<void>;
  /**
   * Copies every secret to another store, reads each back, lets `settle` make that store the one in force, and only then
   * removes what lies elsewhere: whenever it is cut off, each is in at least one, and doing it again ends it.
   */
  move(
    to: SecretStoreKind,
    passphrase: string | undefined,
    settle: () => Promise<void>,
  ): Promise<{ moved: string[]; from: SecretStoreKind[] }>;
}

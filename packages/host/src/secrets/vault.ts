import { Fault } from "@mh/contract/values/fault.ts";
import { isOwnSecret, type SecretStoreKind, secretStores } from "@mh/contract/values/secret-store.ts";
import { KnownSecrets } from "@mh/core/kernel/known-secrets.ts";
import type { SecretOffers, SecretStores, Secrets, SecretsState } from "@mh/core/ports/secrets.ts";
import type { SecretSettings } from "@mh/core/secrets/settings.ts";
import { sweepTemporaries } from "../adapters/cut-off-writes.ts";
import { keyFileStore } from "./key-files.ts";
import { Keychain } from "./keychain.ts";
import { passphraseFrom } from "./passphrase-credential.ts";
import { type HeldKey, lockedText, PassphraseFiles } from "./passphrase-files.ts";
import { takeOffer } from "./sealed-offer.ts";
import { missing, type SecretFiles, secretFiles, secretFolder } from "./secret-files.ts";
import type { SecretStore } from "./secret-store.ts";

/** What a process knows of secrets, for as long as it lives: also while a home is closed and opened again. */
export interface SecretMemory {
  known: KnownSecrets;
  held: HeldKey;
}

export const newSecretMemory = (): SecretMemory => ({ known: new KnownSecrets(), held: {} });

export interface VaultParts {
  keyFolder: string;
  homeId: string;
  environment: Record<string, string | undefined>;
  settings: () => SecretSettings;
  memory: SecretMemory;
}

/**
 * The secrets of a home, in whichever store the settings name. Every value that passes through here is known from then
 * on to what keeps secrets out of logs and arguments.
 */
export class Vault implements Secrets, SecretOffers, SecretStores {
  readonly #parts: VaultParts;
  readonly #files: SecretFiles;
  readonly #keychain: Keychain;
  readonly #passphrase: PassphraseFiles;
  readonly #stores: Record<SecretStoreKind, SecretStore>;
  /** Whoever changes something waits for who does already. */
  #turn: Promise<unknown> = Promise.resolve();

  constructor(parts: VaultParts) {
    const { keyFolder, homeId, environment, memory } = parts;
    this.#parts = parts;
    this.#files = secretFiles(keyFolder);
    this.#keychain = new Keychain(homeId, environment);
    this.#passphrase = new PassphraseFiles(keyFolder, homeId, memory.held);
    this.#stores = { keychain: this.#keychain, passphrase: this.#passphrase, keyfile: keyFileStore(this.#files) };
  }

  async read(name: string): Promise<string> {
    if (isOwnSecret(name)) return this.#learned(name, this.#files.read(name));
    const value = await (await this.#open())?.read(name);
    if (value === undefined) throw missing(name);
    return this.#learned(name, value);
  }

  async names(): Promise<string[]> {
    const store = await this.#inForce();
    const own = this.#files.names().filter(isOwnSecret);
    return [...own, ...((await store?.names()) ?? [])].sort();
  }

  write(name: string, value: string): Promise<void> {
    return this.#inTurn(async () => {
      this.#learned(name, value);
      if (isOwnSecret(name)) return this.#files.write(name, value);
      const store = await this.#open();
      if (!store)
        throw new Fault("secret.no-store", "There is no place for secrets yet. `mh secret store` chooses one.");
      await store.write(name, value);
    });
  }

  remove(name: string): Promise<void> {
    return this.#inTurn(async () => {
      if (isOwnSecret(name)) this.#files.remove(name);
      else await (await this.#inForce())?.remove(name);
      this.#parts.memory.known.forget(name);
    });
  }

  own(name: string, make: () => string): string {
    if (!this.#files.names().includes(name)) this.#files.write(name, make());
    return this.#learned(name, this.#files.read(name));
  }

  take(offer: string): string {
    return takeOffer(this.#parts.keyFolder, offer);
  }

  async state(): Promise<SecretsState> {
    const store = await this.#inForce();
    if (!store) return { store: null, locked: null };
    try {
      await this.#open();
      if (store.kind === "keychain") await store.names();
      return { store: store.kind, locked: null };
    } catch (error) {
      if (error instanceof Fault) return { store: store.kind, locked: error.message };
      throw error;
    }
  }

  keychainLacks(): Promise<string | undefined> {
    return this.#keychain.lacks();
  }

  async unlock(passphrase: string | undefined): Promise<void> {
    const store = await this.#inForce();
    if (store?.kind === "keychain") await this.#keychain.unlock();
    if (passphrase !== undefined) await this.#passphrase.unlock(passphrase);
    else if (store?.kind === "passphrase") await this.#open();
    await this.#learnAll(store);
  }

  move(to: SecretStoreKind, passphrase: string | undefined, settle: () => Promise<void>) {
    return this.#inTurn(async () => {
      this.#sweep();
      const target = this.#stores[to];
      const before = await this.#inForce();
      const sources = await this.#sources(to, before);
      if (to === "passphrase") await this.#readyPassphrase(passphrase);
      if (to === "keychain") await this.#readyKeychain();
      const moved: string[] = [];
      for (const [name, value] of valuesOf(sources, await target.names(), before?.kind === to)) {
        this.#learned(name, value);
        await target.write(name, value);
        if ((await target.read(name)) !== value) throw new Fault("secret.failed", `${name} did not arrive as it was.`);
        moved.push(name);
      }
      if (this.#parts.settings().store !== to) await settle();
      for (const { store, names } of sources) for (const name of names) await store.remove(name);
      if (to !== "passphrase") this.#passphrase.clear();
      return { moved, from: sources.filter(({ names }) => names.length > 0).map(({ store }) => store.kind) };
    });
  }

  /**
   * Makes known what can be read without asking. A daemon opens the passphrase's store where a file holds the passphrase;
   * for everyone else that waits until it is needed. Gives why nothing can be read; undefined where it can.
   */
  async load({ byCredential = false } = {}): Promise<string | undefined> {
    this.#sweep();
    try {
      for (const name of this.#files.names().filter(isOwnSecret)) this.#learned(name, this.#files.read(name));
      const store = await this.#inForce();
      if (store?.kind === "passphrase" && this.#passphrase.isLocked && !byCredential) return lockedText;
      await this.#open();
      await this.#learnAll(store);
      return undefined;
    } catch (error) {
      if (error instanceof Fault) return error.message;
      throw error;
    }
  }

  /** What the settings name; where they name none, the key files of homes from before there was a choice. */
  async #inForce(): Promise<SecretStore | undefined> {
    const { store } = this.#parts.settings();
    if (store) return this.#stores[store];
    const { keyfile } = this.#stores;
    return (await keyfile.names()).length > 0 ? keyfile : undefined;
  }

  /** The same, opened with the passphrase of a file where one is named. */
  async #open(): Promise<SecretStore | undefined> {
    const store = await this.#inForce();
    if (store?.kind !== "passphrase" || !this.#passphrase.isLocked) return store;
    const passphrase = passphraseFrom(this.#parts.settings().passphraseFile, this.#parts.environment);
    if (passphrase === undefined) throw new Fault("secret.locked", lockedText);
    await this.#passphrase.unlock(passphrase);
    return store;
  }

  /**
   * The other stores and what they hold, the one in force first. A keychain that is not in force and cannot be looked into
   * is passed over.
   */
  async #sources(to: SecretStoreKind, before: SecretStore | undefined): Promise<Source[]> {
    const inOrder = new Set([...(before ? [before.kind] : []), ...secretStores]);
    inOrder.delete(to);
    const current = (await before?.names()) ?? [];
    const sources: Source[] = [];
    for (const kind of inOrder) {
      const store = this.#stores[kind];
      try {
        if (kind === before?.kind) await this.#open();
        const names = await store.names();
        // Of what is in force already, this is an older copy: it need not even be opened.
        const isOld = kind !== before?.kind && names.every((name) => current.includes(name));
        sources.push({ store, names, values: isOld ? new Map() : await store.readAll() });
      } catch (error) {
        if (!(error instanceof Fault && kind === "keychain" && kind !== before?.kind)) throw error;
      }
    }
    return sources;
  }

  async #readyPassphrase(given: string | undefined): Promise<void> {
    if (!this.#passphrase.isLocked) return;
    const { settings, environment } = this.#parts;
    const passphrase = given ?? passphraseFrom(settings().passphraseFile, environment);
    const isBegun = this.#passphrase.isMade && (await this.#passphrase.names()).length > 0;
    if (passphrase === undefined) throw new Fault("secret.locked", lockedText);
    await (isBegun ? this.#passphrase.unlock(passphrase) : this.#passphrase.make(passphrase));
  }

  async #readyKeychain(): Promise<void> {
    const lacks = await this.#keychain.lacks();
    if (lacks !== undefined)
      throw new Fault("secret.failed", `Nothing was moved: ${lacks}. Your secrets stay where they are.`);
  }

  #sweep(): void {
    for (const folder of [secretFolder(this.#parts.keyFolder), this.#passphrase.folder]) sweepTemporaries(folder);
  }

  async #learnAll(store: SecretStore | undefined): Promise<void> {
    for (const [name, value] of (await store?.readAll()) ?? []) this.#learned(name, value);
  }

  #learned(name: string, value: string): string {
    this.#parts.memory.known.learn(name, value);
    return value;
  }

  #inTurn<T>(work: () => Promise<T>): Promise<T> {
    const done = this.#turn.then(work);
    this.#turn = done.catch(() => undefined);
    return done;
  }
}

interface Source {
  store: SecretStore;
  names: string[];
  values: Map<string, string>;
}

/** What is to be copied: of several values of one name the one in force; what the target has counts as that where it is in force. */
function valuesOf(sources: readonly Source[], there: readonly string[], isTargetInForce: boolean): Map<string, string> {
  const all = new Map<string, string>();
  for (const { values } of [...sources].reverse()) for (const [name, value] of values) all.set(name, value);
  if (isTargetInForce) for (const name of there) all.delete(name);
  return all;
}

import { randomUUID } from "node:crypto";
import * as fs from "node:fs";
import * as path from "node:path";
import { Fault } from "@mh/contract/values/fault.ts";
import type { SecretStore } from "./secret-store.ts";

type Environment = Record<string, string | undefined>;

/** While somebody types the keychain's password. */
const patienceMs = 60_000;
/** Never the kernel's keyring, which a restart of the machine empties. */
const pinned = { linux: { store: "secret-service" } } as const;
const probeName = "mh.probe";

/**
 * The keychain of this machine's user: the Secret Service of a Linux desktop, and what macOS and Windows have. Reading
 * never makes a window pop up; `unlock` may.
 */
export class Keychain implements SecretStore {
  readonly kind = "keychain";
  readonly #service: string;
  readonly #environment: Environment;

  constructor(homeId: string, environment: Environment) {
    this.#service = `mh/${homeId}`;
    this.#environment = environment;
  }

  async names(): Promise<string[]> {
    return [...(await this.readAll()).keys()];
  }

  async read(name: string): Promise<string | undefined> {
    return (await this.readAll()).get(name);
  }

  async readAll(): Promise<Map<string, string>> {
    const found = await this.#ask(async ({ AsyncEntry, findCredentialsAsync }) => {
      // Whoever is asked for one entry gives up after two seconds; for all of them, never: so this one goes first.
      await new AsyncEntry(this.#service, probeName, pinned).getPassword();
      return findCredentialsAsync(this.#service);
    });
    return new Map(
      found.map(({ account, password }) => [account, password] as const).filter(([name]) => name !== probeName),
    );
  }

  async write(name: string, value: string): Promise<void> {
    await this.readAll();
    await this.#ask(({ AsyncEntry }) => new AsyncEntry(this.#service, name, pinned).setPassword(value));
    if ((await this.read(name)) === value) return;
    throw new Fault("secret.failed", `The keychain did not keep ${name}. \`mh doctor\` says more.`);
  }

  async remove(name: string): Promise<void> {
    await this.readAll();
    await this.#ask(({ AsyncEntry }) => new AsyncEntry(this.#service, name, pinned).deletePassword());
  }

  /** Opens it where it is locked: the system shows a window of its own. */
  async unlock(): Promise<void> {
    const lacks = await this.lacks();
    if (lacks !== undefined) throw locked(lacks);
  }

  /** Why it cannot be used; undefined where a value came back that was kept there. */
  async lacks(): Promise<string | undefined> {
    const value = randomUUID();
    try {
      const back = await this.#ask(async ({ AsyncEntry }) => {
        const entry = new AsyncEntry(this.#service, probeName, pinned);
        await entry.setPassword(value);
        const kept = await entry.getPassword();
        await entry.deletePassword();
        return kept;
      });
      return back === value ? undefined : "the keychain gives back something else than it was given";
    } catch (error) {
      if (error instanceof Fault && error.cause instanceof Error) return error.cause.message;
      throw error;
    }
  }

  async #ask<T>(work: (library: typeof import("./keyring.ts")) => Promise<T>): Promise<T> {
    const lacks = sessionLacks(this.#environment);
    if (lacks !== undefined) throw locked(lacks);
    const library = await import("./keyring.ts").catch(() => undefined);
    if (!library) throw locked("the keychain's library does not run on this machine");
    const late = Promise.withResolvers<never>();
    const timer = setTimeout(() => late.reject(locked("the keychain does not answer")), patienceMs);
    try {
      return await Promise.race([work(library), late.promise]);
    } catch (error) {
      throw error instanceof Fault ? error : locked(reasonOf(error));
    } finally {
      clearTimeout(timer);
    }
  }
}

function sessionLacks({ DBUS_SESSION_BUS_ADDRESS, XDG_RUNTIME_DIR }: Environment): string | undefined {
  if (process.platform !== "linux" || DBUS_SESSION_BUS_ADDRESS) return undefined;
  if (XDG_RUNTIME_DIR && fs.existsSync(path.join(XDG_RUNTIME_DIR, "bus"))) return undefined;
  return "no keychain runs here, because there is no desktop session";
}

function reasonOf(error: unknown): string {
  const message = error instanceof Error ? error.message : String(error);
  if (/IsLocked|locked object|prompt was dismissed/i.test(message)) return "the keychain is locked";
  if (/no result found|ServiceUnknown|not provided|autolaunch|Failed to connect/i.test(message))
    return "no keychain runs in this session";
  if (/did not receive a reply/i.test(message)) return "the keychain does not answer";
  return `the keychain refuses (${message.split("\n", 1)[0]})`;
}

function locked(why: string): Fault {
  const next = "`mh secret unlock` opens it in a desktop session";
  return new Fault("secret.locked", `Your secrets cannot be read now: ${why}. ${next}.`, { cause: new Error(why) });
}

import * as path from "node:path";
import { Fault } from "@mh/contract/values/fault.ts";
import type { Keychain } from "../secrets/keychain.ts";
import { fitsEnvelope } from "./envelope.ts";

type Environment = Record<string, string | undefined>;

const name = "home-key";

/**
 * Keeps the data key in the keychain of this machine's user, apart from the secrets: everybody who is logged in as them opens the home
 * without its passphrase. Another passphrase changes nothing of it.
 */
export async function rememberKey(keyFolder: string, environment: Environment, dataKey: Uint8Array): Promise<void> {
  const value = Buffer.from(dataKey).toString("base64");
  await asked("was not kept in", async () => (await keychainOf(keyFolder, environment)).write(name, value));
}

/** Throws `home.locked` where the keychain has none, has another home's, or cannot be asked. */
export async function rememberedKey(keyFolder: string, environment: Environment): Promise<Buffer> {
  const value = await asked("cannot be taken from", async () => (await keychainOf(keyFolder, environment)).read(name));
  if (value === undefined) throw locked("is not in", "`mh unlock --remember` puts it there");
  const key = Buffer.from(value, "base64");
  if (key.length !== 32 || !fitsEnvelope(keyFolder, key))
    throw locked("is another one than that in", "`mh unlock --remember` puts it there");
  return key;
}

export async function forgetRememberedKey(keyFolder: string, environment: Environment): Promise<void> {
  await asked("was not taken out of", async () => (await keychainOf(keyFolder, environment)).remove(name));
}

async function keychainOf(keyFolder: string, environment: Environment): Promise<Keychain> {
  const { Keychain } = await import("../secrets/keychain.ts");
  return new Keychain(`${path.basename(keyFolder)}/${name}`, environment);
}

async function asked<T>(what: string, ask: () => Promise<T>): Promise<T> {
  try {
    return await ask();
  } catch (error) {
    if (!(error instanceof Fault)) throw error;
    const why = error.cause instanceof Error ? error.cause.message : error.message;
    throw locked(what, `${why}. \`mh unlock\` asks for the passphrase`);
  }
}

const locked = (what: string, next: string): Fault =>
  new Fault("home.locked", `The key of this home ${what} the keychain: ${next}.`);

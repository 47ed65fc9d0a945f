import * as node from "node:crypto";
import * as fs from "node:fs";
import * as path from "node:path";
import { once } from "@mh/contract/once.ts";
import { Fault } from "@mh/contract/values/fault.ts";
import { z } from "zod";
import { readPlainText } from "../adapters/plain-file.ts";
import { keyOfPassphrase, refuseShortPassphrase, scryptCost } from "./passphrase-key.ts";
import { removePrivate, writePrivate } from "./private-file.ts";
import type { SecretStore } from "./secret-store.ts";

/** The key that a passphrase gave, for as long as this process lives, and the salt it belongs to. */
export interface HeldKey {
  key?: Buffer;
  salt?: string;
}

const sealedSchema = once(() =>
  z.strictObject({ v: z.literal(1), nonce: z.base64(), tag: z.base64(), text: z.base64() }),
);
type Sealed = z.infer<ReturnType<typeof sealedSchema>>;

const keySchema = once(() =>
  z.strictObject({
    v: z.literal(1),
    kdf: z.literal("scrypt"),
    N: z.literal(scryptCost.N),
    r: z.literal(scryptCost.r),
    p: z.literal(scryptCost.p),
    salt: z.base64(),
    /** Sealed with the key: shows whether a passphrase is the right one. */
    check: sealedSchema(),
  }),
);

/**
 * Files encrypted with AES-256-GCM, by a key that scrypt makes of a passphrase. Each has a nonce of its own; home and name
 * are authenticated, so that no file can stand for another. The names themselves can be seen.
 */
export class PassphraseFiles implements SecretStore {
  readonly kind = "passphrase";
  readonly folder: string;
  readonly #homeId: string;
  readonly #held: HeldKey;

  constructor(keyFolder: string, homeId: string, held: HeldKey) {
    this.folder = path.join(keyFolder, "sealed");
    this.#homeId = homeId;
    this.#held = held;
  }

  /** Whether a passphrase was ever chosen. */
  get isMade(): boolean {
    return fs.existsSync(this.#keyFile);
  }

  get isLocked(): boolean {
    return this.#held.key === undefined || this.#held.salt !== this.#readKey()?.salt;
  }

  async names(): Promise<string[]> {
    const files = fs.existsSync(this.folder) ? fs.readdirSync(this.folder) : [];
    return files
      .flatMap((file) => (file.endsWith(suffix) ? [decodeURIComponent(file.slice(0, -suffix.length))] : []))
      .sort();
  }

  async read(name: string): Promise<string | undefined> {
    const key = this.#key();
    const file = this.#fileOf(name);
    return fs.existsSync(file) ? unseal(key, this.#about(name), parsed(sealedSchema(), file), file) : undefined;
  }

  async readAll(): Promise<Map<string, string>> {
    const all = new Map<string, string>();
    for (const name of await this.names()) all.set(name, (await this.read(name)) ?? "");
    return all;
  }

  async write(name: string, value: string): Promise<void> {
    writePrivate(this.#fileOf(name), `${JSON.stringify(seal(this.#key(), this.#about(name), value))}\n`);
  }

  /** Needs no passphrase: whoever may delete the file may do that anyway. */
  async remove(name: string): Promise<void> {
    removePrivate(this.#fileOf(name));
  }

  /** Begins anew with a passphrase of its own. */
  async make(passphrase: string): Promise<void> {
    refuseShortPassphrase(passphrase);
    const salt = node.randomBytes(32).toString("base64");
    const key = await keyOfPassphrase(passphrase, salt);
    const check = seal(key, this.#about(""), "");
    writePrivate(this.#keyFile, `${JSON.stringify({ v: 1, kdf: "scrypt", ...scryptCost, salt, check })}\n`);
    Object.assign(this.#held, { key, salt });
  }

  async unlock(passphrase: string): Promise<void> {
    const found = this.#readKey();
    if (!found)
      throw new Fault("secret.no-store", "No passphrase was chosen yet. `mh secret store passphrase` asks for one.");
    const key = await keyOfPassphrase(passphrase, found.salt);
    if (!opens(key, this.#about(""), found.check)) {
      throw new Fault("secret.locked", "That is not the passphrase. `mh secret unlock` asks again.");
    }
    Object.assign(this.#held, { key, salt: found.salt });
  }

  /** Throws everything away, the passphrase last. */
  clear(): void {
    fs.rmSync(this.folder, { recursive: true, force: true });
    this.#held.key?.fill(0);
    delete this.#held.key;
  }

  #key(): Buffer {
    const { key } = this.#held;
    if (key && !this.isLocked) return key;
    throw new Fault("secret.locked", lockedText);
  }

  #readKey(): z.infer<ReturnType<typeof keySchema>> | undefined {
    return this.isMade ? parsed(keySchema(), this.#keyFile) : undefined;
  }

  get #keyFile(): string {
    return path.join(this.folder, "key.json");
  }

  #fileOf(name: string): string {
    return path.join(this.folder, encodeURIComponent(name) + suffix);
  }

  #about(name: string): Buffer {
    return Buffer.from(JSON.stringify(["mh.secret/1", this.#homeId, name]));
  }
}

export const lockedText = "Your secrets are locked, and need your passphrase. `mh secret unlock` asks for it.";
const suffix = ".sealed";

function seal(key: Buffer, about: Buffer, text: string): Sealed {
  const nonce = node.randomBytes(12);
  const cipher = node.createCipheriv("aes-256-gcm", key, nonce).setAAD(about);
  const sealed = Buffer.concat([cipher.update(text, "utf8"), cipher.final()]);
  const base64 = (bytes: Buffer) => bytes.toString("base64");
  return { v: 1, nonce: base64(nonce), tag: base64(cipher.getAuthTag()), text: base64(sealed) };
}

function unseal(key: Buffer, about: Buffer, { nonce, tag, text }: Sealed, file: string): string {
  try {
    const bytes = (base64: string) => Buffer.from(base64, "base64");
    const cipher = node.createDecipheriv("aes-256-gcm", key, bytes(nonce), { authTagLength: 16 });
    cipher.setAAD(about).setAuthTag(bytes(tag));
    return Buffer.concat([cipher.update(bytes(text)), cipher.final()]).toString("utf8");
  } catch (cause) {
    throw damaged(file, cause);
  }
}

function opens(key: Buffer, about: Buffer, check: Sealed): boolean {
  try {
    return unseal(key, about, check, "") === "";
  } catch {
    return false;
  }
}

function parsed<T>(schema: z.ZodType<T>, file: string): T {
  try {
    return schema.parse(JSON.parse(readPlainText(file)));
  } catch (cause) {
    throw damaged(file, cause);
  }
}

const damaged = (file: string, cause: unknown): Fault =>
  new Fault("secret.failed", `${file} was changed or is damaged. Put it back from a backup, or set that secret anew.`, {
    cause,
  });

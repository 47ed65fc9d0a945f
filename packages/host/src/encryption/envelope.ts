import * as node from "node:crypto";
import * as fs from "node:fs";
import * as path from "node:path";
import { once } from "@mh/contract/once.ts";
import { Fault } from "@mh/contract/values/fault.ts";
import { z } from "zod";
import { readPlainText } from "../adapters/plain-file.ts";
import { keyOfPassphrase, refuseShortPassphrase, scryptCost } from "../secrets/passphrase-key.ts";
import { writePrivate } from "../secrets/private-file.ts";
import { open, seal } from "./cipher.ts";

const envelopeSchema = once(() =>
  z.strictObject({
    v: z.literal(1),
    home: z.uuid(),
    /** The data key, sealed with what scrypt makes of a passphrase. */
    kdf: z.literal("scrypt"),
    N: z.literal(scryptCost.N),
    r: z.literal(scryptCost.r),
    p: z.literal(scryptCost.p),
    salt: z.base64(),
    key: z.base64(),
    /** Tells whether a data key is the one, and nothing of it. */
    check: z.hex(),
  }),
);
type Envelope = z.infer<ReturnType<typeof envelopeSchema>>;

/** A home is encrypted from the moment on that its envelope lies beside its keys. */
export const isEnveloped = (keyFolder: string): boolean => fs.existsSync(fileIn(keyFolder));

/** Chooses a data key, and leaves it in an envelope that a passphrase opens. */
export async function makeEnvelope(keyFolder: string, home: string, passphrase: string): Promise<Buffer> {
  const dataKey = node.randomBytes(32);
  await wrap(keyFolder, home, passphrase, dataKey);
  return dataKey;
}

/** Throws `home.locked` where the passphrase is another one. */
export async function openEnvelope(keyFolder: string, passphrase: string): Promise<Buffer> {
  const { home, salt, key } = readEnvelope(keyFolder);
  const wrapping = await keyOfPassphrase(passphrase, salt);
  try {
    return open(wrapping, Buffer.from(key, "base64"), `mh data key ${home}`);
  } catch {
    throw new Fault("home.locked", "That is not the passphrase of this home. `mh unlock` asks again.");
  }
}

/** Another passphrase for the same data key: nothing of the home is written anew. */
export async function rewrap(keyFolder: string, before: string, after: string): Promise<void> {
  await wrap(keyFolder, readEnvelope(keyFolder).home, after, await openEnvelope(keyFolder, before));
}

export function fitsEnvelope(keyFolder: string, dataKey: Uint8Array): boolean {
  return readEnvelope(keyFolder).check === checkOf(dataKey);
}

/** Whether the envelopes in two folders hold one data key, whatever their passphrases. */
export const holdSameKey = (a: string, b: string): boolean => readEnvelope(a).check === readEnvelope(b).check;

async function wrap(keyFolder: string, home: string, passphrase: string, dataKey: Buffer): Promise<void> {
  refuseShortPassphrase(passphrase);
  const salt = node.randomBytes(32).toString("base64");
  const key = seal(await keyOfPassphrase(passphrase, salt), dataKey, `mh data key ${home}`).toString("base64");
  const envelope: Envelope = { v: 1, home, kdf: "scrypt", ...scryptCost, salt, key, check: checkOf(dataKey) };
  writePrivate(fileIn(keyFolder), `${JSON.stringify(envelope, null, 2)}\n`);
}

function readEnvelope(keyFolder: string): Envelope {
  const file = fileIn(keyFolder);
  try {
    return envelopeSchema().parse(JSON.parse(readPlainText(file)));
  } catch (cause) {
    const message = `The key ${file} is missing or damaged. Restore it from a backup of your config folder.`;
    throw new Fault("keys.missing", message, { cause });
  }
}

const fileIn = (keyFolder: string): string => path.join(keyFolder, "home-key.json");

const checkOf = (dataKey: Uint8Array): string => node.createHmac("sha256", dataKey).update("mh data key").digest("hex");

import * as node from "node:crypto";
import { promisify } from "node:util";
import { Fault } from "@mh/contract/values/fault.ts";

/** A third of a second and 128 MiB for each guess. */
export const scryptCost = { N: 2 ** 17, r: 8, p: 1 } as const;
const scrypt = promisify<string, Buffer, number, node.ScryptOptions, Buffer>(node.scrypt);
const passphraseLengthMin = 8;

/** The key that scrypt makes of a passphrase and a salt (base64): the same whatever keyboard and system wrote it (NFKC). */
export const keyOfPassphrase = (passphrase: string, salt: string): Promise<Buffer> =>
  scrypt(passphrase.normalize("NFKC"), Buffer.from(salt, "base64"), 32, { ...scryptCost, maxmem: 2 ** 28 });

/** Throws `args.invalid` for a passphrase that is chosen now and is soon guessed. */
export function refuseShortPassphrase(passphrase: string): void {
  if (passphrase.length >= passphraseLengthMin) return;
  const message = `A passphrase has at least ${passphraseLengthMin} characters; a few words are best.`;
  throw new Fault("args.invalid", message);
}

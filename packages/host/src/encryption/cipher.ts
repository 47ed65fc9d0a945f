import * as node from "node:crypto";
import type { LineCodec } from "@mh/core/ports/line-codec.ts";
import { NameCipher } from "./name-cipher.ts";

const nonceBytes = 12;
const tagBytes = 16;
const linePrefix = Buffer.from("~1 ");
const fileHead = Buffer.from("mh-sealed/1\n");

/**
 * What an encrypted home is stored with: AES-256-GCM, a random nonce for each line and each file. A file is bound to its path
 * in the home, so that none can stand for another. Lines are not: which belong where, the log knows.
 */
export class Cipher implements LineCodec {
  readonly #lineKey: Buffer;
  readonly #fileKey: Buffer;
  /** The key of the index and of other databases. */
  readonly databaseKey: Buffer;
  readonly names: NameCipher;

  constructor(dataKey: Uint8Array) {
    this.#lineKey = derived(dataKey, "lines");
    this.#fileKey = derived(dataKey, "files");
    this.databaseKey = derived(dataKey, "databases");
    this.names = new NameCipher(derived(dataKey, "names"));
  }

  encode(text: string): string {
    return this.sealLine(Buffer.from(text)).toString();
  }

  decode(stored: string): string {
    return this.openLine(Buffer.from(stored)).toString();
  }

  sealLine(bytes: Uint8Array): Buffer {
    return Buffer.concat([linePrefix, Buffer.from(seal(this.#lineKey, bytes, "line").toString("base64"))]);
  }

  openLine(stored: Uint8Array): Buffer {
    const text = Buffer.from(stored).subarray(linePrefix.length).toString("latin1");
    return open(this.#lineKey, Buffer.from(text, "base64"), "line");
  }

  sealFile(path: string, bytes: Uint8Array): Buffer {
    return Buffer.concat([fileHead, seal(this.#fileKey, bytes, nameOf(path))]);
  }

  openFile(path: string, stored: Uint8Array): Buffer {
    return open(this.#fileKey, stored.subarray(fileHead.length), nameOf(path));
  }
}

export const isSealedLine = (stored: Uint8Array): boolean => startsWith(stored, linePrefix);
export const isSealedFile = (stored: Uint8Array): boolean => startsWith(stored, fileHead);

/** A line of a log, which may be from before the home was encrypted. */
export const openedText = (stored: string, sealer: LineCodec | undefined): string =>
  sealer && stored.startsWith(linePrefix.toString()) ? sealer.decode(stored) : stored;

const startsWith = (bytes: Uint8Array, head: Buffer): boolean => head.equals(bytes.subarray(0, head.length));

/** What a sealed file is bound to. */
const nameOf = (path: string): string => ["file", path].join(" ");

const derived = (dataKey: Uint8Array, use: string): Buffer =>
  Buffer.from(node.hkdfSync("sha256", dataKey, new Uint8Array(), `mh at rest: ${use}`, 32));

/** Nonce, ciphertext and tag. */
export function seal(key: Uint8Array, bytes: Uint8Array, about: string): Buffer {
  const nonce = node.randomBytes(nonceBytes);
  const cipher = node.createCipheriv("aes-256-gcm", key, nonce).setAAD(Buffer.from(about));
  return Buffer.concat([nonce, cipher.update(bytes), cipher.final(), cipher.getAuthTag()]);
}

/** Throws where the key is another one, or the bytes were changed. */
export function open(key: Uint8Array, stored: Uint8Array, about: string): Buffer {
  if (stored.length < nonceBytes + tagBytes) throw new Error("It is too short to be sealed.");
  const decipher = node.createDecipheriv("aes-256-gcm", key, stored.subarray(0, nonceBytes), {
    authTagLength: tagBytes,
  });
  decipher.setAAD(Buffer.from(about)).setAuthTag(stored.subarray(-tagBytes));
  return Buffer.concat([decipher.update(stored.subarray(nonceBytes, -tagBytes)), decipher.final()]);
}

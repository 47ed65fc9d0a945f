import * as node from "node:crypto";

/** Of an ending it stays open what a reader of lines or text goes by. */
const openEnding = /\.(?:md|ndjson)$/;
const storedName = /^~([a-z2-7]+)(\.md|\.ndjson)?$/;
const ivBytes = 16;

/** What a system lets a name have, and leaves a temporary name beside it. */
const nameBytesMax = 240;

/**
 * Names of files, sealed so that one name is always stored as the same: AES-256-CTR under a synthetic IV (the construction of
 * SIV, RFC 5297), in base32, which disks that do not tell capital letters keep apart. A name is bound to its folder.
 */
export class NameCipher {
  readonly #macKey: Buffer;
  readonly #key: Buffer;

  constructor(key: Uint8Array) {
    const made = (use: string) => node.createHmac("sha256", key).update(use).digest();
    [this.#macKey, this.#key] = [made("iv"), made("name")];
  }

  /** Undefined where it would be longer than a disk takes. */
  seal(folder: string, name: string): string | undefined {
    const ending = openEnding.exec(name)?.[0] ?? "";
    const iv = this.#iv(folder, name);
    const cipher = node.createCipheriv("aes-256-ctr", this.#key, iv);
    const inner = Buffer.concat([iv, cipher.update(name.slice(0, name.length - ending.length)), cipher.final()]);
    const stored = `~${base32(inner)}${ending}`;
    return stored.length <= nameBytesMax ? stored : undefined;
  }

  /** Undefined for what is no sealed name of this folder. */
  open(folder: string, stored: string): string | undefined {
    const [, code = "", ending = ""] = storedName.exec(stored) ?? [];
    const bytes = fromBase32(code);
    if (bytes.length <= ivBytes || base32(bytes) !== code) return undefined;
    const [iv, sealed] = [bytes.subarray(0, ivBytes), bytes.subarray(ivBytes)];
    const decipher = node.createDecipheriv("aes-256-ctr", this.#key, iv);
    const name = `${Buffer.concat([decipher.update(sealed), decipher.final()])}${ending}`;
    return node.timingSafeEqual(this.#iv(folder, name), iv) ? name : undefined;
  }

  #iv(folder: string, name: string): Buffer {
    return node.createHmac("sha256", this.#macKey).update(`${folder}/${name}`).digest().subarray(0, ivBytes);
  }
}

export const looksSealed = (name: string): boolean => storedName.test(name);

const digits = "abcdefghijklmnopqrstuvwxyz234567";

/** RFC 4648 §6, in small letters and without padding. */
function base32(bytes: Uint8Array): string {
  let [text, held, bits] = ["", 0, 0];
  for (const byte of bytes) {
    held = (held << 8) | byte;
    for (bits += 8; bits >= 5; bits -= 5) text += digits[(held >>> (bits - 5)) & 31];
    held &= (1 << bits) - 1;
  }
  return bits === 0 ? text : text + digits[(held << (5 - bits)) & 31];
}

function fromBase32(text: string): Buffer {
  const bytes: number[] = [];
  let [held, bits] = [0, 0];
  for (const digit of text) {
    held = (held << 5) | digits.indexOf(digit);
    bits += 5;
    if (bits >= 8) {
      bits -= 8;
      bytes.push((held >>> bits) & 255);
    }
    held &= (1 << bits) - 1;
  }
  return Buffer.from(bytes);
}

import { toHex, utf8 } from "../../ports/bytes.ts";
import type { Crypto } from "../../ports/crypto.ts";

/**
 * A passage of what was forgotten, by which it is recognized later though nobody keeps its words: how many bytes it has,
 * a rolling sum that finds candidates, and 52 bits of an HMAC that decides. Both need the home's key, which lies outside it.
 */
export interface Mark {
  size: number;
  near: number;
  sum: number;
}

/** Passages are so long, or as long as the text has room for. */
const sizes = [16, 8, 5] as const;
const passagesMax = 16;

export interface MarkKeys {
  crypto: Crypto;
  hmacKey: Uint8Array;
}

/** The marks of texts that are about to be forgotten; none where every text is too short to be told from others. */
export function marksOf(keys: MarkKeys, id: string, texts: readonly string[]): Mark[] {
  const passages = new Map(texts.flatMap((text) => passagesOf(text)).map((bytes) => [toHex(bytes), bytes]));
  const base = baseOf(keys);
  return [...passages.values()].map((bytes, n) => ({
    ...{ size: bytes.length, sum: sumOf(keys, bytes) },
    near: (rolled(bytes, base) ^ maskOf(keys, id, n)) >>> 0,
  }));
}

/** Passages that stand in every form that a text is stored in: JSON changes quotes, backslashes and line ends alone. */
function passagesOf(text: string): Uint8Array[] {
  const parts = text.split(/["\\\p{Cc}]+/u).map((part) => utf8.encode(part.trim()));
  const longest = Math.max(...parts.map((part) => part.length));
  const size = sizes.find((each) => each <= longest);
  if (size === undefined) return [];
  const all = parts.flatMap((part) => cut(part, size));
  // Spread over the whole: what is left of a text may be any part of it.
  const step = Math.max(1, all.length / passagesMax);
  return Array.from({ length: Math.min(all.length, passagesMax) }, (_, n) => all[Math.floor(n * step)] as Uint8Array);
}

/** Bytes in pieces of exactly `size`; the last one ends where they end. */
function cut(bytes: Uint8Array, size: number): Uint8Array[] {
  const starts = Array.from({ length: Math.floor(bytes.length / size) }, (_, n) => n * size);
  if (bytes.length > size && bytes.length % size > 0) starts.push(bytes.length - size);
  return starts.map((at) => bytes.subarray(at, at + size));
}

/** Where passages of forgotten memories stand in bytes: whose, which of its marks, and the offset. */
export interface Hit {
  id: string;
  mark: number;
  offset: number;
}

/** Finds the passages of any number of forgotten memories, reading the bytes once for each length of passage. */
export class PassageFinder {
  readonly #keys: MarkKeys;
  readonly #base: number;
  readonly #bySize = new Map<number, Map<number, { id: string; mark: number; sum: number }[]>>();

  constructor(keys: MarkKeys, forgotten: readonly { id: string; marks: readonly Mark[] }[]) {
    this.#keys = keys;
    this.#base = baseOf(keys);
    for (const { id, marks } of forgotten) {
      for (const [mark, { size, near, sum }] of marks.entries()) {
        const wanted = this.#bySize.get(size) ?? new Map();
        this.#bySize.set(size, wanted);
        const at = (near ^ maskOf(keys, id, mark)) >>> 0;
        wanted.set(at, [...(wanted.get(at) ?? []), { id, mark, sum }]);
      }
    }
  }

  /** So many bytes of one block stand at the beginning of the next one, so that no passage is cut in two. */
  get overlap(): number {
    return Math.max(0, ...this.#bySize.keys()) - 1;
  }

  *in(bytes: Uint8Array): Generator<Hit> {
    for (const [size, wanted] of this.#bySize) yield* this.#ofSize(bytes, size, wanted);
  }

  *#ofSize(
    bytes: Uint8Array,
    size: number,
    wanted: ReadonlyMap<number, readonly { id: string; mark: number; sum: number }[]>,
  ) {
    const base = this.#base;
    const gone = power(base, size);
    let rolling = 0;
    for (let end = 0; end < bytes.length; end += 1) {
      rolling = (Math.imul(rolling, base) + (bytes[end] as number)) | 0;
      const start = end - size + 1;
      if (start > 0) rolling = (rolling - Math.imul(bytes[start - 1] as number, gone)) | 0;
      const near = start >= 0 ? wanted.get(rolling >>> 0) : undefined;
      if (!near) continue;
      const sum = sumOf(this.#keys, bytes.subarray(start, end + 1));
      for (const each of near) if (each.sum === sum) yield { id: each.id, mark: each.mark, offset: start };
    }
  }
}

const rolled = (bytes: Uint8Array, base: number): number =>
  bytes.reduce((sum, byte) => (Math.imul(sum, base) + byte) | 0, 0);

const power = (base: number, exponent: number): number =>
  Array.from({ length: exponent }).reduce<number>((product) => Math.imul(product, base), 1);

/** Odd, so that no byte is lost from the sum. */
const baseOf = ({ crypto, hmacKey }: MarkKeys): number =>
  (Number.parseInt(crypto.hmacHex(hmacKey, "mh traces").slice(0, 8), 16) | 1) >>> 0;

/** Hides the rolling sum on disk: without the key it would let a short text be guessed. */
const maskOf = ({ crypto, hmacKey }: MarkKeys, id: string, mark: number): number =>
  Number.parseInt(crypto.hmacHex(hmacKey, ["mh traces", id, mark].join(" ")).slice(0, 8), 16);

const sumOf = ({ crypto, hmacKey }: MarkKeys, bytes: Uint8Array): number =>
  Number.parseInt(crypto.hmacHex(hmacKey, bytes).slice(0, 13), 16);

import { decodeUtf8 } from "../../ports/bytes.ts";
import { inCodePage } from "./code-pages.ts";

/** What a file says as text, and a remark where that is a guess. */
export type Decoded = { text: string; note?: string };

const sampleBytes = 4_096;

/**
 * The text of a file: UTF-8, UTF-16 and UTF-32 by its mark or by its pattern of zeros, else the code page that it looks like.
 * Undefined where it is no text at all.
 */
export function decodeText(bytes: Uint8Array): Decoded | undefined {
  const wide = utf32(bytes);
  if (wide !== undefined) return { text: wide };
  if (bytes[0] === 0xff && bytes[1] === 0xfe) return { text: new TextDecoder("utf-16le").decode(bytes) };
  if (bytes[0] === 0xfe && bytes[1] === 0xff) return { text: new TextDecoder("utf-16be").decode(bytes) };
  const utf16 = zerosAs(bytes);
  if (utf16) return { text: new TextDecoder(utf16).decode(bytes), note: "The file is UTF-16 without a mark." };
  const text = decodeUtf8(bytes);
  if (text !== undefined) return isRare(bytes, isZero, 20) ? { text: text.replace(/^\uFEFF/, "") } : undefined;
  if (!isRare(bytes, isUnwritten, 100)) return undefined;
  const guessed = inCodePage(bytes);
  return { text: guessed.text, note: `The file is not UTF-8; it was read as ${guessed.name}.` };
}

/** By its mark alone: four bytes a letter. */
function utf32(bytes: Uint8Array): string | undefined {
  const [a, b, c, d] = bytes;
  const isLittle = a === 0xff && b === 0xfe && c === 0 && d === 0;
  const isBig = a === 0 && b === 0 && c === 0xfe && d === 0xff;
  if (!(isLittle || isBig) || bytes.length % 4 !== 0) return undefined;
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const letters: string[] = [];
  for (let at = 4; at < bytes.length; at += 4) {
    const code = view.getUint32(at, isLittle);
    letters.push(code <= 0x10ffff ? String.fromCodePoint(code) : "\uFFFD");
  }
  return letters.join("").toWellFormed();
}

/** Text of western letters in UTF-16 has a zero at every second byte and nowhere else. */
function zerosAs(bytes: Uint8Array): "utf-16le" | "utf-16be" | undefined {
  const sample = bytes.subarray(0, sampleBytes);
  const zeros = [0, 0];
  for (let at = 0; at < sample.length; at += 1) if (sample[at] === 0) zeros[at % 2] = (zeros[at % 2] ?? 0) + 1;
  const [even = 0, odd = 0] = zeros;
  const many = sample.length / 4;
  if (bytes.length % 2 === 1 || sample.length < 4) return undefined;
  if (odd > many && even === 0) return "utf-16le";
  return even > many && odd === 0 ? "utf-16be" : undefined;
}

/** A broken disk or program leaves a few such bytes in what is a text all the same: one of so many at most. */
function isRare(bytes: Uint8Array, isOdd: (byte: number) => boolean, oneIn: number): boolean {
  const sample = bytes.subarray(0, 65_536);
  let odd = 0;
  for (const byte of sample) if (isOdd(byte)) odd += 1;
  return odd * oneIn <= sample.length;
}

const isZero = (byte: number): boolean => byte === 0;
/** What no keyboard makes: tabs, line feeds and page breaks are written. */
const isUnwritten = (byte: number): boolean =>
  (byte < 0x20 && byte !== 0x09 && byte !== 0x0a && byte !== 0x0c && byte !== 0x0d) || byte === 0x7f;

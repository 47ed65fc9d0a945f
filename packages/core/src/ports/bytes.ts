export const utf8 = new TextEncoder();
const strict = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });
const lenient = new TextDecoder("utf-8", { ignoreBOM: true });

/** Strict UTF-8; undefined where the bytes are not. */
export function decodeUtf8(bytes: Uint8Array): string | undefined {
  try {
    return strict.decode(bytes);
  } catch {
    return undefined;
  }
}

/** The first line, from 1, that is not UTF-8. No letter of several bytes has a line feed in it. */
export function lineNotUtf8(bytes: Uint8Array): number {
  for (let line = 1, from = 0; ; line += 1) {
    const end = bytes.indexOf(0x0a, from);
    if (end < 0 || decodeUtf8(bytes.subarray(from, end)) === undefined) return line;
    from = end + 1;
  }
}

export function decodeLossy(bytes: Uint8Array): string {
  return lenient.decode(bytes);
}

/** Bytes that are held, or that come a part at a time. */
export type Parts = Uint8Array | Iterable<Uint8Array>;

export const partsOf = (bytes: Parts): Iterable<Uint8Array> => (bytes instanceof Uint8Array ? [bytes] : bytes);

export const wholeOf = (bytes: Parts): Uint8Array => (bytes instanceof Uint8Array ? bytes : whole([...bytes]));

const whole = (parts: readonly Uint8Array[]): Uint8Array =>
  parts.length === 1 ? (parts[0] as Uint8Array) : joined(parts);

export const joined = (parts: readonly Uint8Array[]): Uint8Array => Buffer.concat(parts);

export const toHex = (bytes: Uint8Array): string => view(bytes).toString("hex");
export const fromHex = (text: string): Uint8Array => Buffer.from(text, "hex");
export const toBase64 = (bytes: Uint8Array): string => view(bytes).toString("base64");
export const fromBase64 = (text: string): Uint8Array => Buffer.from(text, "base64");

export const toBase64Url = (bytes: Uint8Array): string => view(bytes).toString("base64url");

const view = (bytes: Uint8Array): Buffer => Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);

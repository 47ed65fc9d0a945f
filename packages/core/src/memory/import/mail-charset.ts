import { utf8 } from "../../ports/bytes.ts";
import { decodeText } from "./decoded.ts";

/**
 * A mail as UTF-8 where it holds letters beyond ASCII and says of none of its parts how these are written, or names what nobody
 * knows: as it stands where it says so, or where it cannot be told.
 */
export function withCharset(bytes: Uint8Array): Uint8Array {
  if (isAscii(bytes)) return bytes;
  const start = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString("latin1");
  const named = [...start.matchAll(charset)].map(([, name = ""]) => name);
  if (named.some((name) => isKnown(name) && !/^(?:us-)?ascii$/i.test(name))) return bytes;
  const decoded = decodeText(bytes);
  if (decoded === undefined) return bytes;
  return utf8.encode(decoded.text.replace(charset, (whole, name: string) => whole.replace(name, "utf-8")));
}

function isAscii(bytes: Uint8Array): boolean {
  for (let at = 0; at < bytes.length; at += 1) if ((bytes[at] as number) > 0x7f) return false;
  return true;
}

const charset = /charset\s{0,3}=\s{0,3}"?([\w.:-]{1,60})/gi;

function isKnown(name: string): boolean {
  try {
    return new TextDecoder(name).encoding !== "";
  } catch {
    // A RangeError: there is no such name.
    return false;
  }
}

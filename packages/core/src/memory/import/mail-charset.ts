import { utf8 } from "../../ports/bytes.ts";
import { decodeText } from "./decoded.ts";
import { withHeaders } from "./mail-headers.ts";

/**
 * A mail as UTF-8 where it holds letters beyond ASCII and says of none of its parts how these are written, or names what nobody
 * knows, with a remark where that is a guess: as it stands where it says so, or where it cannot be told.
 */
export function withCharset(bytes: Uint8Array): { bytes: Uint8Array; note?: string | undefined } {
  if (isAscii(bytes)) return { bytes };
  const start = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString("latin1");
  const named: string[] = [];
  renamed(start, (name) => {
    named.push(name);
    return name;
  });
  if (named.some((name) => isKnown(name) && !/^(?:us-)?ascii$/i.test(name))) return { bytes };
  const decoded = decodeText(bytes);
  if (decoded === undefined) return { bytes };
  const note = decoded.note?.replace(/^The file is not UTF-8; it/, "It says of no letters how they are written, and");
  return { bytes: utf8.encode(renamed(decoded.text, () => "utf-8")), note };
}

function isAscii(bytes: Uint8Array): boolean {
  for (let at = 0; at < bytes.length; at += 1) if ((bytes[at] as number) > 0x7f) return false;
  return true;
}

/** A mail whose headers say other names for how its letters are written. */
function renamed(text: string, name: (before: string) => string): string {
  const inBlock = (block: string) =>
    block.replace(charset, (_, head: string, before: string) => `${head}${name(before)}`);
  // The headers of a mail within a mail stand behind an empty line, as a text would.
  return nested.test(text) ? inBlock(text) : withHeaders(text, inBlock);
}

const nested = /^content-type:\s{0,10}message\/rfc822/im;
const charset =
  /^(content-type:[^\n]{0,500}(?:\n[ \t][^\n]{0,500}){0,10}?;\s{0,10}charset\s{0,3}=\s{0,3}"?)([\w.:-]{1,60})/gim;

function isKnown(name: string): boolean {
  try {
    return new TextDecoder(name).encoding !== "";
  } catch {
    // A RangeError: there is no such name.
    return false;
  }
}

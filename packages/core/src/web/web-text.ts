import type { WebAnswer } from "./web-get.ts";

/** The text of an answer, in the encoding that it says it has; without a word about that, UTF-8 or else Latin 1. */
export function textOf({ body, charset, type }: Pick<WebAnswer, "body" | "charset" | "type">): string {
  const named = byteOrder(body) ?? charset ?? declared(body, type);
  return (decoded(body, named) ?? decoded(body, "utf-8", true) ?? decoded(body, "windows-1252")) as string;
}

function decoded(body: Uint8Array, label: string | undefined, fatal = false): string | undefined {
  if (!label) return undefined;
  try {
    return new TextDecoder(label, { fatal }).decode(body);
  } catch {
    // No such encoding, or not in it: the next best is tried.
    return undefined;
  }
}

function byteOrder([first, second, third]: Uint8Array): string | undefined {
  if (first === 0xef && second === 0xbb && third === 0xbf) return "utf-8";
  if (first === 0xff && second === 0xfe) return "utf-16le";
  return first === 0xfe && second === 0xff ? "utf-16be" : undefined;
}

/** What a page or an XML document says of itself near its beginning. */
function declared(body: Uint8Array, type: string): string | undefined {
  if (!/html|xml/.test(type)) return undefined;
  const start = new TextDecoder("latin1").decode(body.subarray(0, 1_024));
  const found =
    /^<\?xml[^>]{0,200}\bencoding\s*=\s*["']([\w.:-]{1,40})/.exec(start) ??
    /<meta\b[^>]{0,200}\bcharset\s*=\s*["']?([\w.:-]{1,40})/i.exec(start);
  return found?.[1];
}

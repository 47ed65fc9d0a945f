import { utf8 } from "@mh/core/ports/bytes.ts";

/** The beginning of a text that fits into so many bytes of UTF-8, ending in … where something is left out. */
export function cut(text: string, bytesMax: number): string {
  if (utf8.encode(text).length <= bytesMax) return text;
  const room = new Uint8Array(Math.max(0, bytesMax - 3));
  return `${text.slice(0, utf8.encodeInto(text, room).read)}…`;
}

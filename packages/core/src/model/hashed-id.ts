import { canonical } from "./canonical.ts";

/** A UUID made of a hash (version 8, RFC 9562). */
export function idOfHash(crypto: { sha256Hex(text: string): string }, parts: readonly unknown[]): string {
  const hex = crypto.sha256Hex(canonical(parts));
  const variant = "89ab"[Number.parseInt(hex[16] ?? "0", 16) % 4];
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-8${hex.slice(13, 16)}-${variant}${hex.slice(17, 20)}-${hex.slice(20, 32)}`;
}

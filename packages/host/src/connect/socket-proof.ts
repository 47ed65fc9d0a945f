import { createHmac, timingSafeEqual } from "node:crypto";
import * as fs from "node:fs";

/** What both sides of a connection know once the nonces are exchanged. */
export interface Handshake {
  key: Uint8Array;
  /** Which socket this is (`socketIdentity`): a proof that was passed on from another one does not fit. */
  socket: string;
  client: string;
  server: string;
}

/**
 * Proof that a side has the key (HMAC-SHA-256, hex). Each side's is of another domain: none can be sent back to whoever
 * made it.
 */
export function proofOf(side: "client" | "server", { key, socket, client, server }: Handshake): string {
  return createHmac("sha256", key).update(["mh.socket.v1", side, socket, client, server].join("\n")).digest("hex");
}

/** Takes the same time wherever two proofs differ. */
export const isSameProof = (a: string, b: string): boolean =>
  a.length === b.length && timingSafeEqual(Buffer.from(a), Buffer.from(b));

/** The socket as the file system knows it, by whatever path; undefined where it has gone. */
export function socketIdentity(name: string): string | undefined {
  const stat = fs.statSync(name, { throwIfNoEntry: false });
  return stat && `${stat.dev}:${stat.ino}`;
}

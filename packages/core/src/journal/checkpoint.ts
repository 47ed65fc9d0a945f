import type { Entry } from "@mh/contract/values/record.ts";
import { fromBase64, fromHex, toBase64, toHex, utf8 } from "../ports/bytes.ts";
import type { Crypto } from "../ports/crypto.ts";
import type { ChainHead } from "./chain.ts";
import { rootOf } from "./merkle.ts";

/** A signed statement of the tree's size and root (C2SP tlog-checkpoint in a C2SP signed-note). */
export interface Checkpoint {
  origin: string;
  size: number;
  /** Merkle root, hex. */
  root: string;
}

export const originOf = (homeId: string): string => `mh/${homeId}`;

export function signCheckpoint(crypto: Crypto, seed: Uint8Array, origin: string, head: ChainHead): string {
  const text = `${origin}\n${head.size}\n${toBase64(fromHex(rootOf(crypto, head.range)))}\n`;
  const signature = crypto.sign(seed, utf8.encode(text));
  const id = keyId(crypto, origin, crypto.publicKey(seed));
  return `${text}\n— ${origin} ${toBase64(new Uint8Array([...id, ...signature]))}\n`;
}

/** The record in which a log says where it stands, signed. */
export function checkpointEntry(crypto: Crypto, { size, range }: ChainHead, note: string, more = {}): Entry {
  const body = { note, size, roots: range.roots, ...more };
  return { phase: "checkpoint", id: crypto.id(), principal: "owner", body };
}

/** The statement, if it is well-formed and one of its signatures is this key's; else why not. */
export function openCheckpoint(crypto: Crypto, publicKey: Uint8Array, note: string): Checkpoint | { fault: string } {
  const end = note.indexOf("\n\n");
  if (end === -1) return { fault: "it is not a signed note" };
  const text = note.slice(0, end + 1);
  const [origin = "", size = "", root = ""] = text.split("\n");
  if (!/^(0|[1-9]\d*)$/.test(size) || fromBase64(root).length !== 32) return { fault: "it is not a checkpoint" };
  const mine = toHex(keyId(crypto, origin, publicKey));
  for (const line of note.slice(end + 2).split("\n")) {
    const match = /^— (\S+) (\S+)$/.exec(line);
    if (!match || match[1] !== origin) continue;
    const bytes = fromBase64(match[2] as string);
    if (toHex(bytes.subarray(0, 4)) !== mine) continue;
    if (!crypto.verify(publicKey, utf8.encode(text), bytes.subarray(4))) return { fault: "its signature is wrong" };
    return { origin, size: Number(size), root: toHex(fromBase64(root)) };
  }
  return { fault: "it is not signed by this home's key" };
}

/** First four bytes of SHA-256(name ‖ 0x0A ‖ 0x01 ‖ key), as signed notes name an Ed25519 key. */
function keyId(crypto: Crypto, name: string, publicKey: Uint8Array): Uint8Array {
  return crypto.sha256(new Uint8Array([...utf8.encode(name), 0x0a, 0x01, ...publicKey])).subarray(0, 4);
}

import type * as net from "node:net";
import { Fault } from "@mh/contract/values/fault.ts";
import { handshakeBytesMax, readWelcome } from "@mh/contract/wire/handshake.ts";
import { toHex } from "@mh/core/ports/bytes.ts";
import { randomBytes } from "./new-id.ts";
import { isSameProof, proofOf, socketIdentity } from "./socket-proof.ts";

/** The other side ended before the proofs were exchanged: it was about to close. */
export class Gone extends Error {}

/**
 * Proves to the server that listens at `name` that this process is the owner's, once that has proven to hold the home. Throws
 * `socket.refused` where either proof fails, and `Gone` where the connection ended, or the socket is another one by now.
 */
export async function prove(socket: net.Socket, name: string, key: Uint8Array): Promise<void> {
  const identity = socketIdentity(name);
  const lines = linesOf(socket);
  const client = toHex(randomBytes(32));
  socket.write(`${JSON.stringify({ n: 1, do: "hello", nonce: client })}\n`);
  const answered = await lines.next();
  const welcome = readWelcome(answered);
  if (!welcome) throw refusedBy(name, answered);
  if (identity === undefined || identity !== socketIdentity(name)) throw new Gone();
  const handshake = { key, socket: identity, client, server: welcome.nonce };
  if (!isSameProof(welcome.proof, proofOf("server", handshake))) throw impostor(name);
  socket.write(`${JSON.stringify({ n: 2, do: "prove", proof: proofOf("client", handshake) })}\n`);
  const proven = await lines.next();
  if ((proven as { proven?: unknown }).proven !== true) throw refusedBy(name, proven);
  lines[Symbol.dispose]();
}

function refusedBy(name: string, answered: unknown): Fault {
  const { fault } = answered as { fault?: { code?: unknown; message?: unknown } };
  if (fault?.code === "socket.refused" && typeof fault.message === "string")
    return new Fault("socket.refused", fault.message);
  const what = `What listens at ${name} asks for no proof that it is you, and gives none: it is an older mh, or none`;
  return new Fault("socket.refused", `${what}. End it, as by \`mh daemon stop\`, then try again.`);
}

const impostor = (name: string): Fault =>
  new Fault(
    "socket.refused",
    `What listens at ${name} does not have this home's key: it is not the mh that holds it. It was told nothing. \`mh doctor\``,
  );

/** Short lines of JSON, one at a time; each answers what was written before. */
function linesOf(socket: net.Socket): { next(): Promise<unknown> } & Disposable {
  let held = "";
  let take = Promise.withResolvers<unknown>();
  const onData = (chunk: Buffer) => {
    held += chunk.toString("latin1");
    const end = held.indexOf("\n");
    if (end === -1 && held.length <= handshakeBytesMax) return;
    const line = held.slice(0, end === -1 ? 0 : end);
    held = "";
    take.resolve(parsed(line));
  };
  const onClose = () => take.reject(new Gone());
  socket.on("data", onData).on("close", onClose);
  return {
    async next() {
      const line = await take.promise;
      take = Promise.withResolvers();
      take.promise.catch(() => undefined);
      return line;
    },
    [Symbol.dispose]() {
      socket.off("data", onData).off("close", onClose);
    },
  };
}

function parsed(line: string): unknown {
  try {
    return JSON.parse(line) ?? {};
  } catch {
    return {};
  }
}

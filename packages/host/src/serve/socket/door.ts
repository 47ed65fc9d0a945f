import { randomBytes } from "node:crypto";
import type * as net from "node:net";
import { Fault } from "@mh/contract/values/fault.ts";
import { handshakeBytesMax } from "@mh/contract/wire/handshake.ts";
import { socketHelloSchema, socketProofSchema } from "@mh/contract/wire/socket.ts";
import { type Handshake, isSameProof, proofOf } from "../../connect/socket-proof.ts";

/** Who has not proven anything yet may wait so long, and so many of them may. */
const provenWithinMs = 10_000;
const waitingMax = 64;

export interface DoorDeps {
  /** Looked up for each: a key that was thrown away is made anew. */
  key: () => Uint8Array;
  socket: () => string;
}

/**
 * The door of the home's socket: a client proves to be the owner outside of a sandbox before anything else is read
 * (`socketHelloSchema`). What it is given are two short lines, once; a client that fails is told why, and disconnected.
 */
export class Door {
  readonly #deps: DoorDeps;
  /** In the order in which they came. */
  readonly #waiting = new Set<net.Socket>();

  constructor(deps: DoorDeps) {
    this.#deps = deps;
  }

  /** Calls `enter` once the proof is given; what came after it can then be read from the socket. */
  admit(socket: net.Socket, enter: () => void): void {
    const timer = setTimeout(() => socket.destroy(), provenWithinMs).unref();
    this.#waiting.add(socket);
    const [longest] = this.#waiting;
    if (this.#waiting.size > waitingMax) longest?.destroy();
    const left = () => {
      clearTimeout(timer);
      this.#waiting.delete(socket);
    };
    socket.once("close", left);
    let handshake: Handshake | undefined;
    let held: Buffer = Buffer.alloc(0);
    const onData = (chunk: Buffer) => {
      held = Buffer.concat([held, chunk]);
      for (let end = held.indexOf(0x0a); end !== -1 && end < handshakeBytesMax; end = held.indexOf(0x0a)) {
        const line = parsed(held.subarray(0, end));
        held = held.subarray(end + 1);
        if (handshake === undefined) {
          try {
            handshake = this.#welcome(socket, line);
          } catch (error) {
            if (error instanceof Fault) return refuse(line, error.message);
            throw error;
          }
          if (handshake === undefined) return refuse(line, unproven);
          continue;
        }
        const { data: given } = socketProofSchema.safeParse(line);
        if (!given || !isSameProof(given.proof, proofOf("client", handshake))) return refuse(line, wrongProof);
        socket.off("data", onData).off("close", left);
        left();
        socket.pause();
        if (held.length > 0) socket.unshift(held);
        socket.write(`${JSON.stringify({ n: given.n, proven: true })}\n`);
        enter();
        socket.resume();
        return;
      }
      if (held.length >= handshakeBytesMax) refuse(begunWith(held), unproven);
    };
    const refuse = (line: unknown, message: string) => {
      socket.off("data", onData).resume();
      const { n } = (line ?? {}) as { n?: unknown };
      const fault = { code: "socket.refused", message };
      socket.end(`${JSON.stringify({ n: Number.isInteger(n) ? n : -1, fault })}\n`);
    };
    socket.on("data", onData);
  }

  #welcome(socket: net.Socket, line: unknown): Handshake | undefined {
    const { data: hello } = socketHelloSchema.safeParse(line);
    if (!hello) return undefined;
    const nonce = randomBytes(32).toString("hex");
    const { key, socket: identity } = this.#deps;
    const handshake = { key: key(), socket: identity(), client: hello.nonce, server: nonce };
    socket.write(`${JSON.stringify({ n: hello.n, nonce, proof: proofOf("server", handshake) })}\n`);
    return handshake;
  }
}

const unproven =
  "The home's socket wants a proof that only you have outside of a sandbox, and this program gave none: it is an older mh, or no mh. Update it, or use HTTP with a token (`mh help daemon`).";
const wrongProof = "The proof that this program gave is not that of the home's key. Start it with your own HOME.";

/** An older mh waits for an answer under its number, however long its line is. */
function begunWith(bytes: Buffer): unknown {
  const [, n] = /"n":(\d{1,9})[,}]/.exec(bytes.toString("latin1")) ?? [];
  return n === undefined ? undefined : { n: Number(n) };
}

function parsed(line: Buffer): unknown {
  try {
    return JSON.parse(line.toString("utf8"));
  } catch {
    return undefined;
  }
}

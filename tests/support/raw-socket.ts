import { randomBytes } from "node:crypto";
import * as net from "node:net";
import { proofOf, socketIdentity } from "@mh/host/connect/socket-proof.ts";
import { socketKey } from "@mh/host/home/socket-key.ts";
import { socketPath } from "@mh/host/places.ts";
import type { TestHost } from "@mh/testing";

/** A connection to a home's socket, line by line. */
export interface RawSocket extends Disposable {
  socket: net.Socket;
  /** Writes bytes as they are, and gives the next line; undefined when the other side hung up. */
  ask(bytes: string | Buffer): Promise<Record<string, unknown> | undefined>;
}

export function rawSocket(name: string): RawSocket {
  const socket = net.connect(name);
  const lines: string[] = [];
  let held = "";
  let isEnded = false;
  let wake: () => void = () => undefined;
  socket.on("data", (chunk: Buffer) => {
    held += chunk.toString("utf8");
    const parts = held.split("\n");
    held = parts.pop() ?? "";
    lines.push(...parts);
    wake();
  });
  socket.on("error", () => undefined);
  socket.on("close", () => {
    isEnded = true;
    wake();
  });
  return {
    socket,
    async ask(bytes) {
      socket.write(bytes);
      while (lines.length === 0 && !isEnded) {
        await new Promise<void>((resolve) => {
          wake = resolve;
        });
      }
      const line = lines.shift();
      return line === undefined ? undefined : JSON.parse(line);
    },
    [Symbol.dispose]: () => socket.destroy(),
  };
}

/** One that has proven to be the owner's. */
export async function provenSocket(home: Pick<TestHost, "root" | "host">): Promise<RawSocket> {
  const name = socketPath(home.root);
  const raw = rawSocket(name);
  const client = randomBytes(32).toString("hex");
  const welcome = await raw.ask(`${JSON.stringify({ n: 1, do: "hello", nonce: client })}\n`);
  const handshake = { client, server: String(welcome?.nonce), socket: `${socketIdentity(name)}` };
  const proof = proofOf("client", { ...handshake, key: socketKey(home.host.keyFolder) });
  await raw.ask(`${JSON.stringify({ n: 2, do: "prove", proof })}\n`);
  return raw;
}

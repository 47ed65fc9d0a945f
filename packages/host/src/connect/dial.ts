import * as fs from "node:fs";
import * as net from "node:net";
import type { SocketFrame, SocketReply, SocketRequest } from "@mh/contract/wire/socket.ts";
import { LineSplitter } from "@mh/core/model/lines.ts";
import { decodeLossy } from "@mh/core/ports/bytes.ts";
import { homeIdAt } from "../home/known-homes.ts";
import { checkSocketFolder, socketKey } from "../home/socket-key.ts";
import { keyFolder, socketPath } from "../places.ts";
import { Gone, prove } from "./prove.ts";

type Environment = Record<string, string | undefined>;

/** A way to whoever holds a home: requests go out under a number of the connection's own. */
export type Connection = { request: Ask } & AsyncDisposable;

/** Asks something, and resolves with the reply. `onFrame` takes what comes before it. */
export type Ask = (request: SocketRequest, onFrame?: (frame: SocketFrame) => void) => Promise<SocketReply>;

interface Waiting {
  resolve: (reply: SocketReply) => void;
  reject: (error: Error) => void;
  onFrame: (frame: SocketFrame) => void;
}

/** The other side has gone; whether it did what was asked is not known. The same id may be sent again. */
export class Disconnected extends Error {}

/**
 * Connects to the process that holds a home, each proving to the other that it is the owner's. Undefined where nobody
 * listens, or once it was `givenUp`; throws `socket.refused` where a proof fails.
 */
export async function dial(
  root: string,
  environment: Environment = process.env,
  givenUp?: AbortSignal,
): Promise<Connection | undefined> {
  const name = socketPath(root);
  if (!fs.existsSync(name)) return undefined;
  checkSocketFolder(root);
  const socket = net.connect(name);
  const isOpen = await new Promise<boolean>((resolve) => {
    socket.once("connect", () => resolve(true));
    socket.once("error", () => resolve(false));
  });
  if (!isOpen) return undefined;
  socket.on("error", () => undefined);
  const giveUp = () => socket.destroy();
  givenUp?.addEventListener("abort", giveUp, { once: true });
  if (givenUp?.aborted) giveUp();
  try {
    await prove(socket, name, socketKey(keyFolder(homeIdAt(root) ?? "", environment)));
  } catch (error) {
    socket.destroy();
    if (error instanceof Gone) return undefined;
    throw error;
  } finally {
    givenUp?.removeEventListener("abort", giveUp);
  }
  const waiting = new Map<number, Waiting>();
  let count = 0;
  // A reply may be as long as it is: whoever holds the home is the same user.
  const lines = new LineSplitter();
  socket.on("data", (chunk: Buffer) => {
    for (const { bytes } of lines.push(chunk)) {
      const said = JSON.parse(decodeLossy(bytes)) as SocketFrame | SocketReply;
      const asked = waiting.get(said.n);
      if ("progress" in said || "event" in said) {
        asked?.onFrame(said);
        continue;
      }
      asked?.resolve(said);
      waiting.delete(said.n);
    }
  });
  const lost = () => {
    for (const { reject } of waiting.values()) reject(new Disconnected());
    waiting.clear();
  };
  socket.on("close", lost);
  return {
    request(message, onFrame = () => undefined) {
      count += 1;
      const n = count;
      if (socket.destroyed || socket.readyState !== "open") return Promise.reject(new Disconnected());
      return new Promise((resolve, reject) => {
        waiting.set(n, { resolve, reject, onFrame });
        socket.write(`${JSON.stringify({ ...message, n })}\n`);
      });
    },
    async [Symbol.asyncDispose]() {
      socket.destroy();
    },
  };
}

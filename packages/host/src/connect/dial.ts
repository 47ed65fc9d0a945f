import * as net from "node:net";
import type { Reply, Request } from "../serve/socket/protocol.ts";

/** A way to whoever holds a home: requests go out under a number of the connection's own. */
export type Connection = { request(request: Request): Promise<Reply> } & AsyncDisposable;

/** The other side has gone; whether it did what was asked is not known. The same id may be sent again. */
export class Disconnected extends Error {}

/** Connects to a home's socket. Undefined where nobody listens. */
export async function dial(name: string): Promise<Connection | undefined> {
  const socket = net.connect(name);
  const isOpen = await new Promise<boolean>((resolve) => {
    socket.once("connect", () => resolve(true));
    socket.once("error", () => resolve(false));
  });
  if (!isOpen) return undefined;
  const waiting = new Map<number, { resolve: (reply: Reply) => void; reject: (error: Error) => void }>();
  let count = 0;
  let text = "";
  socket.setEncoding("utf8");
  socket.on("data", (chunk: string) => {
    const lines = (text + chunk).split("\n");
    text = lines.pop() ?? "";
    for (const line of lines) {
      const reply = JSON.parse(line) as Reply;
      waiting.get(reply.n)?.resolve(reply);
      waiting.delete(reply.n);
    }
  });
  const lost = () => {
    for (const { reject } of waiting.values()) reject(new Disconnected());
    waiting.clear();
  };
  socket.on("error", () => undefined);
  socket.on("close", lost);
  return {
    request(message) {
      count += 1;
      const n = count;
      if (socket.destroyed || socket.readyState !== "open") return Promise.reject(new Disconnected());
      return new Promise((resolve, reject) => {
        waiting.set(n, { resolve, reject });
        socket.write(`${JSON.stringify({ ...message, n })}\n`);
      });
    },
    async [Symbol.asyncDispose]() {
      socket.destroy();
    },
  };
}

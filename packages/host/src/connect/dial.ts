import * as fs from "node:fs";
import * as net from "node:net";
import { Fault } from "@mh/contract/values/fault.ts";
import type { SocketFrame, SocketReply, SocketRequest } from "@mh/contract/wire/socket.ts";
import { LineSplitter } from "@mh/core/model/lines.ts";
import { decodeLossy, toHex } from "@mh/core/ports/bytes.ts";
import { homeIdAt } from "../home/known-homes.ts";
import { checkSocketFolder, socketKey } from "../home/socket-key.ts";
import { keyFolder, socketPath } from "../places.ts";
import { randomBytes } from "./new-id.ts";
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

/** How long the process that holds a home may say nothing at all: what it is asked may take long, a greeting does not. */
const silentMsMax = 10_000;

/**
 * Connects to the process that holds a home, each proving to the other that it is the owner's. Undefined where nobody
 * listens, or once it was `givenUp`; throws `socket.refused` where a proof fails, and `home.busy` where nothing is said. So do
 * requests, once not even a greeting is answered any more.
 */
export async function dial(
  root: string,
  environment: Environment = process.env,
  givenUp?: AbortSignal,
): Promise<Connection | undefined> {
  const name = socketPath(root);
  if (!fs.existsSync(name)) return undefined;
  // Of a home that does not say which one it is, nobody can prove to be the owner: opening it says what is wrong.
  const id = homeIdAt(root);
  if (id === undefined) return undefined;
  checkSocketFolder(root);
  const socket = net.connect(name);
  if (!(await isConnected(socket))) return undefined;
  socket.on("error", () => undefined);
  const giveUp = () => socket.destroy();
  givenUp?.addEventListener("abort", giveUp, { once: true });
  if (givenUp?.aborted) giveUp();
  try {
    const proven = prove(socket, name, socketKey(keyFolder(id, environment)));
    if ((await within(silentMsMax, proven)) === "late") throw await silent(root);
  } catch (error) {
    socket.destroy();
    if (error instanceof Gone) return undefined;
    throw error;
  } finally {
    givenUp?.removeEventListener("abort", giveUp);
  }
  const waiting = new Map<number, Waiting>();
  let count = 0;
  const end = (error: Error) => {
    for (const { reject } of waiting.values()) reject(error);
    waiting.clear();
    clearInterval(watch);
    socket.destroy();
  };
  // Whoever is stopped, or stuck, says nothing for ever, and its socket takes what is written.
  const look = async () => {
    if (waiting.size > 0 && !(await isGreeted(name))) end(await silent(root));
  };
  const watch = setInterval(() => void look().catch(end), silentMsMax);
  watch.unref();
  // A reply may be as long as it is: whoever holds the home is the same user.
  const lines = new LineSplitter();
  socket.on("data", (chunk: Buffer) => {
    for (const { bytes } of lines.push(chunk)) {
      const said = readSaid(bytes);
      if (!said)
        return end(new Fault("home.busy", `What holds ${root} answers what is no JSON. \`mh doctor\` names it.`));
      const asked = waiting.get(said.n);
      if ("progress" in said || "event" in said) {
        asked?.onFrame(said);
        continue;
      }
      asked?.resolve(said);
      waiting.delete(said.n);
    }
  });
  socket.on("close", () => end(new Disconnected()));
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

function isConnected(socket: net.Socket): Promise<boolean> {
  return new Promise((resolve) => {
    socket.once("connect", () => resolve(true));
    socket.once("error", () => resolve(false));
  });
}

/** Whether a greeting is answered; who listens no longer is about to close the connections that there are. */
async function isGreeted(name: string): Promise<boolean> {
  const socket = net.connect(name);
  try {
    if (!(await isConnected(socket))) return true;
    socket.on("error", () => undefined);
    const answered = new Promise((resolve) => socket.once("data", resolve).once("close", resolve));
    socket.write(`${JSON.stringify({ n: 1, do: "hello", nonce: toHex(randomBytes(32)) })}\n`);
    return (await within(silentMsMax, answered)) !== "late";
  } finally {
    socket.destroy();
  }
}

async function within<T>(ms: number, work: Promise<T>): Promise<T | "late"> {
  const late = Promise.withResolvers<"late">();
  const timer = setTimeout(late.resolve, ms, "late");
  try {
    return await Promise.race([work, late.promise]);
  } finally {
    clearTimeout(timer);
    work.catch(() => undefined);
  }
}

async function silent(root: string): Promise<Fault> {
  // Loaded late: most find a daemon that answers.
  const { findDaemon } = await import("../daemon/daemon-file.ts");
  const pid = findDaemon(root)?.pid;
  const wake = `\`kill -CONT ${pid}\` wakes it where it was stopped, \`kill -9 ${pid}\` ends it; what was acknowledged stays.`;
  const next = pid === undefined ? "`mh doctor` names it." : wake;
  return new Fault("home.busy", `Another process holds ${root} and does not answer. ${next}`);
}

/** Undefined where it is no object of JSON. */
function readSaid(bytes: Uint8Array): SocketFrame | SocketReply | undefined {
  try {
    const said: unknown = JSON.parse(decodeLossy(bytes));
    return typeof said === "object" && said !== null ? (said as SocketReply) : undefined;
  } catch {
    return undefined;
  }
}

import { once } from "node:events";
import * as fs from "node:fs";
import * as net from "node:net";
import * as path from "node:path";
import {
  type SocketFrame,
  type SocketReply,
  type SocketRequest,
  socketLineBytesMax,
} from "@mh/contract/wire/socket.ts";
import { faultOf } from "@mh/core/kernel/fault-of.ts";
import { LineSplitter } from "@mh/core/model/lines.ts";
import { isNestedTooDeep, nestingMax } from "@mh/core/model/nesting.ts";
import { decodeLossy } from "@mh/core/ports/bytes.ts";
import { socketIdentity } from "../../connect/socket-proof.ts";
import type { Host } from "../../home/host.ts";
import { noteAtClosing } from "../../home/note-at-closing.ts";
import { checkSocketFolder, socketKey } from "../../home/socket-key.ts";
import { socketPath } from "../../places.ts";
import { type Asker, answerRequest, invalid, readRequest } from "./answer.ts";
import { Door } from "./door.ts";

/** How long answers wait to be taken when the home is closed. */
const takenWithinMs = 500;
/** After so many lines that are no request a connection is ended: each costs, and they may be a million. */
const invalidMax = 100;

/**
 * Serves the home's socket to processes of the owner's that prove to be such, until disposed; then what was asked is still
 * answered. A connection whose first byte does not begin a JSON object is given to `takeOther`, where there is one.
 */
export async function serve(host: Host, takeOther?: (socket: net.Socket) => void): Promise<AsyncDisposable> {
  const name = socketPath(host.root);
  fs.mkdirSync(path.dirname(name), { recursive: true, mode: 0o700 });
  checkSocketFolder(host.root);
  socketKey(host.keyFolder, { make: true });
  fs.rmSync(name, { force: true });
  const door = new Door({
    key: () => socketKey(host.keyFolder, { make: true }),
    socket: () => socketIdentity(name) ?? "",
  });
  const busy = new Set<Promise<void>>();
  const connections = new Set<net.Socket>();
  const closing = new AbortController();
  const server = net.createServer((socket) => {
    connections.add(socket);
    const asker = askerOn(socket, closing.signal);
    socket.on("close", () => connections.delete(socket));
    socket.on("error", () => socket.destroy());
    let invalids = 0;
    const takeLine = (line: string) => {
      // Who asks now sees the connection end, and asks the next holder under the same id.
      if (closing.signal.aborted || invalids > invalidMax) return;
      const read = readLine(line);
      if ("refusal" in read) invalids += 1;
      const work = reply(host, socket, asker, read).finally(() => busy.delete(work));
      busy.add(work);
      if (invalids > invalidMax) socket.destroySoon();
    };
    const takeLines = () => door.admit(socket, () => eachLine(socket, takeLine));
    if (takeOther) byFirstByte(socket, takeLines, takeOther);
    else takeLines();
  });
  await new Promise<void>((resolve, reject) => server.once("error", reject).listen(name, resolve));
  let own: string | undefined;
  try {
    fs.chmodSync(name, 0o600);
    own = socketIdentity(name);
  } catch (error) {
    // Or this process would stay for it.
    server.close();
    throw error;
  }
  return {
    async [Symbol.asyncDispose]() {
      closing.abort();
      noteAtClosing("end of the socket", () => closeListening(server, name, own));
      while (busy.size > 0) await Promise.all(busy);
      await Promise.all([...connections].map(endSoon));
    },
  };
}

/**
 * Node removes what lies at the path that it listened at, be it another process's by now: where `run` was removed or the home is
 * another folder, that is laid aside meanwhile.
 */
function closeListening(server: net.Server, name: string, own: string | undefined): void {
  const aside = `${name}.${process.pid}`;
  let isOthers = false;
  try {
    isOthers = fs.existsSync(name) && socketIdentity(name) !== own;
    if (isOthers) fs.renameSync(name, aside);
  } finally {
    server.close();
  }
  if (isOthers) fs.renameSync(aside, name);
}

/** A connection as whoever answers it knows it. */
function askerOn(socket: net.Socket, closing: AbortSignal): Asker {
  const gone = new AbortController();
  const signal = AbortSignal.any([gone.signal, closing]);
  socket.once("close", () => gone.abort());
  const send = async (frame: SocketFrame): Promise<void> => {
    if (!socket.writable || write(socket, frame)) return;
    // One that has gone, or is about to be closed, is not waited for.
    await once(socket, "drain", { signal }).catch(() => undefined);
  };
  return { send, closing, gone: gone.signal, following: new Map() };
}

async function reply(host: Host, socket: net.Socket, asker: Asker, read: ReturnType<typeof readLine>): Promise<void> {
  const answered = "refusal" in read ? read.refusal : await answerTo(host, asker, read.request);
  if (!socket.writable || write(socket, answered) || socket.isPaused()) return;
  // Back-pressure: stop reading from a client that does not drain its replies.
  socket.pause();
  socket.once("drain", () => socket.resume());
}

const write = (socket: net.Socket, message: SocketFrame | SocketReply): boolean => socket.write(`${lineOf(message)}\n`);

/** A skill whose contract leaves its answer open may give what is no JSON, as a BigInt. */
function lineOf(message: SocketFrame | SocketReply): string {
  try {
    return JSON.stringify(message);
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    return JSON.stringify({
      n: message.n,
      fault: { code: "output.invalid", message: `The answer is no JSON: ${why}.` },
    });
  }
}

/** Ends a connection once its answers are taken, or it turns out that nobody takes them. */
async function endSoon(socket: net.Socket): Promise<void> {
  const timer = setTimeout(() => socket.destroy(), takenWithinMs);
  await new Promise<void>((resolve) => socket.once("close", resolve).destroySoon());
  clearTimeout(timer);
}

/** Nothing that is asked ends the process that serves everybody. */
async function answerTo(host: Host, asker: Asker, request: SocketRequest): Promise<SocketReply> {
  try {
    return await answerRequest(host, request, asker);
  } catch (error) {
    const fault = faultOf(error);
    process.emitWarning(fault.message);
    return { n: request.n, fault };
  }
}

function readLine(line: string): ReturnType<typeof readRequest> {
  const value = parseJson(line);
  if (!isNestedTooDeep(value)) return readRequest(value);
  return { refusal: invalid(value, `the JSON is nested deeper than ${nestingMax} levels`) };
}

/** Looks at how a connection begins, and leaves it as if nobody had looked. */
function byFirstByte(socket: net.Socket, takeLines: () => void, takeOther: (socket: net.Socket) => void): void {
  socket.once("data", (chunk: Buffer) => {
    socket.pause();
    socket.unshift(chunk);
    if (chunk[0] === 0x7b) takeLines();
    else takeOther(socket);
    socket.resume();
  });
}

/** Splits a stream into lines; a line without end is a broken client, and its connection is closed. */
function eachLine(socket: net.Socket, take: (line: string) => void): void {
  const lines = new LineSplitter(socketLineBytesMax);
  socket.on("data", (chunk: Buffer) => {
    for (const { bytes, isTooLong } of lines.push(chunk)) {
      if (isTooLong) socket.destroy();
      else take(decodeLossy(bytes));
    }
  });
}

function parseJson(line: string): unknown {
  try {
    return JSON.parse(line);
  } catch {
    return undefined;
  }
}

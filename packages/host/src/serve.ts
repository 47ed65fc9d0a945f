import * as fs from "node:fs";
import * as net from "node:net";
import * as path from "node:path";
import { Fault } from "@mh/core/model/fault.ts";
import { owner } from "@mh/core/model/principal.ts";
import type { Host } from "./host.ts";
import { isNestedTooDeep, nestingMax } from "./nesting.ts";
import { socketPath } from "./places.ts";
import { type Reply, type Request, requestBytesMax, requestSchema } from "./protocol.ts";

/** Answers one request of the owner's channel. */
export async function answer(host: Host, request: Request): Promise<Reply> {
  const { n, id, skill, args, words = "", as } = request;
  const principal = as ?? owner;
  const task = { id: request.task ?? id, words };
  const command = { id, principal, skill, args, task, ...(as && { onBehalfOf: owner }) };
  try {
    if (request.do === "check") return { n, verdict: host.check(command).verdict };
    return { n, outcome: await host.act(command) };
  } catch (error) {
    if (error instanceof Fault) return { n, fault: { code: error.code, message: host.redact(error.message) } };
    throw error;
  }
}

/**
 * Serves the home's socket to other processes of the same user, until disposed; then what was asked is still answered.
 * A connection whose first byte does not begin a JSON object is given to `takeOther`, where there is one.
 */
export async function serve(host: Host, takeOther?: (socket: net.Socket) => void): Promise<AsyncDisposable> {
  const name = socketPath(host.root);
  fs.mkdirSync(path.dirname(name), { recursive: true, mode: 0o700 });
  fs.rmSync(name, { force: true });
  const busy = new Set<Promise<void>>();
  const connections = new Set<net.Socket>();
  const server = net.createServer((socket) => {
    connections.add(socket);
    socket.on("close", () => connections.delete(socket));
    socket.on("error", () => socket.destroy());
    const takeLine = (line: string) => {
      const work = reply(host, socket, line).finally(() => busy.delete(work));
      busy.add(work);
    };
    if (takeOther) byFirstByte(socket, () => eachLine(socket, takeLine), takeOther);
    else eachLine(socket, takeLine);
  });
  await new Promise<void>((resolve, reject) => server.once("error", reject).listen(name, resolve));
  fs.chmodSync(name, 0o600);
  return {
    async [Symbol.asyncDispose]() {
      const closed = new Promise<void>((resolve) => server.close(() => resolve()));
      while (busy.size > 0) await Promise.all(busy);
      for (const socket of connections) socket.end();
      for (const socket of connections) socket.unref();
      await Promise.race([closed, onceDrained(connections)]);
    },
  };
}

async function reply(host: Host, socket: net.Socket, line: string): Promise<void> {
  const answered = await answerTo(host, line);
  if (!socket.writable) return;
  await new Promise<void>((resolve) => socket.write(`${JSON.stringify(answered)}\n`, () => resolve()));
}

/** What a line is answered with. Nothing that a line says ends the process that serves everybody. */
async function answerTo(host: Host, line: string): Promise<Reply> {
  const value = parseJson(line);
  if (isNestedTooDeep(value)) return invalid(`the JSON is nested deeper than ${nestingMax} levels`);
  const parsed = requestSchema.safeParse(value);
  if (!parsed.success) return invalid(parsed.error.issues[0]?.message ?? "not valid");
  try {
    return await answer(host, parsed.data);
  } catch (error) {
    const message = `Something went wrong inside: ${error instanceof Error ? error.message : error}`;
    process.emitWarning(message);
    return { n: parsed.data.n, fault: { code: "skill.failed", message } };
  }
}

const invalid = (why: string): Reply => ({
  n: -1,
  fault: { code: "protocol.invalid", message: `Not a request: ${why}.` },
});

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
  let parts: Buffer[] = [];
  let size = 0;
  socket.on("data", (chunk: Buffer) => {
    let rest = chunk;
    for (let end = rest.indexOf(0x0a); end !== -1; end = rest.indexOf(0x0a)) {
      take(Buffer.concat([...parts, rest.subarray(0, end)]).toString("utf8"));
      parts = [];
      size = 0;
      rest = rest.subarray(end + 1);
    }
    size += rest.length;
    if (rest.length > 0) parts.push(rest);
    if (size > requestBytesMax) socket.destroy();
  });
}

/** Clients that never hang up do not keep a process alive. */
function onceDrained(connections: ReadonlySet<net.Socket>): Promise<void> {
  return new Promise((resolve) => {
    setImmediate(() => {
      for (const socket of connections) socket.destroySoon();
      resolve();
    });
  });
}

function parseJson(line: string): unknown {
  try {
    return JSON.parse(line);
  } catch {
    return undefined;
  }
}

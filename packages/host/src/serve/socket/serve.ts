import * as fs from "node:fs";
import * as net from "node:net";
import * as path from "node:path";
import { Fault } from "@mh/contract/values/fault.ts";
import { owner } from "@mh/contract/values/principal.ts";
import type { Host } from "../../home/host.ts";
import { socketPath } from "../../places.ts";
import { isNestedTooDeep, nestingMax } from "../nesting.ts";
import { type Reply, type Request, requestBytesMax, requestSchema } from "./protocol.ts";

/** How long answers wait to be taken when the home is closed. */
const takenWithinMs = 500;

/** Answers one request of the owner's channel, whoever sends it: what is none would end up in the log. */
export async function answer(host: Host, given: unknown): Promise<Reply> {
  const parsed = requestSchema.safeParse(given);
  if (!parsed.success) return invalid(given, parsed.error.issues[0]?.message ?? "not valid");
  const request = parsed.data;
  const { n, id, skill, args, words = "", as } = request;
  const principal = as ?? owner;
  const task = { id: request.task ?? id, words };
  const command = { id, principal, skill, args, task, ...(as && { onBehalfOf: owner }) };
  try {
    if (request.do === "wait") {
      const outcome = await host.wait(id);
      return outcome ? { n, outcome } : { n, fault: { code: "run.not-found", message: `There is no command ${id}.` } };
    }
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
  let isEnding = false;
  const server = net.createServer((socket) => {
    connections.add(socket);
    socket.on("close", () => connections.delete(socket));
    socket.on("error", () => socket.destroy());
    const takeLine = (line: string) => {
      // Who asks now sees the connection end, and asks the next holder under the same id.
      if (isEnding) return;
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
      isEnding = true;
      server.close();
      while (busy.size > 0) await Promise.all(busy);
      await Promise.all([...connections].map(endSoon));
    },
  };
}

async function reply(host: Host, socket: net.Socket, line: string): Promise<void> {
  const answered = await answerTo(host, line);
  if (!socket.writable || socket.write(`${JSON.stringify(answered)}\n`) || socket.isPaused()) return;
  // Who does not read its answers is not read from either.
  socket.pause();
  socket.once("drain", () => socket.resume());
}

/** Ends a connection once its answers are taken, or it turns out that nobody takes them. */
async function endSoon(socket: net.Socket): Promise<void> {
  const timer = setTimeout(() => socket.destroy(), takenWithinMs);
  await new Promise<void>((resolve) => socket.once("close", resolve).destroySoon());
  clearTimeout(timer);
}

/** What a line is answered with. Nothing that a line says ends the process that serves everybody. */
async function answerTo(host: Host, line: string): Promise<Reply> {
  const value = parseJson(line);
  if (isNestedTooDeep(value)) return invalid(value, `the JSON is nested deeper than ${nestingMax} levels`);
  try {
    return await answer(host, value);
  } catch (error) {
    const message = `Something went wrong inside: ${error instanceof Error ? error.message : error}`;
    process.emitWarning(message);
    return { n: (value as Request).n, fault: { code: "skill.failed", message } };
  }
}

/** Under the number that was asked with, where there is one: whoever asked waits for it. */
function invalid(value: unknown, why: string): Reply {
  const { n } = (value ?? {}) as { n?: unknown };
  const fault = { code: "protocol.invalid", message: `Not a request: ${why}.` };
  return { n: Number.isInteger(n) ? (n as number) : -1, fault };
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

function parseJson(line: string): unknown {
  try {
    return JSON.parse(line);
  } catch {
    return undefined;
  }
}

import type * as net from "node:net";
import { Lines } from "./lines.ts";

/** A worker broke the rules of the channel. */
export class ProtocolError extends Error {
  override name = "ProtocolError";
}

export interface RpcHandlers {
  act(skill: string, args: unknown): Promise<unknown>;
  log(text: string): void;
  /** What escaped the agent, in its own words. */
  failed(message: string): void;
  hello(abi: number): void;
  /** The channel is of no more use. */
  broken(error: ProtocolError): void;
}

const lineBytesMax = 8 * 2 ** 20;
const openActsMax = 64;
const actsMax = 10_000;

interface Waiting {
  resolve: (result: unknown) => void;
  reject: (error: Error) => void;
}

/** JSON-RPC 2.0, a message a line, with a worker that may be hostile. What it sends is bounded and believed in nothing. */
export class Rpc {
  readonly #socket: net.Socket;
  readonly #handlers: RpcHandlers;
  readonly #waiting = new Map<number, Waiting>();
  readonly #open = new Set<Promise<void>>();
  #calls = 0;
  #acts = 0;

  constructor(socket: net.Socket, handlers: RpcHandlers) {
    this.#socket = socket;
    this.#handlers = handlers;
    const lines = new Lines(
      lineBytesMax,
      (line) => this.#take(line),
      () => this.#break("a message of more than 8 MiB"),
    );
    socket.on("data", (chunk: Buffer) => lines.push(chunk));
    // How the worker ended, its exit says.
    socket.on("error", () => undefined);
  }

  /** Calls a method of the worker. It may never answer; whoever waits sees the process end. */
  call(method: string, params: Record<string, unknown>): Promise<unknown> {
    this.#calls += 1;
    const id = this.#calls;
    return new Promise((resolve, reject) => {
      this.#waiting.set(id, { resolve, reject });
      this.#send({ id, method, params });
    });
  }

  /** Ends when every command that the worker gave has ended. */
  async settled(): Promise<void> {
    await Promise.all(this.#open);
  }

  #send(message: Record<string, unknown>): void {
    if (this.#socket.writable) this.#socket.write(`${JSON.stringify({ jsonrpc: "2.0", ...message })}\n`);
  }

  #break(what: string): void {
    this.#socket.destroy();
    this.#handlers.broken(new ProtocolError(`It sent ${what}.`));
  }

  #take(line: string): void {
    if (this.#socket.destroyed) return;
    const message = parsed(line);
    if (!message) return this.#break("a line that is no message");
    const { id, method, params, result, error } = message;
    if (method === undefined) return this.#answer(id, result, error);
    const given = isObject(params) ? params : {};
    if (method === "act") return this.#act(id, given);
    if (method === "log") return this.#handlers.log(String(given.text));
    if (method === "failed") return this.#handlers.failed(String(given.message));
    if (method === "hello") return this.#handlers.hello(Number(given.abi));
    return this.#break(`a call of ${String(method).slice(0, 40)}, which there is not`);
  }

  #answer(id: unknown, result: unknown, error: unknown): void {
    const waiting = this.#waiting.get(Number(id));
    if (!waiting) return this.#break("an answer to nothing");
    this.#waiting.delete(Number(id));
    if (isObject(error)) waiting.reject(new Error(String(error.message)));
    else waiting.resolve(result);
  }

  #act(id: unknown, { skill, args }: Record<string, unknown>): void {
    this.#acts += 1;
    if (typeof skill !== "string" || (typeof id !== "string" && typeof id !== "number"))
      return this.#break("a command without a skill or an id");
    if (this.#acts > actsMax) return this.#break(`more than ${actsMax} commands`);
    if (this.#open.size >= openActsMax) return this.#break(`more than ${openActsMax} commands at once`);
    const ended = this.#handlers.act(skill, args).then(
      (result) => this.#send({ id, result }),
      (error: Error) => this.#send({ id, error: { code: -32_000, message: error.message } }),
    );
    const open = ended.finally(() => this.#open.delete(open));
    this.#open.add(open);
  }
}

function parsed(line: string): Record<string, unknown> | undefined {
  try {
    const message: unknown = JSON.parse(line);
    return isObject(message) ? message : undefined;
  } catch {
    return undefined;
  }
}

const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === "object" && value !== null && !Array.isArray(value);

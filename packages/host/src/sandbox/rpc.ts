import { type Progress, progressSchema } from "@mh/contract/wire/progress.ts";
import { LineSplitter } from "@mh/core/model/lines.ts";
import { decodeLossy } from "@mh/core/ports/bytes.ts";
import type { Run } from "@mh/core/ports/executor.ts";

/** A worker broke the rules of the channel. */
export class ProtocolError extends Error {
  override name = "ProtocolError";
}

export interface RpcHandlers {
  /** `onProgress` only where the worker wants to hear how far it is; aborted where it no longer waits for the outcome. */
  act(
    skill: string,
    args: unknown,
    onProgress: ((progress: Progress) => void) | undefined,
    signal: AbortSignal,
  ): Promise<unknown>;
  /** How far the worker is with its own run. */
  progress(update: Progress): void;
  log(text: string): void;
  /** What escaped the agent, in its own words. */
  failed(message: string): void;
  hello(abi: number): void;
  /** The channel is of no more use. */
  broken(error: ProtocolError): void;
}

const lineBytesMax = 2 ** 20;
const messagesMax = 100_000;
const openActsMax = 64;
const actsMax = 10_000;
const skillNameMax = 100;
/** What waits to be read by a worker that does not read. */
const unreadBytesMax = 32 * 2 ** 20;

interface Waiting {
  resolve: (result: unknown) => void;
  reject: (error: Error) => void;
}

/** JSON-RPC 2.0, a message a line, with a worker that may be hostile. What it sends is bounded and believed in nothing. */
export class Rpc {
  readonly #channel: Run["channel"];
  readonly #handlers: RpcHandlers;
  readonly #answerMax: number;
  readonly #waiting = new Map<number, Waiting>();
  readonly #open = new Set<Promise<void>>();
  readonly #cancels = new Map<unknown, AbortController>();
  #calls = 0;
  #messages = 0;
  #acts = 0;

  constructor(channel: Run["channel"], handlers: RpcHandlers, answerMax: number) {
    this.#channel = channel;
    this.#handlers = handlers;
    this.#answerMax = answerMax;
    const lines = new LineSplitter(lineBytesMax);
    channel.listen((chunk) => {
      for (const { bytes, isTooLong } of lines.push(chunk)) {
        if (isTooLong) this.#break("a message of more than 1 MiB");
        else this.#take(decodeLossy(bytes));
      }
    });
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
    if (!this.#channel.isOpen) return;
    if (this.#channel.unreadBytes > unreadBytesMax) return this.#break("commands, and does not read how they end");
    this.#channel.write(`${JSON.stringify({ jsonrpc: "2.0", ...message })}\n`);
  }

  #break(what: string): void {
    this.#channel.close();
    this.#handlers.broken(new ProtocolError(`It sent ${what}.`));
  }

  #take(line: string): void {
    if (!this.#channel.isOpen) return;
    this.#messages += 1;
    if (this.#messages > messagesMax) return this.#break(`more than ${messagesMax} messages`);
    const message = messageOf(line);
    if (!message) return this.#break("a line that is no message");
    const { id, method, params, result, error } = message;
    if (method === undefined) {
      if (line.length > this.#answerMax) return this.#break(`an answer of more than ${this.#answerMax / 1024} KiB`);
      return this.#answer(id, result, error);
    }
    const given = isObject(params) ? params : {};
    if (method === "act") return this.#act(id, given);
    if (method === "progress") return this.#progress(given);
    // It may have ended meanwhile.
    if (method === "cancel") return this.#cancels.get(given.of)?.abort("Its agent no longer waits for it.");
    if (method === "log") return this.#handlers.log(wordsOf(given.text));
    if (method === "failed") return this.#handlers.failed(wordsOf(given.message));
    if (method === "hello") return this.#handlers.hello(typeof given.abi === "number" ? given.abi : Number.NaN);
    return this.#break(`a call of ${wordsOf(method).slice(0, 40)}, which there is not`);
  }

  #answer(id: unknown, result: unknown, error: unknown): void {
    const waiting = typeof id === "number" ? this.#waiting.get(id) : undefined;
    if (!waiting) return this.#break("an answer to nothing");
    this.#waiting.delete(id as number);
    if (isObject(error)) waiting.reject(new Error(wordsOf(error.message)));
    else waiting.resolve(result);
  }

  #progress(given: Record<string, unknown>): void {
    const read = progressSchema().safeParse(given);
    if (!read.success) return this.#break("progress that is none");
    this.#handlers.progress(read.data);
  }

  #act(id: unknown, { skill, args, progress }: Record<string, unknown>): void {
    this.#acts += 1;
    if (typeof skill !== "string" || (typeof id !== "string" && typeof id !== "number"))
      return this.#break("a command without a skill or an id");
    // What is no skill is logged and journaled by its name.
    if (skill.length > skillNameMax) return this.#break(`a skill's name of more than ${skillNameMax} characters`);
    if (this.#acts > actsMax) return this.#break(`more than ${actsMax} commands`);
    if (this.#open.size >= openActsMax) return this.#break(`more than ${openActsMax} commands at once`);
    // A notification, and only to who asked for it: a worker that knows nothing of progress is sent none.
    const tell = (said: Progress) => this.#send({ method: "progress", params: { of: id, ...said } });
    const cancel = new AbortController();
    this.#cancels.set(id, cancel);
    const ended = this.#handlers.act(skill, args, progress === true ? tell : undefined, cancel.signal).then(
      (result) => this.#send({ id, result }),
      (error: Error) => this.#send({ id, error: { code: -32_000, message: error.message } }),
    );
    const open = ended.finally(() => {
      this.#cancels.delete(id);
      this.#open.delete(open);
    });
    this.#open.add(open);
  }
}

function messageOf(line: string): Record<string, unknown> | undefined {
  try {
    const message: unknown = JSON.parse(line);
    return isObject(message) ? message : undefined;
  } catch {
    return undefined;
  }
}

/** Turning an untrusted object into text would call what it names `toString`. */
const wordsOf = (value: unknown): string => (typeof value === "string" ? value : typeof value);

const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === "object" && value !== null && !Array.isArray(value);

import { Fault } from "@mh/contract/values/fault.ts";
import type { SocketReply } from "@mh/contract/wire/socket.ts";
import { reasonOf } from "@mh/core/kernel/fault-of.ts";
import type { Ask } from "../connect/dial.ts";
import { newSecretMemory } from "../secrets/vault.ts";
import { askLocally } from "../serve/socket/answer.ts";
import { serve } from "../serve/socket/serve.ts";
import type { Host } from "./host.ts";
import { type OpenOptions, openHome } from "./open-home.ts";

/** A home held by this process: its own requests are answered directly, those of others over the socket. */
export class LocalClient implements AsyncDisposable {
  readonly #options: OpenOptions;
  readonly #end = new AbortController();
  #host: Host;
  #server: AsyncDisposable;
  #ask: Ask;

  private constructor(host: Host, server: AsyncDisposable, options: OpenOptions) {
    this.#host = host;
    this.#server = server;
    this.#options = options;
    this.#ask = askLocally(host, this.#end.signal);
  }

  /** Undefined while another process holds the home. */
  static async open(root: string, given: OpenOptions = {}): Promise<LocalClient | undefined> {
    const options = { secretMemory: newSecretMemory(), ...given };
    const host = await openHome(root, { mayLookOnly: true, ...options });
    if (!host) return undefined;
    try {
      return new LocalClient(host, host.looksOnly ? nobodyElse : await serve(host), options);
    } catch (error) {
      await host[Symbol.asyncDispose]();
      throw error;
    }
  }

  get host(): Host {
    return this.#host;
  }

  /** A cache that turns out damaged is thrown away and made anew from the files, once. */
  request: Ask = async (request, onFrame) => {
    const reply = await this.#ask(request, onFrame);
    if (request.do !== "act" || !isDamaged(reply)) return reply;
    const { root } = this.#host;
    await this.#close();
    const again = await LocalClient.open(root, this.#options);
    if (!again) throw new Fault("home.busy", "Another process took the home while its index was made anew. Try again.");
    this.#host = again.#host;
    this.#server = again.#server;
    this.#ask = askLocally(again.#host, this.#end.signal);
    return this.#ask({ ...request, id: this.#host.newId() }, onFrame);
  };

  async [Symbol.asyncDispose](): Promise<void> {
    this.#end.abort();
    try {
      await this.#close();
    } catch (error) {
      // What was answered stays so, however the home is left.
      process.emitWarning(`The home could not be closed in order: ${reasonOf(error)}`);
    }
  }

  async #close(): Promise<void> {
    try {
      await this.#server[Symbol.asyncDispose]();
    } finally {
      await this.#host[Symbol.asyncDispose]();
    }
  }
}

/** A home that is only read has no socket: nothing can be made in it. */
const nobodyElse: AsyncDisposable = { [Symbol.asyncDispose]: () => Promise.resolve() };

function isDamaged(reply: SocketReply): boolean {
  if (!("outcome" in reply)) return false;
  return reply.outcome.status === "failed" && reply.outcome.fault.code === "index.damaged";
}

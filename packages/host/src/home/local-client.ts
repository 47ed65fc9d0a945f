import { Fault } from "@mh/contract/values/fault.ts";
import type { Outcome } from "@mh/contract/wire/command.ts";
import { newSecretMemory } from "../secrets/vault.ts";
import type { Reply, Request } from "../serve/socket/protocol.ts";
import { answer, serve } from "../serve/socket/serve.ts";
import type { Host } from "./host.ts";
import { type OpenOptions, openHome } from "./open-home.ts";

/** A home held by this process: its own requests are answered directly, those of others over the socket. */
export class LocalClient implements AsyncDisposable {
  readonly #options: OpenOptions;
  #host: Host;
  #server: AsyncDisposable;

  private constructor(host: Host, server: AsyncDisposable, options: OpenOptions) {
    this.#host = host;
    this.#server = server;
    this.#options = options;
  }

  /** Undefined while another process holds the home. */
  static async open(root: string, given: OpenOptions = {}): Promise<LocalClient | undefined> {
    const options = { secretMemory: newSecretMemory(), ...given };
    const host = await openHome(root, options);
    if (!host) return undefined;
    try {
      return new LocalClient(host, await serve(host), options);
    } catch (error) {
      await host[Symbol.asyncDispose]();
      throw error;
    }
  }

  get host(): Host {
    return this.#host;
  }

  /** A cache that turns out damaged is thrown away and made anew from the files, once. */
  async request(request: Request): Promise<Reply> {
    const reply = await answer(this.#host, request);
    if (!("outcome" in reply) || !isIndexDamage(reply.outcome)) return reply;
    const { root } = this.#host;
    await this[Symbol.asyncDispose]();
    const again = await LocalClient.open(root, this.#options);
    if (!again) throw new Fault("home.busy", "Another process took the home while its index was made anew. Try again.");
    this.#host = again.#host;
    this.#server = again.#server;
    return answer(this.#host, { ...request, id: this.#host.newId() });
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#server[Symbol.asyncDispose]();
    await this.#host[Symbol.asyncDispose]();
  }
}

function isIndexDamage(outcome: Outcome): boolean {
  return outcome.status === "failed" && outcome.fault.code === "index.damaged";
}

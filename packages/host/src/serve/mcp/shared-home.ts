import type { HomeClient } from "../../connect/connect-home.ts";

/**
 * One connection to a home for all that go on at a time. When nothing does, it is let go of: a program that is connected all day
 * must not keep a home from the daemon that starts later.
 */
export class SharedHome {
  readonly #connect: () => Promise<HomeClient>;
  #client: Promise<HomeClient> | undefined;
  #users = 0;
  /** One that is let go of holds the home until it is closed. */
  #closing: Promise<unknown> = Promise.resolve();
  #idle = Promise.withResolvers<void>();

  constructor(connect: () => Promise<HomeClient>) {
    this.#connect = connect;
    this.#idle.resolve();
  }

  async use<T>(work: (client: HomeClient) => Promise<T>): Promise<T> {
    if (this.#users === 0) this.#idle = Promise.withResolvers();
    this.#users += 1;
    this.#client ??= this.#closing.then(() => this.#connect());
    const connecting = this.#client;
    try {
      return await work(await connecting);
    } finally {
      this.#users -= 1;
      if (this.#users === 0) await this.#letGo(connecting);
    }
  }

  /** Resolves once nothing is under way any more. */
  get idle(): Promise<void> {
    return this.#idle.promise;
  }

  async #letGo(connecting: Promise<HomeClient>): Promise<void> {
    this.#client = undefined;
    const { resolve } = this.#idle;
    // Where it could not be connected, its users were told.
    const closing = connecting.then((client) => client[Symbol.asyncDispose]()).catch(() => undefined);
    this.#closing = closing;
    await closing;
    resolve();
  }
}

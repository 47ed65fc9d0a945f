import type { ToolProgress } from "@mh/core/extensions/mcp-tool.ts";
import type { CallEnd, Calling } from "./mcp-connection.ts";

/** What a server of the older revision is answered where nobody can be asked. */
const cancelled = { action: "cancel" } as const;

interface Making {
  signal: AbortSignal;
  onProgress: (progress: ToolProgress) => void;
}

/**
 * Calls under way with one server. A server of the older revision asks in the middle of a call and waits for the answer:
 * its call is held, with nobody following it, until somebody takes it by its name.
 */
export class Flights {
  readonly #flying = new Set<Flight>();
  readonly #held = new Map<string, Flight>();

  get held(): number {
    return this.#held.size;
  }

  begin(limitMs: number, make: (making: Making) => Promise<CallEnd>): Flight {
    const flight = new Flight(limitMs, make, () => {
      this.#flying.delete(flight);
      for (const [name, each] of this.#held) if (each === flight) this.#held.delete(name);
    });
    this.#flying.add(flight);
    return flight;
  }

  /** The call that waits under that name, once. */
  take(name: string): Flight | undefined {
    const flight = this.#held.get(name);
    this.#held.delete(name);
    return flight;
  }

  /**
   * What the server asks: it goes to the follower of the call that it belongs to. The server does not say to which, so
   * that with two calls under way nobody is asked.
   */
  ask(params: unknown): Promise<unknown> {
    const followed = [...this.#flying].filter(({ isFollowed }) => isFollowed);
    const [flight] = followed;
    if (followed.length !== 1 || !flight) return Promise.resolve(cancelled);
    const held = crypto.randomUUID();
    this.#held.set(held, flight);
    return flight.ask(held, params);
  }
}

export class Flight {
  readonly #end: Promise<CallEnd>;
  readonly #ending = new AbortController();
  readonly #limitMs: number;
  #follower: { calling: Calling; asked: PromiseWithResolvers<CallEnd> } | undefined;
  #reply: ((response: unknown) => void) | undefined;

  constructor(limitMs: number, make: (making: Making) => Promise<CallEnd>, over: () => void) {
    this.#limitMs = limitMs;
    this.#end = make({
      signal: this.#ending.signal,
      onProgress: (progress) => this.#follower?.calling.onProgress?.(progress),
    }).finally(() => {
      this.#reply?.(cancelled);
      over();
    });
    this.#end.catch(() => undefined);
  }

  get isFollowed(): boolean {
    return this.#follower !== undefined;
  }

  /** Until it ends or asks. A follower that gives up, or waits too long, ends the call at the server, too. */
  async follow(calling: Calling): Promise<CallEnd> {
    const { signal } = calling;
    const giveUp = () => this.#ending.abort(signal.reason);
    const late = new Error(`it did not answer within ${this.#limitMs / 1_000} s`);
    const asked = Promise.withResolvers<CallEnd>();
    const timer = setTimeout(() => {
      asked.reject(late);
      this.#ending.abort(late);
    }, this.#limitMs).unref();
    asked.promise.catch(() => undefined);
    this.#follower = { calling, asked };
    signal.addEventListener("abort", giveUp, { once: true });
    if (signal.aborted) giveUp();
    try {
      return await Promise.race([this.#end, asked.promise]);
    } finally {
      clearTimeout(timer);
      signal.removeEventListener("abort", giveUp);
      this.#follower = undefined;
    }
  }

  /** Settles with what `answer` is given. */
  ask(held: string, params: unknown): Promise<unknown> {
    const reply = Promise.withResolvers<unknown>();
    const lapse = setTimeout(() => this.#ending.abort("nobody answered"), this.#follower?.calling.holdMs).unref();
    this.#reply = (response) => {
      clearTimeout(lapse);
      reply.resolve(response);
    };
    this.#follower?.asked.resolve({ asked: { requests: { ask: { method: "elicitation/create", params } }, held } });
    return reply.promise;
  }

  answer(response: unknown): void {
    this.#reply?.(response);
    this.#reply = undefined;
  }
}

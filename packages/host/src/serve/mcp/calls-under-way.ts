import type { Principal } from "@mh/contract/values/principal.ts";

/**
 * Calls that came over HTTP in the revision of 2025-11-25, which cancels by a message: here that is a request of its own, and finds
 * its call by whose it is and by the id that the client gave it.
 */
export class CallsUnderWay {
  readonly #calls = new Map<string, Set<AbortController>>();

  track(principal: Principal, id: unknown): { signal: AbortSignal } & Disposable {
    const key = JSON.stringify([principal, id]);
    const ending = new AbortController();
    const calls = this.#calls.get(key) ?? new Set();
    this.#calls.set(key, calls.add(ending));
    return {
      signal: ending.signal,
      [Symbol.dispose]: () => {
        calls.delete(ending);
        if (calls.size === 0 && this.#calls.get(key) === calls) this.#calls.delete(key);
      },
    };
  }

  /** Where a program runs twice under one token, and both gave that id, nobody can tell which is meant: neither is ended. */
  cancel(principal: Principal, id: unknown): void {
    const [call, another] = this.#calls.get(JSON.stringify([principal, id])) ?? [];
    if (another === undefined) call?.abort();
  }
}

import type { Clock } from "../../ports/clock.ts";

const firstMs = 60_000;
const mostMs = 3_600_000;

/** After a failure a minute passes before it is tried again by itself, then twice as long each time, up to an hour. */
export class BackOff {
  readonly #clock: Clock;
  #waitMs = 0;
  #until = Number.NEGATIVE_INFINITY;

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  mayTry(): boolean {
    return this.#clock.steady() >= this.#until;
  }

  ended(isDone: boolean): void {
    this.#waitMs = isDone ? 0 : Math.min(mostMs, Math.max(firstMs, this.#waitMs * 2));
    this.#until = isDone ? Number.NEGATIVE_INFINITY : this.#clock.steady() + this.#waitMs;
  }
}

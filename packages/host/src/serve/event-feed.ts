import type { Event } from "@mh/contract/wire/event.ts";
import type { Host } from "../home/host.ts";

/**
 * The last events, kept once for all readers, and the way back to older ones in the journal. A reader is a place in the
 * order of events and nothing more: how many there are and how slow they are costs no memory.
 */
export class EventFeed implements Disposable {
  readonly #host: Pick<Host, "bus" | "committed" | "replay">;
  readonly #keptMax: number;
  readonly #subscription: Disposable;
  #kept: Event[] = [];
  #floor: number;
  readonly #waiting = new Set<() => void>();
  readonly #closing = new AbortController();

  constructor(host: Pick<Host, "bus" | "committed" | "replay">, keptMax: number) {
    this.#host = host;
    this.#keptMax = keptMax;
    // In one step: what is committed by now is in the journal, and everything after it will be announced.
    this.#floor = host.committed;
    this.#subscription = host.bus.subscribe("**", (event) => this.#keep(event));
  }

  /** Every event from this number on is kept; earlier ones are in the journal. */
  get floor(): number {
    return this.#floor;
  }

  /** The number that the next event has at least. */
  get next(): number {
    return this.#host.committed;
  }

  get isClosed(): boolean {
    return this.#closing.signal.aborted;
  }

  /** Aborted when the feed is closed. */
  get closed(): AbortSignal {
    return this.#closing.signal;
  }

  /** Kept events from a number on, in order. */
  from(seq: number, max: number): Event[] {
    // Readers are at the end, or close to it.
    const at = this.#kept.findLastIndex((event) => event.seq < seq) + 1;
    return this.#kept.slice(at, at + max);
  }

  /** Events of the journal in [from, to). */
  replay(range: { from: number; to: number }): Iterator<Event> {
    return this.#host.replay(range)[Symbol.iterator]();
  }

  /** Calls back once, at the next event or when the feed is closed. */
  onceChanged(listener: () => void): Disposable {
    this.#waiting.add(listener);
    return { [Symbol.dispose]: () => void this.#waiting.delete(listener) };
  }

  [Symbol.dispose](): void {
    this.#subscription[Symbol.dispose]();
    this.#closing.abort();
    this.#wake();
  }

  #keep(event: Event): void {
    this.#kept.push(event);
    // Cut off many at a time: cutting one each time would move all of them each time.
    if (this.#kept.length > 2 * this.#keptMax) {
      this.#kept = this.#kept.slice(-this.#keptMax);
      this.#floor = this.#kept[0]?.seq ?? this.#floor;
    }
    this.#wake();
  }

  #wake(): void {
    const waiting = [...this.#waiting];
    this.#waiting.clear();
    for (const listener of waiting) listener();
  }
}

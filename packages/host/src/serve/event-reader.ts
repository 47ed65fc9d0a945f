import type { Event } from "@mh/contract/wire/event.ts";
import type { RunProgress } from "@mh/contract/wire/progress.ts";
import { matcher } from "@mh/core/kernel/bus.ts";
import type { Host } from "../home/host.ts";
import type { EventFeed } from "./event-feed.ts";

export interface EventReaderOptions {
  feed: EventFeed;
  /** The number of the first event wanted. */
  from: number;
  /** Names of the events wanted; all without it. Throws `usage` where it is no pattern. */
  pattern?: string | undefined;
  /** Where progress is wanted, too. */
  progressOf?: Pick<Host, "bus"> | undefined;
}

/** What came: events in order, and how far runs are. */
export interface Batch {
  events: Event[];
  progress: RunProgress[];
  /** Nothing happened for as long as was waited. */
  isIdle?: boolean;
  /** No more comes: the reader fell behind what is kept, or the feed was closed. */
  end?: "behind" | "closing";
}

const eventsPerBatch = 256;
/** Of how many runs the last word is held for a reader that takes nothing: beyond that, of the latest. */
const runsMax = 1_000;

/**
 * One reader of events: older ones from the journal, then as they happen, each exactly once. Made only as fast as they
 * are taken. Of progress only the last of each run is held, so that a slow reader costs no memory.
 */
export class EventReader implements Disposable {
  readonly #feed: EventFeed;
  readonly #matches: (name: string) => boolean;
  readonly #watch: Disposable | undefined;
  readonly #progress = new Map<string, RunProgress>();
  #next: number;
  #old: { events: Iterator<Event>; to: number } | undefined;
  #isLive = false;
  #wake: () => void = () => undefined;

  constructor({ feed, from, pattern = "**", progressOf }: EventReaderOptions) {
    this.#feed = feed;
    this.#next = from;
    this.#matches = matcher(pattern);
    this.#watch = progressOf?.bus.watch((progress) => {
      this.#progress.set(progress.run, progress);
      if (this.#progress.size > runsMax) this.#progress.delete(this.#progress.keys().next().value as string);
      this.#wake();
    });
  }

  /** The number of the next event that was not looked at yet. */
  get next(): number {
    return this.#next;
  }

  /** What is next, waiting for it no longer than so many milliseconds. */
  async read(waitMs: number): Promise<Batch> {
    if (this.#feed.isClosed) return { ...nothing, end: "closing" };
    if (this.#isLive && this.#next < this.#feed.floor) return { ...nothing, end: "behind" };
    const progress = [...this.#progress.values()];
    this.#progress.clear();
    const isOld = this.#old !== undefined || this.#next < this.#feed.floor;
    const found = isOld ? await this.#fromJournal() : this.#kept();
    const events = found.filter(({ name }) => this.#matches(name));
    // After a batch of what is not wanted, more may be kept already.
    const isWaiting = found.length + progress.length === 0 && !isOld;
    return { events, progress, isIdle: isWaiting && !(await this.#changeWithin(waitMs)) };
  }

  [Symbol.dispose](): void {
    this.#watch?.[Symbol.dispose]();
    this.#wake();
  }

  async #fromJournal(): Promise<Event[]> {
    // Reading a long journal must not keep everybody else waiting.
    await new Promise((resolve) => setImmediate(resolve));
    const { floor } = this.#feed;
    this.#old ??= { events: this.#feed.replay({ from: this.#next, to: floor }), to: floor };
    const events: Event[] = [];
    for (let each = this.#old.events.next(); ; each = this.#old.events.next()) {
      if (each.done) {
        this.#next = this.#old.to;
        this.#old = undefined;
        return events;
      }
      events.push(each.value);
      this.#next = each.value.seq + 1;
      if (events.length === eventsPerBatch) return events;
    }
  }

  #kept(): Event[] {
    this.#isLive = true;
    const events = this.#feed.from(this.#next, eventsPerBatch);
    this.#next = (events.at(-1)?.seq ?? this.#next - 1) + 1;
    return events;
  }

  async #changeWithin(ms: number): Promise<boolean> {
    const { promise, resolve } = Promise.withResolvers<boolean>();
    this.#wake = () => resolve(true);
    using _change = this.#feed.onceChanged(this.#wake);
    const timer = setTimeout(resolve, ms, false);
    try {
      return await promise;
    } finally {
      clearTimeout(timer);
    }
  }
}

const nothing = { events: [], progress: [] };

import type { Event } from "@mh/contract/wire/event.ts";
import type { EventFeed } from "./event-feed.ts";

export interface ReaderOptions {
  feed: EventFeed;
  /** The number of the first event wanted. */
  from: number;
  heartbeatMs: number;
  /** Whether the reader's token still holds. */
  isAllowed: () => boolean;
  onSent: (events: number) => void;
  onEnd: (why: EndOfStream) => void;
}

/** Of these the reader is told all but the first two. */
export type EndOfStream = "gone" | "failed" | "behind" | "closing" | "forbidden";

const eventsPerChunk = 256;

/**
 * One reader's events as `text/event-stream`: older ones from the journal, then as they happen, each exactly once. Made
 * only as fast as they are taken. Who falls behind what is kept is told so, ended, and goes on by `Last-Event-ID`.
 */
export function eventStream(options: ReaderOptions): ReadableStream<Uint8Array> {
  const { feed, heartbeatMs, isAllowed, onSent, onEnd } = options;
  const encoder = new TextEncoder();
  let next = options.from;
  let old: { events: Iterator<Event>; to: number } | undefined;
  let isLive = false;
  let isGreeted = false;
  let isGone = false;
  let wake: () => void = () => undefined;

  const fromJournal = async (): Promise<Event[]> => {
    // Reading a long journal must not keep everybody else waiting.
    await new Promise((resolve) => setImmediate(resolve));
    old ??= { events: feed.replay({ from: next, to: feed.floor }), to: feed.floor };
    const events: Event[] = [];
    for (let each = old.events.next(); ; each = old.events.next()) {
      if (each.done) {
        next = old.to;
        old = undefined;
        return events;
      }
      events.push(each.value);
      next = each.value.seq + 1;
      if (events.length === eventsPerChunk) return events;
    }
  };
  const kept = (): Event[] => {
    isLive = true;
    const events = feed.from(next, eventsPerChunk);
    next = (events.at(-1)?.seq ?? next - 1) + 1;
    return events;
  };

  /** False where nothing happened in that time. */
  const changeWithin = async (ms: number): Promise<boolean> => {
    const { promise, resolve } = Promise.withResolvers<boolean>();
    wake = () => resolve(true);
    using _change = feed.onceChanged(wake);
    const timer = setTimeout(resolve, ms, false);
    try {
      return await promise;
    } finally {
      clearTimeout(timer);
    }
  };

  const greeting = (): string => {
    isGreeted = true;
    return `retry: 1000\nid: ${next - 1}\nevent: ready\ndata: ${place(next)}\n\n`;
  };
  const ending = (): "behind" | "closing" | "forbidden" | undefined => {
    if (!isAllowed()) return "forbidden";
    if (feed.isClosed) return "closing";
    return isLive && next < feed.floor ? "behind" : undefined;
  };

  /** What is sent next, waiting for it where there is nothing yet; undefined once the reader has gone. */
  const chunk = async (): Promise<{ text: string; events: number; end?: EndOfStream } | undefined> => {
    if (!isGreeted) return { text: greeting(), events: 0 };
    while (!isGone) {
      const end = ending();
      if (end) return { text: `event: ${end}\ndata: ${place(next)}\n\n`, events: 0, end };
      const isOld = old !== undefined || next < feed.floor;
      const events = isOld ? await fromJournal() : kept();
      if (events.length > 0) return { text: events.map(told).join(""), events: events.length };
      if (!isOld && !(await changeWithin(heartbeatMs))) return { text: ":\n\n", events: 0 };
    }
    return undefined;
  };

  return new ReadableStream<Uint8Array>(
    {
      async pull(controller) {
        const made = await chunk().catch((error: unknown) => {
          onEnd("failed");
          throw error;
        });
        if (!made || isGone) return;
        controller.enqueue(encoder.encode(made.text));
        onSent(made.events);
        if (!made.end) return;
        controller.close();
        onEnd(made.end);
      },
      cancel() {
        isGone = true;
        wake();
        onEnd("gone");
      },
    },
    // Nothing is made ahead of who reads it.
    { highWaterMark: 0 },
  );
}

const place = (next: number): string => JSON.stringify({ after: next - 1 });
const told = (event: Event): string => `id: ${event.seq}\ndata: ${JSON.stringify(event)}\n\n`;

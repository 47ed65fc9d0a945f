import type { Event } from "@mh/contract/wire/event.ts";
import type { RunProgress } from "@mh/contract/wire/progress.ts";
import { EventReader, type EventReaderOptions } from "../event-reader.ts";

export interface ReaderOptions extends EventReaderOptions {
  heartbeatMs: number;
  /** Whether the reader's token still holds. */
  isAllowed: () => boolean;
  onSent: (events: number) => void;
  onEnd: (why: EndOfStream) => void;
}

/** Of these the reader is told all but the first two. */
export type EndOfStream = "gone" | "failed" | "behind" | "closing" | "forbidden";

/**
 * One reader's events as `text/event-stream`. Who falls behind what is kept is told so, ended, and goes on by
 * `Last-Event-ID`. Progress has no id: it moves no cursor and is never sent again.
 */
export function eventStream(options: ReaderOptions): ReadableStream<Uint8Array> {
  const { heartbeatMs, isAllowed, onSent, onEnd } = options;
  const encoder = new TextEncoder();
  const reader = new EventReader(options);
  let isGreeted = false;
  let isGone = false;

  const greeting = (): string => {
    isGreeted = true;
    return `retry: 1000\nid: ${reader.next - 1}\nevent: ready\ndata: ${greetingOf(reader, options.feed)}\n\n`;
  };

  /** What is sent next, waiting for it where there is nothing yet; undefined once the reader has gone. */
  const chunk = async (): Promise<{ text: string; events: number; end?: EndOfStream } | undefined> => {
    if (!isGreeted) return { text: greeting(), events: 0 };
    const waitedFrom = performance.now();
    while (!isGone) {
      if (!isAllowed()) return ending("forbidden");
      const { events, progress, end, isIdle } = await reader.read(heartbeatMs);
      if (end) return ending(end);
      const text = progress.map(progressTold).join("") + events.map(told).join("");
      if (text) return { text, events: events.length };
      if (isIdle || performance.now() - waitedFrom >= heartbeatMs) return { text: ":\n\n", events: 0 };
    }
    return undefined;
  };
  const ending = (end: EndOfStream) => ({ text: `event: ${end}\ndata: ${place(reader)}\n\n`, events: 0, end });

  return new ReadableStream<Uint8Array>(
    {
      async pull(controller) {
        const made = await chunk().catch((error: unknown) => {
          reader[Symbol.dispose]();
          onEnd("failed");
          throw error;
        });
        if (!made || isGone) return;
        controller.enqueue(encoder.encode(made.text));
        onSent(made.events);
        if (!made.end) return;
        controller.close();
        reader[Symbol.dispose]();
        onEnd(made.end);
      },
      cancel() {
        isGone = true;
        reader[Symbol.dispose]();
        onEnd("gone");
      },
    },
    // Nothing is made ahead of who reads it.
    { highWaterMark: 0 },
  );
}

/** `head`: the last event that there is, so that a reader who was away for long may choose to read anew instead. */
const greetingOf = ({ next }: EventReader, feed: EventReaderOptions["feed"]): string =>
  JSON.stringify({ after: next - 1, head: feed.next - 1 });
const place = ({ next }: EventReader): string => JSON.stringify({ after: next - 1 });
const told = (event: Event): string => `id: ${event.seq}\ndata: ${JSON.stringify(event)}\n\n`;
const progressTold = (progress: RunProgress): string => `event: run.progress\ndata: ${JSON.stringify(progress)}\n\n`;

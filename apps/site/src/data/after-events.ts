import type { Event } from "@mh/contract/wire/event.ts";
import { home } from "./home.svelte.ts";

interface Following {
  concerns: (event: Event) => boolean;
  waitMs: number;
  /** Gets what came in that time. */
  work: (events: readonly Event[]) => void;
  /** Events were left out: all is read again, at once. */
  readAll: () => void;
}

/** Does some work so long after events that concern it, once for all of them. For `$effect`: gives what ends it. */
export function afterEvents({ concerns, waitMs, work, readAll }: Following): () => void {
  let heard: Event[] = [];
  let timer: ReturnType<typeof setTimeout> | undefined;
  const offReset = home.onReset(readAll);
  const off = home.on((event) => {
    if (!concerns(event)) return;
    heard.push(event);
    timer ??= setTimeout(() => {
      const events = heard;
      timer = undefined;
      heard = [];
      work(events);
    }, waitMs);
  });
  return () => {
    off();
    offReset();
    clearTimeout(timer);
  };
}

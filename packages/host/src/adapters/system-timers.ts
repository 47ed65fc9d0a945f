import type { Timers } from "@mh/core/ports/timers.ts";

/** What waits here does not keep the process alive. */
export const systemTimers: Timers = {
  now: () => performance.now(),
  after(ms, work) {
    const timer = setTimeout(work, ms).unref();
    return { [Symbol.dispose]: () => clearTimeout(timer) };
  },
};

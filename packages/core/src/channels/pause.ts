import type { Timers } from "../ports/timers.ts";

/** Waits so long; throws once its signal is aborted. */
export async function pause(timers: Timers, ms: number, signal: AbortSignal): Promise<void> {
  const { promise, resolve } = Promise.withResolvers<void>();
  using _timer = timers.after(ms, resolve);
  signal.addEventListener("abort", () => resolve(), { once: true });
  if (!signal.aborted) await promise;
  signal.throwIfAborted();
}

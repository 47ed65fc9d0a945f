import type { EventTime, MemoryRecord } from "@mh/contract/values/memory.ts";

/**
 * Whether the times that are kept of a series are no longer those of its calendar: half of those ahead are over by now, or one
 * that both know of differs. Of one that goes on only the times around its import are kept.
 */
export function isOvertaken(
  { eventAt }: Pick<MemoryRecord, "eventAt">,
  { eventAt: wanted = [] }: { eventAt?: readonly EventTime[] | undefined },
  now: number,
): boolean {
  const [kept, next] = [ahead(eventAt, now), ahead(wanted, now)];
  if (next.length > 1 && 2 * kept.length <= next.length) return true;
  // Where the calendar says no time, the words of the memory gave them.
  if (wanted.length === 0) return false;
  const until = Math.min(kept.at(-1) ?? Number.POSITIVE_INFINITY, next.at(-1) ?? Number.POSITIVE_INFINITY);
  const shared = (times: readonly number[]) => times.filter((time) => time <= until).join();
  return shared(kept) !== shared(next);
}

const ahead = (times: readonly EventTime[], now: number): number[] =>
  times
    .map(({ from }) => Date.parse(from))
    .filter((ms) => ms > now)
    .sort((a, b) => a - b);

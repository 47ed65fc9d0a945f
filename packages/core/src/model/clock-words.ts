/** Clocks are corrected by less than this all the time. */
export const leastJumpMs = 60_000;

/** As in `the clock went back by 365 days, from 2027-03-02 09:00 to 2026-03-02 09:00 UTC`. */
export function jumpWords(fromMs: number, toMs: number): string {
  const way = toMs < fromMs ? "back" : "forward";
  return `the clock went ${way} by ${span(Math.abs(toMs - fromMs))}, from ${minuteOf(fromMs)} to ${minuteOf(toMs)} UTC`;
}

function span(ms: number): string {
  const minutes = Math.round(ms / 60_000);
  if (minutes < 120) return `${minutes} minute${minutes === 1 ? "" : "s"}`;
  const hours = Math.round(minutes / 60);
  return hours < 48 ? `${hours} hours` : `${Math.round(hours / 24)} days`;
}

const minuteOf = (ms: number): string => new Date(ms).toISOString().slice(0, 16).replace("T", " ");

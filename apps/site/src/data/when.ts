// Times as people read them, in the zone of the browser.
const parts = (options: Intl.DateTimeFormatOptions) => new Intl.DateTimeFormat("en-GB", options);
const clock = parts({ hour: "2-digit", minute: "2-digit" });
const seconds = parts({ hour: "2-digit", minute: "2-digit", second: "2-digit" });
const weekday = parts({ weekday: "short", hour: "2-digit", minute: "2-digit" });
const day = parts({ day: "numeric", month: "short" });
const dayYear = parts({ day: "numeric", month: "short", year: "numeric" });
const long = parts({ weekday: "long", day: "numeric", month: "long" });
const weekdayDay = parts({ weekday: "short", day: "numeric", month: "short" });

type Instant = Date | string | number;
const dateOf = (at: Instant): Date => (at instanceof Date ? at : new Date(at));
const isSameDay = (a: Date, b: Date): boolean => a.toDateString() === b.toDateString();

const hourMs = 60 * 60_000;

/** 08:31 today, Sat 07:02 within days, else 23 Nov, with its year where that is another. */
export function whenShort(at: Instant, now = new Date()): string {
  const date = dateOf(at);
  if (isSameDay(date, now)) return clock.format(date);
  if (Math.abs(date.getTime() - now.getTime()) < 6 * 24 * hourMs) return weekday.format(date).replace(",", "");
  return dayOf(date, now);
}

export const timeOf = (at: Instant): string => clock.format(dateOf(at));
export const timeWithSeconds = (at: Instant): string => seconds.format(dateOf(at));
export const longDay = (at: Instant): string => long.format(dateOf(at)).replace(",", "");

export function dayOf(at: Instant, now = new Date()): string {
  const date = dateOf(at);
  return (date.getFullYear() === now.getFullYear() ? day : dayYear).format(date);
}

/** Fri 13 Nov, or 13 Nov 2024 where that was another year. */
export function weekdayOf(at: Instant, now = new Date()): string {
  const date = dateOf(at);
  return date.getFullYear() === now.getFullYear() ? weekdayDay.format(date).replace(",", "") : dayYear.format(date);
}

/** 240 ms, 4.2 s, then as `span`. */
export function shortSpan(ms: number): string {
  if (ms < 1000) return `${Math.round(ms)} ms`;
  return ms < 60_000 ? `${(ms / 1000).toFixed(1)} s` : span(ms);
}

/** 1 h 44 min, 12 min, 40 s. */
export function span(ms: number): string {
  const minutes = Math.floor(ms / 60_000);
  if (minutes < 1) return `${Math.max(0, Math.ceil(ms / 1000))} s`;
  if (minutes < 60) return `${minutes} min`;
  const hours = Math.floor(minutes / 60);
  if (hours >= 48) return `${Math.floor(hours / 24)} days`;
  return minutes % 60 === 0 ? `${hours} h` : `${hours} h ${minutes % 60} min`;
}

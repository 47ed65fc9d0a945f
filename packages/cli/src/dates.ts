type Instant = string | number;

/**
 * An instant in the owner's words, in the time zone of this process: `today 14:03`, `yesterday 14:03`,
 * `Tue 3 March 14:03`, and with the year where it is another one. Midnight sharp is a day that was told without a time. By hand, because waking `Intl` costs 8 ms.
 */
export function moment(at: Instant, now: number): string {
  const date = new Date(at);
  const name = dayName(date, new Date(now));
  return isWholeDay(date) ? name : `${name} ${clock(date)}`;
}

/** The same in few words: the time of day for today only. */
export function day(at: Instant, now: number): string {
  const date = new Date(at);
  const name = dayName(date, new Date(now));
  return name === "today" && !isWholeDay(date) ? `today ${clock(date)}` : name;
}

function dayName(date: Date, now: Date): string {
  const daysAgo = Math.round((midnight(now) - midnight(date)) / 86_400_000);
  const near = { [-1]: "tomorrow", 0: "today", 1: "yesterday" }[daysAgo];
  if (near) return near;
  const dayAndMonth = `${date.getDate()} ${months[date.getMonth()]}`;
  if (date.getFullYear() === now.getFullYear()) return `${weekdays[date.getDay()]} ${dayAndMonth}`;
  return `${dayAndMonth} ${date.getFullYear()}`;
}

/** When the first of so many days begins, of which today is the last. */
export function beginOfDays(count: number, now: number): Date {
  const today = new Date(now);
  return new Date(today.getFullYear(), today.getMonth(), today.getDate() - (count - 1));
}

/** Of the calendar's day, in UTC, so that days are equally long. */
const midnight = (date: Date): number => Date.UTC(date.getFullYear(), date.getMonth(), date.getDate());

const isWholeDay = (date: Date): boolean =>
  date.getHours() === 0 && date.getMinutes() === 0 && date.getSeconds() === 0 && date.getMilliseconds() === 0;

/** The time of day. */
export const clock = (date: Date): string => `${two(date.getHours())}:${two(date.getMinutes())}`;
const two = (value: number): string => String(value).padStart(2, "0");

const weekdays = ["Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"];
const months = "January February March April May June July August September October November December".split(" ");

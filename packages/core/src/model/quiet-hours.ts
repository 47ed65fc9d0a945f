/** From one time of day to another, past midnight where `to` is the earlier. `to` itself is no longer quiet. */
export interface QuietHours {
  /** `22:00`. */
  from: string;
  to: string;
}

/** Whether it is quiet at a minute of the day. From a time to the same time it never is. */
export function isQuietAt(hours: QuietHours, minuteOfDay: number): boolean {
  const [from, to] = [minutesOf(hours.from), minutesOf(hours.to)];
  return from <= to ? minuteOfDay >= from && minuteOfDay < to : minuteOfDay >= from || minuteOfDay < to;
}

/** The minute of the day that `22:00` is. */
export function minutesOf(time: string): number {
  const [hour = 0, minute = 0] = time.split(":").map(Number);
  return hour * 60 + minute;
}

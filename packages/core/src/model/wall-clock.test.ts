import { expect, test } from "vitest";
import { instantOf, isTimeZone, localDay, localOf, minuteOfDay, weekdayOf } from "./wall-clock.ts";

/** All that is asked of the clock on the wall, at once. */
function shown(instant: string, timeZone: string | undefined) {
  const ms = Date.parse(instant);
  const local = localOf(ms, timeZone);
  return [localDay(ms, timeZone), weekdayOf(local), local.hour, minuteOfDay(local)];
}

test.each([
  ["2026-03-01T12:00:00Z", "UTC", ["2026-03-01", 7, 12, 720]],
  ["2026-03-01T23:59:59.999Z", "Europe/Berlin", ["2026-03-02", 1, 0, 59]],
  ["2026-03-01T00:00:00Z", "America/New_York", ["2026-02-28", 6, 19, 1140]],
  // Summer time begins and ends.
  ["2026-03-29T00:59:00Z", "Europe/Berlin", ["2026-03-29", 7, 1, 119]],
  ["2026-03-29T01:00:00Z", "Europe/Berlin", ["2026-03-29", 7, 3, 180]],
  ["2026-10-25T00:30:00Z", "Europe/Berlin", ["2026-10-25", 7, 2, 150]],
  ["2026-10-25T01:30:00Z", "Europe/Berlin", ["2026-10-25", 7, 2, 150]],
  // Not by whole hours, beyond the date line, and before standard time.
  ["2026-01-01T00:00:00Z", "Asia/Kathmandu", ["2026-01-01", 4, 5, 345]],
  ["2026-01-01T00:00:00Z", "Pacific/Kiritimati", ["2026-01-01", 4, 14, 840]],
  ["1890-01-01T00:00:00Z", "Europe/Berlin", ["1890-01-01", 3, 0, 53]],
])("the clock on the wall at %s in %s", (instant, timeZone, expected) => {
  expect(shown(instant, timeZone)).toEqual(expected);
});

// By the hour, at a minute past midnight, by half an hour, by 45 minutes 30 seconds, by 15 minutes, and by a day.
const changes: [timeZone: string, at: string][] = [
  ["Europe/Berlin", "2026-10-25T01:00:00Z"],
  ["America/St_Johns", "1995-04-02T03:31:00Z"],
  ["Australia/Lord_Howe", "2026-04-04T15:00:00Z"],
  ["Africa/Monrovia", "1972-01-07T00:44:30Z"],
  ["Asia/Kathmandu", "1985-12-31T18:30:00Z"],
  ["Pacific/Apia", "2011-12-30T10:00:00Z"],
];
test.each(changes)("the clock of %s is read to the minute where it was changed at %s", (timeZone, at) => {
  const format = new Intl.DateTimeFormat("en", { timeZone, hourCycle: "h23", hour: "numeric", minute: "numeric" });
  const minutes = Array.from({ length: 241 }, (_, n) => Date.parse(at) + (n - 120) * 60_000 + 15_000);
  const read = minutes.map((ms) => localOf(ms, timeZone)).map(({ hour, minute }) => hour * 60 + minute);
  const formatted = minutes.map((ms) => {
    const [hour = 0, minute = 0] = format.format(ms).split(":").map(Number);
    return hour * 60 + minute;
  });
  expect(read).toEqual(formatted);
  expect(new Set(read.map((minute, n) => (minute - n + 2_880) % 1_440)).size).toBe(timeZone === "Pacific/Apia" ? 1 : 2);
});

test("where no zone is given, it is that of the process", () => {
  for (const instant of ["2026-01-15T10:20:00Z", "2026-07-15T23:50:00Z"]) {
    const date = new Date(instant);
    const [, weekday, hour, minute] = shown(instant, undefined);
    expect([weekday, hour, minute]).toEqual([
      date.getDay() || 7,
      date.getHours(),
      date.getHours() * 60 + date.getMinutes(),
    ]);
  }
});

test("a time that comes twice is its first, one that is skipped as much later", () => {
  const berlin = (month: number, day: number) =>
    new Date(instantOf({ year: 2026, month, day, hour: 2, minute: 30 }, "Europe/Berlin")).toISOString();
  expect([berlin(9, 25), berlin(2, 29)]).toEqual(["2026-10-25T00:30:00.000Z", "2026-03-29T01:30:00.000Z"]);
});

test("a zone is one that the machine knows", () => {
  expect(["Europe/Berlin", "UTC", "Mars/Olympus", "", "x".repeat(1000)].map(isTimeZone)).toEqual([
    ...[true, true, false, false, false],
  ]);
});

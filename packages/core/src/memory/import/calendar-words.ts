import type ICAL from "ical.js";
import { englishMonths } from "./month-names.ts";

const months = "Jan Feb Mar Apr May Jun Jul Aug Sep Oct Nov Dec".split(" ");
const days = "Sunday Monday Tuesday Wednesday Thursday Friday Saturday".split(" ");
const dayCodes = ["SU", "MO", "TU", "WE", "TH", "FR", "SA"];
const units: Record<string, string> = {
  SECONDLY: "second",
  MINUTELY: "minute",
  HOURLY: "hour",
  DAILY: "day",
  WEEKLY: "week",
  MONTHLY: "month",
  YEARLY: "year",
};

/** "Wed 8 May 2024, 09:00–10:00 (Europe/Berlin)": as the file has it, so that it reads the same wherever it is imported. */
export function whenWords(start: ICAL.Time, end: ICAL.Time, zone: string): string {
  if (start.isDate) {
    const last = end.clone();
    last.adjust(-1, 0, 0, 0);
    return last.compareDateOnlyTz(start, start.zone) > 0 ? `${dayWords(start)} – ${dayWords(last)}` : dayWords(start);
  }
  const isSameDay = dayWords(start) === dayWords(end);
  const until = end.compare(start) <= 0 ? "" : isSameDay ? `–${clock(end)}` : ` – ${dayWords(end)}, ${clock(end)}`;
  return `${dayWords(start)}, ${clock(start)}${until}${zone ? ` (${zone})` : ""}`;
}

/** "every 2 weeks on Monday until 30 Jun 2024", "every month on the last workday". What has no words stands as it is. */
export function repeatWords(rule: ICAL.Recur): string {
  const unit = units[rule.freq] ?? "time";
  const every = rule.interval > 1 ? `every ${rule.interval} ${unit}s` : `every ${unit}`;
  const { BYDAY = [], BYMONTHDAY = [], BYMONTH = [], BYSETPOS = [], ...others } = rule.parts as Parts;
  const inMonths =
    BYMONTH.length > 0 ? ` in ${BYMONTH.map((month) => englishMonths[Number(month) - 1]).join(", ")}` : "";
  const on = [...daysOf(BYDAY.map(String), BYSETPOS.map(Number)), ...BYMONTHDAY.map((day) => monthDay(Number(day)))];
  const rest = Object.entries(others).map(([name, values]) => `${name}=${values.join(",")}`);
  const until = rule.until ? ` until ${shortDay(rule.until)}` : rule.count ? `, ${rule.count} times` : "";
  const days = on.length > 0 ? ` on ${on.slice(0, 10).join(", ")}` : "";
  return `${every}${inMonths}${days}${rest.length > 0 ? ` by the rule ${rest.join(";").slice(0, 200)}` : ""}${until}`;
}

type Parts = Record<string, (string | number)[]>;

/** By BYSETPOS one of the days that BYDAY names is meant: the last of all workdays, not each of them. */
function daysOf(codes: readonly string[], positions: readonly number[]): string[] {
  if (codes.length === 0) return [];
  const set = groupOf(codes);
  if (positions.length === 0) return set === "workday" ? ["workdays"] : codes.map(weekday);
  const [only] = codes.length === 1 ? codes.map(weekday) : [];
  return positions.map(
    (position) => `the ${ordinal(position)} ${only ?? set ?? `of ${codes.map(weekday).join(", ")}`}`,
  );
}

function groupOf(codes: readonly string[]): string | undefined {
  const key = dayCodes.filter((code) => codes.includes(code)).join();
  if (new Set(codes).size !== codes.length || key.split(",").length !== codes.length) return undefined;
  return { "MO,TU,WE,TH,FR": "workday", "SU,SA": "day of a weekend", [dayCodes.join()]: "day" }[key];
}

const monthDay = (day: number): string => (day < 0 ? `the ${ordinal(day)} day` : `day ${day}`);

/** "MO", "1MO" (the first), "-1FR" (the last). */
function weekday(code: string): string {
  const [, count = "", name = ""] = /^([+-]?\d*)([A-Z]{2})$/.exec(code) ?? [];
  const day = days[dayCodes.indexOf(name)] ?? code;
  return count === "" ? day : `the ${ordinal(Number(count))} ${day}`;
}

const ordinals = ["", "first", "second", "third", "fourth", "fifth"];

/** -1 is the last, -2 the second last. */
function ordinal(count: number): string {
  if (count === -1) return "last";
  return count < 0 ? `${ordinals[-count] ?? `${-count}.`} last` : (ordinals[count] ?? `${count}.`);
}

function dayWords(time: ICAL.Time): string {
  const day = new Date(Date.UTC(time.year, time.month - 1, time.day)).getUTCDay();
  return `${days[day]?.slice(0, 3)} ${shortDay(time)}`;
}

const shortDay = ({ year, month, day }: ICAL.Time): string => `${day} ${months[month - 1]} ${year}`;
const clock = ({ hour, minute }: ICAL.Time): string =>
  `${String(hour).padStart(2, "0")}:${String(minute).padStart(2, "0")}`;

import type ICAL from "ical.js";

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

/** "every 2 weeks on Monday until 30 Jun 2024". Parts that no short sentence holds are left out. */
export function repeatWords(rule: ICAL.Recur): string {
  const unit = units[rule.freq] ?? "time";
  const every = rule.interval > 1 ? `every ${rule.interval} ${unit}s` : `every ${unit}`;
  const on = [
    ...(rule.parts.BYDAY ?? []).map((code) => weekday(String(code))),
    ...(rule.parts.BYMONTHDAY ?? []).map((day) => `day ${day}`),
  ];
  const until = rule.until ? ` until ${shortDay(rule.until)}` : rule.count ? `, ${rule.count} times` : "";
  return `${every}${on.length > 0 ? ` on ${on.slice(0, 10).join(", ")}` : ""}${until}`;
}

/** "MO", "1MO" (the first), "-1FR" (the last). */
function weekday(code: string): string {
  const [, count = "", name = ""] = /^([+-]?\d*)([A-Z]{2})$/.exec(code) ?? [];
  const day = days[dayCodes.indexOf(name)] ?? code;
  const ordinals: Record<string, string> = {
    1: "first",
    2: "second",
    3: "third",
    4: "fourth",
    5: "fifth",
    "-1": "last",
  };
  return count === "" ? day : `the ${ordinals[String(Number(count))] ?? `${count}.`} ${day}`;
}

function dayWords(time: ICAL.Time): string {
  const day = new Date(Date.UTC(time.year, time.month - 1, time.day)).getUTCDay();
  return `${days[day]?.slice(0, 3)} ${shortDay(time)}`;
}

const shortDay = ({ year, month, day }: ICAL.Time): string => `${day} ${months[month - 1]} ${year}`;
const clock = ({ hour, minute }: ICAL.Time): string =>
  `${String(hour).padStart(2, "0")}:${String(minute).padStart(2, "0")}`;

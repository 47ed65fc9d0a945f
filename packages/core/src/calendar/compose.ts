import { Fault } from "@mh/contract/values/fault.ts";
import ICAL from "ical.js";
import { oneLine, storable } from "../memory/import/bounded.ts";

/** An event as it is to be written. */
export interface Draft {
  title: string;
  /** Instants; for whole days the days, where `end` is the last. */
  start: string;
  end: string;
  allDay: boolean;
  /** Undefined leaves what stands there, empty takes it away. */
  place: string | undefined;
  description: string | undefined;
}

/** By whom and when it is written. The command stands in the event, so that a second try knows the first one's work. */
export interface Stamp {
  commandId: string;
  now: number;
}

const commandProperty = "x-mh-command";

export const emptyCalendar = "BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:-//mh//calendar//EN\r\nEND:VCALENDAR\r\n";

/** The calendar with one more event. Times are written in UTC; folds and escapes are ical.js's (RFC 5545 §3.1, §3.3.11). */
export function withEvent(text: string, uid: string, draft: Draft, stamp: Stamp): string {
  const calendar = parsed(text);
  const event = new ICAL.Component("vevent");
  event.updatePropertyWithValue("uid", uid);
  write(event, draft, stamp);
  calendar.addSubcomponent(event);
  return `${calendar.toString()}\r\n`;
}

/**
 * The calendar with its event of that UID changed; everything else in it stays. Undefined where this very command changed
 * it before. Refuses what others were invited to, and what repeats: one call cannot say which of them is meant.
 */
export function withChanged(text: string, uid: string, draft: Draft, stamp: Stamp): string | undefined {
  const calendar = parsed(text);
  const events = eventsOf(calendar, uid);
  const [event] = events;
  if (event === undefined) throw unknownEvent(uid);
  if (event.getFirstPropertyValue(commandProperty) === stamp.commandId) return undefined;
  if (events.length > 1 || ["rrule", "rdate", "recurrence-id"].some((name) => event.hasProperty(name))) {
    throw new Fault("calendar.failed", "The event repeats. Change it in your calendar program.");
  }
  if (event.hasProperty("attendee")) {
    throw new Fault("calendar.failed", "Others were invited to the event. Change it where it was made.");
  }
  const sequence = Number(event.getFirstPropertyValue("sequence") ?? 0);
  event.updatePropertyWithValue("sequence", Number.isSafeInteger(sequence) ? sequence + 1 : 1);
  write(event, draft, stamp);
  return `${calendar.toString()}\r\n`;
}

/** Whether the calendar has an event of that UID. */
export const hasEvent = (text: string, uid: string): boolean => eventsOf(parsed(text), uid).length > 0;

/** An event as it stands in the calendar, and what of it a person knows it by. */
export function eventIn(text: string, uid: string): { text: string; shows: string } | undefined {
  const events = eventsOf(parsed(text), uid);
  const [event] = events;
  if (!event) return undefined;
  const told = ["summary", "dtstart", "dtend", "location", "description"].flatMap((name) => {
    const value = event.getFirstPropertyValue(name);
    return value === null ? [] : [`${name.replace(/^dt/, "")}: ${value}`];
  });
  return { text: events.map(String).join("\n"), shows: told.join("\n") };
}

export const unknownEvent = (uid: string): Fault =>
  new Fault(
    "calendar.failed",
    `There is no event ${uid} in that calendar. \`mh calendar --json\` shows those there are.`,
  );

function parsed(text: string): ICAL.Component {
  try {
    const [first, another] = [ICAL.parse(text)].flatMap((jcal) => (typeof jcal[0] === "string" ? [jcal] : jcal));
    const calendar = new ICAL.Component(first);
    if (another === undefined && calendar.name === "vcalendar") return calendar;
  } catch (cause) {
    throw new Fault("calendar.failed", "The calendar has a line that cannot be read; nothing was written.", { cause });
  }
  throw new Fault("calendar.failed", "The file is not one calendar; nothing was written.");
}

const eventsOf = (calendar: ICAL.Component, uid: string): ICAL.Component[] =>
  calendar.getAllSubcomponents("vevent").filter((event) => event.getFirstPropertyValue("uid") === uid);

function write(event: ICAL.Component, draft: Draft, { commandId, now }: Stamp): void {
  const { title, start, end, allDay, place, description } = draft;
  event.updatePropertyWithValue("dtstamp", instant(now));
  for (const name of ["dtstart", "dtend", "duration"]) event.removeAllProperties(name);
  event.addPropertyWithValue("dtstart", allDay ? day(start, 0) : instant(Date.parse(start)));
  event.addPropertyWithValue("dtend", allDay ? day(end, 1) : instant(Date.parse(end)));
  put(event, "summary", plain(oneLine(title, 500)));
  if (place !== undefined) put(event, "location", plain(oneLine(place, 500)));
  if (description !== undefined) put(event, "description", plain(storable(description)));
  put(event, commandProperty, commandId);
}

function put(event: ICAL.Component, name: string, value: string): void {
  event.removeAllProperties(name);
  if (value !== "") event.addPropertyWithValue(name, value);
}

/** Line feeds are escaped; everything else that some reader takes for the end of a line is not written at all. */
function plain(text: string): string {
  return text.replace(/[\p{Cc}\u2028\u2029]/gu, (char) => (char === "\n" || char === "\t" ? char : " "));
}

const instant = (ms: number): ICAL.Time => ICAL.Time.fromJSDate(new Date(Math.floor(ms / 1_000) * 1_000), true);

function day(text: string, later: number): ICAL.Time {
  const time = ICAL.Time.fromDateString(text);
  time.adjust(later, 0, 0, 0);
  return time;
}

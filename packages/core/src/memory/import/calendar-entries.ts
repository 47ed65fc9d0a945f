import ICAL from "ical.js";
import { oneLine, storable } from "./bounded.ts";
import { readable } from "./calendar-lines.ts";
import { type ZoneFinder, zonesOf } from "./calendar-zones.ts";
import { type Block, blocksOf, contentLines, hasEndlessParameters, rawValue } from "./content-lines.ts";
import type { Found, ImportContext } from "./found.ts";

const kinds = new Set(["VEVENT", "VTODO", "VJOURNAL", "VTIMEZONE", "VFREEBUSY"]);
const linesMax = 20_000;
const lastsMaxSeconds = 100 * 366 * 86_400;

/** One occurrence, or a series before it is expanded. `end` is where it stops; days end at the next midnight. */
export type Span = { start: ICAL.Time; end: ICAL.Time; zone: string };
export type Entry = { block: Block; component: ICAL.Component; uid: string; where: string };

export interface Entries {
  entries: Entry[];
  /** Occurrences that were changed, by the UID of their series. */
  overrides: Map<string, Entry[]>;
  zones: ZoneFinder;
  /** What could not be read, and remarks. */
  found: Found[];
}

/** Reads the events, tasks and journal entries of an iCalendar text (RFC 5545), each for itself: a broken one costs no other. */
export function readEntries(text: string, context: ImportContext): Entries {
  const blocks = [...blocksOf(contentLines(text), kinds)];
  const zones = zonesOf(
    blocks.filter(({ name }) => name === "VTIMEZONE"),
    context.timeZone,
  );
  const found: Found[] = [];
  if (blocks.length === 0)
    found.push({ refused: "There is no event, task or journal entry in it.", externalId: null, where: "the file" });
  const overrides = new Map<string, Entry[]>();
  const entries: Entry[] = [];
  for (const block of blocks) {
    if (block.name === "VTIMEZONE") continue;
    const entry = open(block, context);
    if ("where" in entry && !("component" in entry)) found.push(entry);
    else if (entry.component.hasProperty("recurrence-id")) addTo(overrides, entry);
    else entries.push(entry);
  }
  return { entries, overrides, zones, found };
}

function addTo(overrides: Map<string, Entry[]>, entry: Entry): void {
  const known = overrides.get(entry.uid);
  if (known) known.push(entry);
  else overrides.set(entry.uid, [entry]);
}

function open(block: Block, context: ImportContext): Entry | Extract<Found, { refused: string } | { note: string }> {
  const written = rawValue(block, "UID");
  const where = `${written ? oneLine(written, 100) : block.name.toLowerCase()}, line ${block.number}`;
  const refused = (reason: string, place = where) => ({ refused: reason, externalId: written ?? null, where: place });
  if (block.name === "VFREEBUSY") return { note: "It says only when someone is busy, and is no memory.", where };
  if (!block.isWhole) return refused(`Its END:${block.name} is missing.`);
  if (block.lines.length > linesMax) return refused("It has more than 20,000 lines.");
  const endless = block.lines.find(hasEndlessParameters);
  if (endless)
    return refused(
      "A line of it has more parameters than can be read.",
      where.replace(/\d{1,64}$/, String(endless.number)),
    );
  try {
    const component = new ICAL.Component(ICAL.parse(block.lines.map(({ text }) => readable(text)).join("\r\n")));
    const unstamped = block.lines.filter(({ text }) => !/^(?:DTSTAMP|LAST-MODIFIED|SEQUENCE|CREATED)[;:]/i.test(text));
    const hash = context.sha256Hex(unstamped.map(({ text }) => text).join("\n"));
    return { block, component, where, uid: written ?? `sha256:${hash.slice(0, 32)}` };
  } catch {
    const broken = block.lines.find(({ text }) => !/^[\w.-]+[;:]/.test(text));
    return refused("A line of it cannot be read.", broken && where.replace(/\d{1,64}$/, String(broken.number)));
  }
}

/** From DTSTART to DTEND, by DURATION, or the day; a task without a start is when it is due. */
export function spanOf(entry: Entry, zones: ZoneFinder, notes: Found[]): Span | undefined {
  const { component } = entry;
  const name = component.hasProperty("dtstart") ? "dtstart" : "due";
  const [start] = timesOf(entry, name, zones, notes);
  if (start === undefined) return undefined;
  if (start.year < 1_000 || start.year > 9_998) throw new Error("There is no such year in any calendar.");
  const [given] = timesOf(
    entry,
    name === "due" ? "due" : component.hasProperty("dtend") ? "dtend" : "due",
    zones,
    notes,
  );
  const written = component.getFirstPropertyValue("duration");
  const duration = given === undefined && written instanceof ICAL.Duration ? written : undefined;
  const lasts = given ? given.toUnixTime() - start.toUnixTime() : (duration?.toSeconds() ?? 0);
  // The library counts days one by one.
  if (!(Math.abs(lasts) <= lastsMaxSeconds)) throw new Error("Nothing lasts that long.");
  const end = given?.clone() ?? start.clone();
  if (duration) end.addDuration(duration);
  if (start.isDate && end.compare(start) <= 0) end.adjust(1, 0, 0, 0);
  const tzid = component.getFirstProperty(name)?.getFirstParameter("tzid");
  const isUtc = start.zone === ICAL.Timezone.utcTimezone;
  const zone = start.isDate ? "" : isUtc ? "UTC" : tzid ? (zones(tzid)?.name ?? tzid) : "";
  return { start, end: end.compare(start) < 0 ? start.clone() : end, zone };
}

/** All the times of a property, each in the zone that its TZID names. */
export function timesOf(entry: Entry, name: string, zones: ZoneFinder, notes: Found[]): ICAL.Time[] {
  return entry.component.getAllProperties(name).flatMap((property) => {
    const tzid = property.getFirstParameter("tzid") || undefined;
    const named = zones(tzid) ?? zones(undefined);
    if (
      tzid !== undefined &&
      zones(tzid) === undefined &&
      !notes.some((each) => "note" in each && each.note.includes("zone"))
    )
      notes.push({
        note: "Its time zone is not known; its times were read in yours.",
        where: entry.where,
        isFallback: true,
      });
    return property.getValues().flatMap((value: unknown) => {
      const time = value instanceof ICAL.Period ? value.start : value;
      if (!(time instanceof ICAL.Time)) return [];
      const placed = time.clone();
      if (Number.isNaN(placed.toUnixTime())) throw new Error("The date is none.");
      if (placed.zone !== ICAL.Timezone.utcTimezone && named) return [inZone(placed, named.zone)];
      return [placed];
    });
  });
}

function inZone(time: ICAL.Time, zone: ICAL.Timezone): ICAL.Time {
  const { year, month, day, hour, minute, second, isDate } = time;
  return new ICAL.Time({ year, month, day, hour, minute, second, isDate }, zone);
}

export const instantOf = (time: ICAL.Time): string => new Date(time.toUnixTime() * 1_000).toISOString();

export const isCancelled = ({ component }: Entry): boolean => textOf(component, "status").toUpperCase() === "CANCELLED";

export function textOf(component: ICAL.Component, name: string): string {
  const value = component.getFirstPropertyValue(name);
  return typeof value === "string" ? storable(value) : "";
}

/** Organizer and attendees by their names; rooms and those without a name are left out. */
export function peopleOf(component: ICAL.Component): string[] {
  const names = ["organizer", "attendee"]
    .flatMap((name) => component.getAllProperties(name))
    .filter((property) => !/^(?:ROOM|RESOURCE)$/i.test(property.getFirstParameter("cutype") ?? ""))
    .map((property) => oneLine(property.getFirstParameter("cn") ?? "", 200))
    .filter((name) => name !== "" && !name.includes("@"));
  return [...new Set(names)];
}

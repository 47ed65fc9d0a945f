import ICAL from "ical.js";
import type { Entity, EventTime } from "../../model/memory.ts";
import { bounded, oneLine, storable } from "./bounded.ts";
import { occurrences } from "./calendar-repeat.ts";
import { repeatWords, whenWords } from "./calendar-words.ts";
import { type ZoneFinder, zonesOf } from "./calendar-zones.ts";
import { type Block, blocksOf, contentLines, rawValue } from "./content-lines.ts";
import { distinct } from "./distinct.ts";
import type { Found, ImportContext } from "./found.ts";
import type { ImportItem } from "./item.ts";

const kinds = new Set(["VEVENT", "VTODO", "VJOURNAL", "VTIMEZONE", "VFREEBUSY"]);
const linesMax = 20_000;
/** Beyond it, "this and all that follow" is read as this one alone. */
const splitsMax = 100;

/** One occurrence, or a series before it is expanded. `end` is where it stops; days end at the next midnight. */
type Span = { start: ICAL.Time; end: ICAL.Time; zone: string };
type Entry = { block: Block; component: ICAL.Component; uid: string; where: string };

/**
 * Reads an iCalendar file (RFC 5545): each event, task and journal entry is one memory whose time is its start. A series
 * is one memory with its occurrences in `eventAt`; an occurrence that was changed is one of its own.
 */
export function parseCalendar(text: string, context: ImportContext): Generator<Found> {
  return distinct(entriesOf(text, context), context);
}

function* entriesOf(text: string, context: ImportContext): Generator<Found> {
  const blocks = [...blocksOf(contentLines(text), kinds)];
  const zones = zonesOf(
    blocks.filter(({ name }) => name === "VTIMEZONE"),
    context.timeZone,
  );
  if (blocks.length === 0)
    yield { refused: "There is no event, task or journal entry in it.", externalId: null, where: "the file" };
  const overrides = new Map<string, Entry[]>();
  const entries: Entry[] = [];
  for (const block of blocks) {
    if (block.name === "VTIMEZONE") continue;
    const entry = open(block, context);
    if ("where" in entry && !("component" in entry)) yield entry;
    else if (entry.component.hasProperty("recurrence-id"))
      overrides.set(entry.uid, [...(overrides.get(entry.uid) ?? []), entry]);
    else entries.push(entry);
  }
  for (const entry of entries) {
    const changed = overrides.get(entry.uid) ?? [];
    overrides.delete(entry.uid);
    yield* guarded(entry, () => readSeries(entry, changed, zones));
  }
  for (const alone of [...overrides.values()].flat())
    yield* guarded(alone, () => readOverride(alone, undefined, zones));
}

function open(block: Block, context: ImportContext): Entry | Extract<Found, { refused: string } | { note: string }> {
  const written = rawValue(block, "UID");
  const where = `${written ? oneLine(written, 100) : block.name.toLowerCase()}, line ${block.number}`;
  const refused = (reason: string, place = where) => ({ refused: reason, externalId: written ?? null, where: place });
  if (block.name === "VFREEBUSY") return { note: "It says only when someone is busy, and is no memory.", where };
  if (!block.isWhole) return refused(`Its END:${block.name} is missing.`);
  if (block.lines.length > linesMax) return refused("It has more than 20,000 lines.");
  try {
    const component = new ICAL.Component(ICAL.parse(block.lines.map(({ text }) => text).join("\r\n")));
    const unstamped = block.lines.filter(({ text }) => !/^(?:DTSTAMP|LAST-MODIFIED|SEQUENCE|CREATED)[;:]/i.test(text));
    const hash = context.sha256Hex(unstamped.map(({ text }) => text).join("\n"));
    return { block, component, where, uid: written ?? `sha256:${hash.slice(0, 32)}` };
  } catch {
    const broken = block.lines.find(({ text }) => !/^[\w.-]+[;:]/.test(text));
    return refused("A line of it cannot be read.", broken && where.replace(/\d+$/, String(broken.number)));
  }
}

/** What a broken one throws is its own refusal, and nobody else's. */
function guarded(entry: Entry, read: () => Found[]): Found[] {
  try {
    return read();
  } catch {
    return [{ refused: "Its dates or rules cannot be read.", externalId: entry.uid, where: entry.where }];
  }
}

function readSeries(entry: Entry, changed: readonly Entry[], zones: ZoneFinder): Found[] {
  const notes: Found[] = [];
  const span = spanOf(entry, zones, notes);
  const { component, where, uid } = entry;
  if (span === undefined) return [...memoryOf(entry, uid, undefined, [], []), ...notes];
  const moved = changed.map((override) => ({ override, from: timesOf(override, "recurrence-id", zones, notes)[0] }));
  const futures = moved.filter(({ override }) => rangeOf(override) === "THISANDFUTURE").slice(0, splitsMax);
  const single = moved.flatMap(({ override, from }) =>
    from && !futures.some((f) => f.override === override) ? [from] : [],
  );
  const rules = component.getAllProperties("rrule").map((property) => property.getFirstValue() as ICAL.Recur);
  const words = rules.map(repeatWords);
  let times = [span.start];
  try {
    const excluded = [...timesOf(entry, "exdate", zones, notes), ...single];
    const { times: all, isCut } = occurrences(span.start, rules, timesOf(entry, "rdate", zones, notes), excluded);
    times = all;
    if (isCut && rules.some((rule) => rule.until || rule.count))
      notes.push({ note: "Only its first 366 occurrences were worked out.", where });
  } catch {
    notes.push({ note: "How it repeats cannot be worked out; only its first time was taken.", where });
  }
  const isBefore = (time: ICAL.Time) => futures.every(({ from }) => !from || time.toUnixTime() < from.toUnixTime());
  const own = times.filter(isBefore);
  const found = memoryOf(entry, uid, span, own, words);
  const later = moved.flatMap(({ override, from }) => {
    const rest = from && futures.some((f) => f.override === override) ? times.filter((time) => !isBefore(time)) : [];
    return guarded(override, () => readOverride(override, { from, rest, words }, zones));
  });
  return [...found, ...notes, ...later];
}

/** One changed occurrence, or with RANGE=THISANDFUTURE all that follow, moved by as much. */
function readOverride(
  entry: Entry,
  series: { from: ICAL.Time | undefined; rest: readonly ICAL.Time[]; words: string[] } | undefined,
  zones: ZoneFinder,
): Found[] {
  const notes: Found[] = [];
  const from = series?.from ?? timesOf(entry, "recurrence-id", zones, notes)[0];
  if (isCancelled(entry))
    return [{ note: "The occurrence was cancelled and taken out of its series.", where: entry.where }];
  const span = spanOf(entry, zones, notes);
  const id = `${entry.uid}#${from ? from.convertToZone(ICAL.Timezone.utcTimezone).toICALString() : "?"}`;
  const shift = span && from ? span.start.toUnixTime() - from.toUnixTime() : 0;
  const rest = (series?.rest ?? []).filter((time) => time.toUnixTime() !== from?.toUnixTime());
  const times = span === undefined ? [] : [span.start, ...rest.map((time) => moved(time, shift))];
  return [...memoryOf(entry, id, span, times, rest.length > 0 ? (series?.words ?? []) : []), ...notes];
}

function moved(time: ICAL.Time, seconds: number): ICAL.Time {
  const later = time.clone();
  later.adjust(0, 0, 0, seconds);
  return later;
}

function memoryOf(
  entry: Entry,
  externalId: string,
  span: Span | undefined,
  times: readonly ICAL.Time[],
  repeats: readonly string[],
): Found[] {
  const { component, block, where } = entry;
  const isGone = isCancelled(entry);
  const when = span && whenWords(span.start, span.end, span.zone);
  const title = textOf(component, "summary") || (block.name === "VJOURNAL" ? "Journal" : "(no title)");
  const people = peopleOf(component);
  const content = [
    [
      `${title}${isGone ? " (cancelled)" : ""}`,
      when && `${block.name === "VTODO" && !component.hasProperty("dtstart") ? "Due" : "When"}: ${when}`,
      ...repeats.map((words) => `Repeats: ${words}`),
      textOf(component, "location") && `Where: ${oneLine(textOf(component, "location"), 1_000)}`,
      people.length > 0 && `With: ${people.slice(0, 50).join(", ")}`,
      doneOf(entry),
    ]
      .filter(Boolean)
      .join("\n"),
    textOf(component, "description"),
  ]
    .filter(Boolean)
    .join("\n\n");
  const at = span ? instantOf(span.start) : createdOf(component);
  const lasts = span ? span.end.toUnixTime() - span.start.toUnixTime() : 0;
  const item: ImportItem & { externalId: string } = {
    externalId,
    content,
    source: "calendar",
    tags: [...(block.name === "VTODO" ? ["task"] : []), ...(isGone ? ["cancelled"] : []), ...categoriesOf(component)],
    entities: people.map((name): Entity => ({ name, kind: "person" })),
    ...(at !== undefined && { at }),
    ...(span && !isGone && { eventAt: times.map((time) => eventTimeOf(time, span, lasts)) }),
  };
  const undated: Found[] = at === undefined ? [{ note: "It has no date.", where }] : [];
  return [...bounded(item, where), ...undated];
}

function eventTimeOf(start: ICAL.Time, span: Span, lasts: number): EventTime {
  const end = start.clone();
  if (start.isDate) end.adjust(Math.max(1, Math.round(lasts / 86_400)), 0, 0, 0);
  const toMs = start.isDate ? end.toUnixTime() * 1_000 : (start.toUnixTime() + Math.max(60, lasts)) * 1_000;
  return {
    from: instantOf(start),
    to: new Date(toMs).toISOString(),
    text: whenWords(start, start.isDate ? end : start, span.zone),
    grain: start.isDate ? "day" : "minute",
  };
}

/** From DTSTART to DTEND, by DURATION, or the day; a task without a start is when it is due. */
function spanOf(entry: Entry, zones: ZoneFinder, notes: Found[]): Span | undefined {
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
  const duration = component.getFirstPropertyValue("duration");
  const end = given?.clone() ?? start.clone();
  if (given === undefined && duration instanceof ICAL.Duration) end.addDuration(duration);
  if (start.isDate && end.compare(start) <= 0) end.adjust(1, 0, 0, 0);
  const tzid = component.getFirstProperty(name)?.getFirstParameter("tzid");
  const isUtc = start.zone === ICAL.Timezone.utcTimezone;
  const zone = start.isDate ? "" : isUtc ? "UTC" : tzid ? (zones(tzid)?.name ?? tzid) : "";
  return { start, end: end.compare(start) < 0 ? start.clone() : end, zone };
}

/** All the times of a property, each in the zone that its TZID names. */
function timesOf(entry: Entry, name: string, zones: ZoneFinder, notes: Found[]): ICAL.Time[] {
  return entry.component.getAllProperties(name).flatMap((property) => {
    const tzid = property.getFirstParameter("tzid") || undefined;
    const named = zones(tzid) ?? zones(undefined);
    if (
      tzid !== undefined &&
      zones(tzid) === undefined &&
      !notes.some((each) => "note" in each && each.note.includes("zone"))
    )
      notes.push({ note: "Its time zone is not known; its times were read in yours.", where: entry.where });
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

const instantOf = (time: ICAL.Time): string => new Date(time.toUnixTime() * 1_000).toISOString();

function createdOf(component: ICAL.Component): string | undefined {
  for (const name of ["completed", "created", "dtstamp", "last-modified"]) {
    const time = component.getFirstPropertyValue(name);
    if (time instanceof ICAL.Time && !Number.isNaN(time.toUnixTime())) return instantOf(time);
  }
  return undefined;
}

function doneOf({ component, block }: Entry): string {
  if (block.name !== "VTODO") return "";
  return component.hasProperty("completed") || textOf(component, "status").toUpperCase() === "COMPLETED" ? "Done." : "";
}

const isCancelled = ({ component }: Entry): boolean => textOf(component, "status").toUpperCase() === "CANCELLED";
const rangeOf = ({ component }: Entry): string | undefined =>
  component.getFirstProperty("recurrence-id")?.getFirstParameter("range")?.toUpperCase();

function textOf(component: ICAL.Component, name: string): string {
  const value = component.getFirstPropertyValue(name);
  return typeof value === "string" ? storable(value) : "";
}

function categoriesOf(component: ICAL.Component): string[] {
  return component.getAllProperties("categories").flatMap((property) => property.getValues().map(String));
}

/** Organizer and attendees by their names; rooms and those without a name are left out. */
function peopleOf(component: ICAL.Component): string[] {
  const names = ["organizer", "attendee"]
    .flatMap((name) => component.getAllProperties(name))
    .filter((property) => !/^(?:ROOM|RESOURCE)$/i.test(property.getFirstParameter("cutype") ?? ""))
    .map((property) => oneLine(property.getFirstParameter("cn") ?? "", 200))
    .filter((name) => name !== "" && !name.includes("@"));
  return [...new Set(names)];
}

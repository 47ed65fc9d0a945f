import type { Entity, EventTime } from "@mh/contract/values/memory.ts";
import ICAL from "ical.js";
import { bounded, oneLine } from "./bounded.ts";
import {
  type Entry,
  instantOf,
  isCancelled,
  peopleOf,
  readEntries,
  type Span,
  spanOf,
  textOf,
  timesOf,
} from "./calendar-entries.ts";
import type { Steps } from "./calendar-expand.ts";
import { type Changed, seriesOf, timesOfChanged } from "./calendar-series.ts";
import { whenWords } from "./calendar-words.ts";
import type { ZoneFinder } from "./calendar-zones.ts";
import { distinct } from "./distinct.ts";
import type { Found, ImportContext } from "./found.ts";
import type { ImportItem } from "./item.ts";

/** Steps through the repeating events of one file: half a minute at most, of which each has its share. */
const stepsMax = 2_000_000;
const stepsOfOne = { min: 1_000, max: 20_000 };

export interface CalendarContext extends ImportContext {
  /** Around it lie the times that are kept of a series that goes on. */
  nowMs: number;
  /** Fewer steps through repeating events than an import takes. */
  stepsMax?: number;
}

/**
 * Reads an iCalendar file (RFC 5545): each event, task and journal entry is one memory whose time is its start. A series
 * is one memory with its occurrences around now in `eventAt`; an occurrence that was changed is one of its own.
 */
export function parseCalendar(text: string, context: CalendarContext): Generator<Found> {
  return distinct(entriesOf(text, context), context);
}

function* entriesOf(text: string, context: CalendarContext): Generator<Found> {
  const { entries, overrides, zones, found } = readEntries(text, context);
  yield* found;
  const { stepsMax: left = stepsMax } = context;
  const share = Math.floor(left / Math.max(1, entries.length));
  const steps = { left, each: Math.max(stepsOfOne.min, Math.min(stepsOfOne.max, share)) };
  if (steps.each * entries.length > left) steps.left = steps.each * entries.length;
  for (const entry of entries) {
    const changed = overrides.get(entry.uid) ?? [];
    overrides.delete(entry.uid);
    yield* guarded(entry, () => readSeries(entry, changed, zones, steps, context.nowMs));
  }
  for (const alone of [...overrides.values()].flat())
    yield* guarded(alone, () => readOverride({ entry: alone, from: undefined, rest: [] }, [], zones));
}

/** What a broken one throws is its own refusal, and nobody else's. */
function guarded(entry: Entry, read: () => Found[]): Found[] {
  try {
    return read();
  } catch {
    return [{ refused: "Its dates or rules cannot be read.", externalId: entry.uid, where: entry.where }];
  }
}

function readSeries(entry: Entry, changed: readonly Entry[], zones: ZoneFinder, steps: Steps, nowMs: number): Found[] {
  const notes: Found[] = [];
  const series = seriesOf(entry, changed, zones, notes, steps, { nowMs });
  if (series === undefined) return [...memoryOf(entry, entry.uid, undefined, [], []), ...notes];
  const { span, times, words, overrides } = series;
  const later = overrides.flatMap((each) => guarded(each.entry, () => readOverride(each, words, zones)));
  return [...memoryOf(entry, entry.uid, span, times, words), ...notes, ...later];
}

/** One changed occurrence, or with RANGE=THISANDFUTURE all that follow, moved by as much. */
function readOverride({ entry, from: known, rest }: Changed, words: readonly string[], zones: ZoneFinder): Found[] {
  const notes: Found[] = [];
  const from = known ?? timesOf(entry, "recurrence-id", zones, notes)[0];
  if (isCancelled(entry))
    return [{ note: "The occurrence was cancelled and taken out of its series.", where: entry.where }];
  const span = spanOf(entry, zones, notes);
  const id = `${entry.uid}#${from ? from.convertToZone(ICAL.Timezone.utcTimezone).toICALString() : "?"}`;
  const times = span ? timesOfChanged(span, from, rest) : [];
  return [...memoryOf(entry, id, span, times, times.length > 1 ? words : []), ...notes];
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

function categoriesOf(component: ICAL.Component): string[] {
  return component.getAllProperties("categories").flatMap((property) => property.getValues().map(String));
}

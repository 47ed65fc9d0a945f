import type { CalendarEvent as Shown } from "@mh/contract/calendar.ts";
import type ICAL from "ical.js";
import { oneLine } from "../memory/import/bounded.ts";
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
} from "../memory/import/calendar-entries.ts";
import type { Steps } from "../memory/import/calendar-expand.ts";
import type { Within } from "../memory/import/calendar-repeat.ts";
import { seriesOf, timesOfChanged } from "../memory/import/calendar-series.ts";
import type { ZoneFinder } from "../memory/import/calendar-zones.ts";
import type { Found, ImportContext } from "../memory/import/found.ts";

/** One occurrence of an event; which calendar it is of is known elsewhere. */
export type CalendarEvent = Omit<Shown, "source" | "etag">;

export interface EventWindow {
  fromMs: number;
  toMs: number;
  /** How much work is left for repeating events, of all texts together. */
  steps: Steps;
}

export interface FoundEvents {
  /** In no order. */
  events: (CalendarEvent & { startMs: number })[];
  /** What could not be read, and why. */
  notes: string[];
}

const dayMs = 86_400_000;
/** How far an occurrence may have been moved by "this and all that follow" to be found where it now is. */
const movedMax = 31 * dayMs;
const notesMax = 20;

/** The occurrences of an iCalendar text that touch the window; cancelled ones are left out. */
export function eventsIn(text: string, window: EventWindow, context: ImportContext): FoundEvents {
  const { entries, overrides, zones, found } = readEntries(text, context);
  const events: FoundEvents["events"] = [];
  const notes: Found[] = [...found];
  const guarded = (entry: Entry, read: () => FoundEvents["events"]) => {
    try {
      events.push(...read());
    } catch {
      notes.push({ refused: "Its dates or rules cannot be read.", externalId: entry.uid, where: entry.where });
    }
  };
  for (const entry of entries) {
    const changed = overrides.get(entry.uid) ?? [];
    overrides.delete(entry.uid);
    if (entry.block.name === "VEVENT") guarded(entry, () => ofSeries(entry, changed, zones, window, notes));
  }
  // A server may give a changed occurrence without its series.
  for (const entry of [...overrides.values()].flat()) {
    if (entry.block.name === "VEVENT") guarded(entry, () => ofChanged(entry, undefined, [], zones, window, notes));
  }
  const told = notes.flatMap((each) =>
    "item" in each ? [] : [`${"refused" in each ? each.refused : each.note} (${each.where})`],
  );
  const more = told.length - notesMax;
  return { events, notes: more > 0 ? [...told.slice(0, notesMax), `And ${more} more of the kind.`] : told };
}

function ofSeries(
  entry: Entry,
  changed: readonly Entry[],
  zones: ZoneFinder,
  window: EventWindow,
  notes: Found[],
): FoundEvents["events"] {
  const longest = Math.max(...[entry, ...changed].map((each) => lastsMs(each, zones)));
  const hasMoved = changed.some(({ component }) => component.getFirstProperty("recurrence-id")?.getParameter("range"));
  const within: Within = {
    fromMs: window.fromMs - longest - (hasMoved ? movedMax : 0),
    toMs: window.toMs + (hasMoved ? movedMax : 0),
  };
  const series = seriesOf(entry, changed, zones, notes, window.steps, within);
  if (series === undefined) return [];
  const { span, times, overrides } = series;
  const own = isCancelled(entry)
    ? []
    : times.flatMap((time) => eventAt(entry, span, time, series.words.length > 0, window));
  const others = overrides.flatMap(({ entry, from, rest }) => ofChanged(entry, from, rest, zones, window, notes));
  return [...own, ...others];
}

function ofChanged(
  entry: Entry,
  from: ICAL.Time | undefined,
  rest: readonly ICAL.Time[],
  zones: ZoneFinder,
  window: EventWindow,
  notes: Found[],
): FoundEvents["events"] {
  if (isCancelled(entry)) return [];
  const span = spanOf(entry, zones, notes);
  if (span === undefined) return [];
  const moved = from ?? timesOf(entry, "recurrence-id", zones, notes)[0];
  return timesOfChanged(span, moved, rest).flatMap((time) => eventAt(entry, span, time, true, window));
}

/** The occurrence that begins at `time`, where it touches the window. */
function eventAt(
  entry: Entry,
  span: Span,
  time: ICAL.Time,
  repeats: boolean,
  window: EventWindow,
): FoundEvents["events"] {
  const { component, uid } = entry;
  const allDay = time.isDate;
  const startMs = time.toUnixTime() * 1_000;
  const end = time.clone();
  const lasts = span.end.toUnixTime() - span.start.toUnixTime();
  const days = Math.max(1, Math.round(lasts / 86_400));
  if (allDay) end.adjust(days, 0, 0, 0);
  const endMs = allDay ? end.toUnixTime() * 1_000 : startMs + lasts * 1_000;
  const touches = startMs < window.toMs && (endMs > window.fromMs || (endMs === startMs && startMs >= window.fromMs));
  if (!touches) return [];
  if (allDay) end.adjust(-1, 0, 0, 0);
  const place = oneLine(textOf(component, "location"), 500);
  const description = textOf(component, "description").slice(0, 2_000).toWellFormed();
  const people = peopleOf(component).slice(0, 50);
  return [
    {
      uid: oneLine(uid, 1_000),
      title: oneLine(textOf(component, "summary"), 500) || "(no title)",
      start: allDay ? dayOf(time) : instantOf(time),
      end: allDay ? dayOf(end) : new Date(endMs).toISOString(),
      allDay,
      repeats,
      startMs,
      ...(place && { place }),
      ...(description && { description }),
      ...(people.length > 0 && { people }),
      ...(textOf(component, "status").toUpperCase() === "TENTATIVE" && { tentative: true as const }),
    },
  ];
}

/** How long before the window an occurrence may begin and still reach into it. */
function lastsMs(entry: Entry, zones: ZoneFinder): number {
  const span = spanOf(entry, zones, []);
  return span ? (span.end.toUnixTime() - span.start.toUnixTime()) * 1_000 : 0;
}

const dayOf = ({ year, month, day }: ICAL.Time): string =>
  [String(year).padStart(4, "0"), two(month), two(day)].join("-");
const two = (n: number): string => String(n).padStart(2, "0");

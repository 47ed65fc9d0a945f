import type ICAL from "ical.js";
import { type Entry, type Span, spanOf, timesOf } from "./calendar-entries.ts";
import type { Steps } from "./calendar-expand.ts";
import { type Around, occurrences, type Within } from "./calendar-repeat.ts";
import { repeatWords } from "./calendar-words.ts";
import type { ZoneFinder } from "./calendar-zones.ts";
import type { Found } from "./found.ts";

/** Beyond it, "this and all that follow" is read as this one alone. */
const splitsMax = 100;

/** An event with the times at which it happens as it stands there, and those of its occurrences that were changed. */
export interface Series {
  span: Span;
  times: ICAL.Time[];
  /** How it repeats, in words. */
  words: string[];
  overrides: Changed[];
}

/** One changed occurrence; with RANGE=THISANDFUTURE `rest` are the times of all that follow, before they were moved. */
export interface Changed {
  entry: Entry;
  from: ICAL.Time | undefined;
  rest: ICAL.Time[];
}

/** Works a series out: around now, or what of it may touch a window. Undefined where it has no date. */
export function seriesOf(
  entry: Entry,
  changed: readonly Entry[],
  zones: ZoneFinder,
  notes: Found[],
  steps: Steps,
  part: Within | Around,
): Series | undefined {
  const span = spanOf(entry, zones, notes);
  const { component, where } = entry;
  if (span === undefined) return undefined;
  const moved = changed.map((override) => ({ override, from: timesOf(override, "recurrence-id", zones, notes)[0] }));
  const futures = moved.filter(({ override }) => rangeOf(override) === "THISANDFUTURE").slice(0, splitsMax);
  const isFuture = (override: Entry) => futures.some((future) => future.override === override);
  const single = moved.flatMap(({ override, from }) => (from && !isFuture(override) ? [from] : []));
  const rules = component.getAllProperties("rrule").map((property) => property.getFirstValue() as ICAL.Recur);
  let times = [span.start];
  // RFC 7529: its months are not those that a rule is worked out by.
  const isElsewhere = entry.block.lines.some(({ text }) => /^RRULE.*;?RSCALE=(?!GREGORIAN)/i.test(text));
  if (isElsewhere) {
    notes.push({ note: "It repeats by another calendar; only its first time was taken.", where, isFallback: true });
    rules.length = 0;
  }
  try {
    const excluded = [...timesOf(entry, "exdate", zones, notes), ...single];
    const added = timesOf(entry, "rdate", zones, notes);
    const { times: all, isCut } = occurrences(span.start, rules, added, excluded, steps, part);
    times = all;
    if (isCut)
      notes.push({ note: "nowMs" in part ? goesOn : "Only its first 366 occurrences were worked out.", where });
  } catch {
    notes.push({
      note: "How it repeats cannot be worked out; only its first time was taken.",
      where,
      isFallback: true,
    });
  }
  const isBefore = (time: ICAL.Time) => futures.every(({ from }) => !from || time.toUnixTime() < from.toUnixTime());
  const later = times.filter((time) => !isBefore(time));
  return {
    span,
    times: times.filter(isBefore),
    words: rules.map(repeatWords),
    overrides: moved.map(({ override, from }) => ({
      entry: override,
      from,
      rest: from && isFuture(override) ? later : [],
    })),
  };
}

/** The times of a changed occurrence: its own, and those that follow moved by as much. */
export function timesOfChanged(span: Span, from: ICAL.Time | undefined, rest: readonly ICAL.Time[]): ICAL.Time[] {
  const shift = from ? span.start.toUnixTime() - from.toUnixTime() : 0;
  const others = rest.filter((time) => time.toUnixTime() !== from?.toUnixTime());
  return [span.start, ...others.map((time) => moved(time, shift))];
}

function moved(time: ICAL.Time, seconds: number): ICAL.Time {
  const later = time.clone();
  later.adjust(0, 0, 0, seconds);
  return later;
}

const goesOn = "It goes on for long: its rule was kept, and its times around now.";

const rangeOf = ({ component }: Entry): string | undefined =>
  component.getFirstProperty("recurrence-id")?.getFirstParameter("range")?.toUpperCase();

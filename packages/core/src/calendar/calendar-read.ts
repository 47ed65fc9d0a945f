import { calendarRead } from "@mh/contract/calendar.ts";
import type { ArgsOf } from "@mh/contract/contract.ts";
import { Fault } from "@mh/contract/values/fault.ts";
import { defineOutside, type OutsideContext } from "../kernel/skill.ts";
import { type ReadWhen, startOfWhen } from "../memory/extract/when.ts";
import { daysLater, localDay } from "../model/wall-clock.ts";
import type { CalendarEvent, EventWindow, FoundEvents } from "./events.ts";
import { type CalendarDeps, calendarTexts, type WhyNot, whyNot } from "./read-source.ts";
import type { CalendarSource } from "./settings.ts";
import { chosenSources, looksInto } from "./sources.ts";
import { timeOf } from "./times.ts";

const spanDaysMax = 366;
/** Steps through repeating events that one reading may take: a few seconds at most. */
const stepsMax = 200_000;

export function readCalendarSkill(deps: CalendarDeps) {
  return defineOutside(calendarRead, {
    stored: "approved",
    classify: ({ source }, config) => looksInto(chosenSources(config, source)),
    async run(args, context) {
      const timeZone = deps.timeZone();
      const { fromMs, toMs } = await windowOf(args, context.now, timeZone, await deps.readWhen());
      const chosen = chosenSources(context.config, args.source);
      const window = { fromMs, toMs, steps: { left: stepsMax, each: stepsMax } };
      const read = await Promise.all(chosen.map((source) => readOrSay(deps, source, window, context)));
      const failures = read.flatMap(({ source, fault }) => (fault ? [{ source, ...fault }] : []));
      const [first] = failures;
      if (first && failures.length === chosen.length) {
        throw new Fault(first.code, failures.map(({ reason }) => reason).join(" "));
      }
      const events = read.flatMap(({ source, events }) => events.map((event) => ({ source, ...event })));
      events.sort(
        (a, b) => a.startMs - b.startMs || Number(b.allDay) - Number(a.allDay) || (a.title < b.title ? -1 : 1),
      );
      return {
        from: new Date(fromMs).toISOString(),
        to: new Date(toMs).toISOString(),
        timeZone,
        sources: chosen.map(({ name }) => name),
        events: events.slice(0, args.limit).map(({ startMs: _, ...event }) => event),
        more: events.length > args.limit,
        failed: failures,
        notes: read.flatMap(({ source, notes }) => notes.map((note) => ({ source, note }))),
      };
    },
  });
}

async function windowOf({ from, to }: ArgsOf<typeof calendarRead>, now: number, timeZone: string, readWhen: ReadWhen) {
  const begin = from === undefined ? undefined : await timeOf(from, now, timeZone, readWhen);
  const fromMs = begin?.ms ?? startOfWhen(localDay(now, timeZone), timeZone);
  const endOfDay = startOfWhen(daysLater(localDay(fromMs, timeZone), 1), timeZone);
  const toMs = to === undefined ? endOfDay : (await timeOf(to, now, timeZone, readWhen)).endMs;
  if (toMs <= fromMs) throw new Fault("args.invalid", "The time ends before it begins. Look at --from and --to.");
  if (toMs - fromMs <= spanDaysMax * 86_400_000 + 7_200_000) return { fromMs, toMs };
  throw new Fault("args.invalid", `No more than ${spanDaysMax} days at once. Ask for a shorter time.`);
}

interface Read {
  source: string;
  events: (CalendarEvent & { startMs: number; etag?: string })[];
  notes: string[];
  fault?: WhyNot;
}

async function readOrSay(
  deps: CalendarDeps,
  source: CalendarSource,
  window: EventWindow,
  context: OutsideContext,
): Promise<Read> {
  try {
    return { source: source.name, ...(await readSource(deps, source, window, context)) };
  } catch (error) {
    return { source: source.name, events: [], notes: [], fault: whyNot(source, error, context.signal) };
  }
}

async function readSource(
  deps: CalendarDeps,
  source: CalendarSource,
  window: EventWindow,
  { signal }: OutsideContext,
): Promise<Omit<Read, "source">> {
  const { eventsIn } = await import("./events.ts");
  const { sha256Hex } = deps.crypto;
  const texts = await calendarTexts(deps, source, window, signal);
  const found = texts.map(({ text, etag }) =>
    withEtag(eventsIn(text, window, { timeZone: deps.timeZone(), sha256Hex }), etag),
  );
  return { events: found.flatMap(({ events }) => events), notes: found.flatMap(({ notes }) => notes) };
}

const withEtag = ({ events, notes }: FoundEvents, etag: string | undefined): Omit<Read, "source"> => ({
  events: events.map((event) => ({ ...event, ...(etag !== undefined && { etag }) })),
  notes,
});

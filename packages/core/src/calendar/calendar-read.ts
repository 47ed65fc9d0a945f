import { calendarRead } from "@mh/contract/calendar.ts";
import type { ArgsOf } from "@mh/contract/contract.ts";
import { Fault, type FaultCode } from "@mh/contract/values/fault.ts";
import { defineOutside, type OutsideContext } from "../kernel/skill.ts";
import { type ReadWhen, startOfWhen } from "../memory/extract/when.ts";
import { daysLater, localDay } from "../model/wall-clock.ts";
import { decodeLossy } from "../ports/bytes.ts";
import type { OpenCaldav } from "../ports/caldav.ts";
import type { Crypto } from "../ports/crypto.ts";
import type { Http } from "../ports/http.ts";
import type { Secrets } from "../ports/secrets.ts";
import { askAs, failed } from "./ask.ts";
import type { CalendarEvent, EventWindow, FoundEvents } from "./events.ts";
import type { CalendarSource } from "./settings.ts";
import { chosenSources, hostsOf } from "./sources.ts";
import { timeOf } from "./times.ts";

/** What calendar skills need of the world. */
export interface CalendarDeps {
  http: Http;
  secrets: Secrets;
  crypto: Crypto;
  timeZone: () => string;
  files: CalendarFiles;
  /** Loaded at first use. */
  readWhen: () => Promise<ReadWhen>;
  caldav: () => Promise<OpenCaldav>;
}

/** Calendar files: relative to the home, or anywhere on this machine. */
export interface CalendarFiles {
  read(file: string): Uint8Array | undefined;
  /** Atomic; in the home only. */
  replace(file: string, bytes: Uint8Array): void;
  /** Absolute, in the one form that rules know it by. */
  pathOf(file: string): string;
}

const spanDaysMax = 366;
const bytesMax = 10_000_000;
/** Steps through repeating events that one reading may take: a few seconds at most. */
const stepsMax = 200_000;

export function readCalendarSkill(deps: CalendarDeps) {
  return defineOutside(calendarRead, {
    stored: "approved",
    classify({ source }, config) {
      const hosts = hostsOf(chosenSources(config, source));
      return { effect: hosts.length > 0 ? "fetch" : "read", risk: "low", scope: hosts.length > 0 ? { hosts } : {} };
    },
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
  fault?: { code: FaultCode; reason: string };
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
    if (context.signal.aborted) throw error;
    const fault =
      error instanceof Fault ? error : failed(source, "what it answered cannot be read", "Check its address");
    const said = fault.message.startsWith("Calendar ") ? fault.message : `Calendar ${source.name}: ${fault.message}`;
    return { source: source.name, events: [], notes: [], fault: { code: fault.code, reason: said } };
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
  const parse = (text: string) => eventsIn(text, window, { timeZone: deps.timeZone(), sha256Hex });
  if (source.caldav !== undefined) {
    const open = await deps.caldav();
    const objects = await open(source.caldav, askAs(deps, source, signal)).between(window.fromMs, window.toMs);
    const found = objects.map(({ text, etag }) => withEtag(parse(text), etag));
    return { events: found.flatMap(({ events }) => events), notes: found.flatMap(({ notes }) => notes) };
  }
  if (source.url !== undefined) {
    const { body } = await askAs(deps, source, signal)({ method: "GET", url: source.url });
    return parse(calendarText(source, body));
  }
  const file = source.file ?? "";
  const bytes = deps.files.read(file);
  if (bytes === undefined) throw failed(source, `there is no file ${file}`, "Correct its path in config.yaml");
  return withEtag(parse(calendarText(source, bytes)), `"${sha256Hex(bytes)}"`);
}

function calendarText(source: CalendarSource, bytes: Uint8Array): string {
  if (bytes.length > bytesMax) throw failed(source, "it is larger than 10 MB", "Split it");
  const text = decodeLossy(bytes);
  if (/^\uFEFF?\s*BEGIN:VCALENDAR\s/i.test(text)) return text;
  throw failed(source, "what is there is no calendar (RFC 5545)", "Correct its address in config.yaml");
}

const withEtag = ({ events, notes }: FoundEvents, etag: string | undefined): Omit<Read, "source"> => ({
  events: events.map((event) => ({ ...event, ...(etag !== undefined && { etag }) })),
  notes,
});

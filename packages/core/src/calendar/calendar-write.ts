import { calendarWrite } from "@mh/contract/calendar.ts";
import type { ArgsOf } from "@mh/contract/contract.ts";
import { Fault } from "@mh/contract/values/fault.ts";
import { changedPin } from "../kernel/pins.ts";
import { defineOutside, type OutsideContext } from "../kernel/skill.ts";
import type { ReadWhen } from "../memory/extract/when.ts";
import { localDay } from "../model/wall-clock.ts";
import { decodeUtf8, utf8 } from "../ports/bytes.ts";
import { askAs } from "./ask.ts";
import type { Draft, Stamp } from "./compose.ts";
import type { CalendarDeps } from "./read-source.ts";
import type { CalendarSource } from "./settings.ts";
import { hostsOf, writableSource } from "./sources.ts";
import { timeOf } from "./times.ts";

export function writeCalendarSkill(deps: CalendarDeps) {
  return defineOutside(calendarWrite, {
    stored: "kept",
    classify({ source, uid }, config) {
      const target = writableSource(config, source);
      const hosts = hostsOf([target]);
      const risk = uid === undefined ? "low" : "medium";
      if (hosts.length > 0) return { effect: "send", risk, scope: { hosts } };
      return { effect: "local", risk, scope: { paths: [deps.files.pathOf(target.file ?? "")] } };
    },
    async pin({ source, uid }, { config, signal }) {
      if (uid === undefined) return { pins: [] };
      const target = writableSource(config, source);
      const text = target.caldav === undefined ? textOf(deps, target) : await caldavText(deps, target, uid, signal);
      return { pins: [{ argument: "uid", what: eventName(target, uid), ...(await pinned(deps, text, uid)) }] };
    },
    async run(args, context) {
      const target = writableSource(context.config, args.source);
      const draft = await draftOf(args, context.now, deps.timeZone(), await deps.readWhen());
      const uid = args.uid ?? `${context.commandId}@mh`;
      const stamp = { commandId: context.commandId, now: context.now };
      const write = target.caldav === undefined ? writeFile : writeCaldav;
      const { etag } = await write(
        deps,
        target,
        { ...args, uid, made: args.uid === undefined, approved: context.pins?.[0]?.hash, draft, stamp },
        context,
      );
      const { start, end, allDay } = draft;
      return { source: target.name, uid, made: args.uid === undefined, ...(etag && { etag }), start, end, allDay };
    },
  });
}

const eventName = ({ name }: CalendarSource, uid: string): string => `event ${uid} of ${name}`;

async function caldavText(deps: CalendarDeps, source: CalendarSource, uid: string, signal: AbortSignal) {
  const calendar = (await deps.caldav())(source.caldav ?? "", askAs(deps, source, signal));
  return (await calendar.withUid(uid))?.text;
}

function textOf({ files }: CalendarDeps, { file = "" }: CalendarSource): string | undefined {
  const bytes = files.read(file);
  return bytes === undefined || bytes.length === 0 ? undefined : decodeUtf8(bytes);
}

async function pinned({ crypto }: CalendarDeps, text: string | undefined, uid: string) {
  const { eventIn } = await import("./compose.ts");
  const event = text === undefined ? undefined : eventIn(text, uid);
  return event ? { hash: crypto.sha256Hex(event.text), shows: event.shows } : { hash: "none" };
}

async function draftOf(
  args: ArgsOf<typeof calendarWrite>,
  now: number,
  timeZone: string,
  readWhen: ReadWhen,
): Promise<Draft> {
  const { title, place, description, durationMinutes } = args;
  const begin = await timeOf(args.start, now, timeZone, readWhen);
  const end = args.end === undefined ? undefined : await timeOf(args.end, now, timeZone, readWhen);
  const allDay = args.allDay ?? (begin.day !== undefined && durationMinutes === undefined);
  const text = { title, place, description };
  const late = new Fault("args.invalid", "The event ends before it begins. Correct its start or its end.");
  if (allDay) {
    if (durationMinutes !== undefined) throw new Fault("args.invalid", "Whole days have an end, not a duration.");
    const start = begin.day ?? localDay(begin.ms, timeZone);
    const last = end === undefined ? start : (end.day ?? localDay(end.ms, timeZone));
    if (last < start) throw late;
    return { ...text, start, end: last, allDay };
  }
  if (begin.day !== undefined || end?.day !== undefined) {
    throw new Fault("args.invalid", "Say the time of day, as in 2026-05-08T13:56, or that it is a whole day.");
  }
  const endMs = end?.ms ?? begin.ms + (durationMinutes ?? 60) * 60_000;
  if (endMs < begin.ms) throw late;
  return { ...text, start: new Date(begin.ms).toISOString(), end: new Date(endMs).toISOString(), allDay };
}

interface Job {
  uid: string;
  made: boolean;
  etag?: string | undefined;
  /** The event that the owner approved to be changed, by its hash. */
  approved: string | undefined;
  draft: Draft;
  stamp: Stamp;
}

async function writeCaldav(deps: CalendarDeps, source: CalendarSource, job: Job, { signal }: OutsideContext) {
  const { emptyCalendar, unknownEvent, withChanged, withEvent } = await import("./compose.ts");
  const { uid, draft, stamp, etag, approved } = job;
  const calendar = (await deps.caldav())(source.caldav ?? "", askAs(deps, source, signal));
  if (job.made) {
    const text = withEvent(emptyCalendar, uid, draft, stamp);
    const made = await calendar
      .create(`${stamp.commandId}.ics`, text)
      .catch((error: unknown) => unheard(error, signal));
    if (made !== "taken" && made !== "unheard") return made;
    // This try or an earlier one of the same command may have come through, with nobody having heard of it.
    const there = await calendar.withUid(uid);
    if (there) return { etag: there.etag };
    if (made === "unheard") throw conflict(source, "the connection broke, and the event is not there");
    throw conflict(source, "something else stands where the event would go");
  }
  const there = await calendar.withUid(uid);
  if (there === undefined) throw unknownEvent(uid);
  if (approved !== undefined && (await pinned(deps, there.text, uid)).hash !== approved)
    throw changedPin(eventName(source, uid));
  const changed = withChanged(there.text, uid, draft, stamp);
  if (changed === undefined) return { etag: there.etag };
  if (etag !== undefined && etag !== there.etag) throw conflict(source, "the event was changed meanwhile");
  if (there.etag === undefined) throw conflict(source, "its server does not say which version it holds");
  const replaced = await calendar.replace(there, changed);
  if (replaced === "changed") throw conflict(source, "the event was changed meanwhile");
  return replaced;
}

/** The server did not answer: it may have done it. */
function unheard(error: unknown, signal: AbortSignal): "unheard" {
  if (error instanceof Fault && error.code === "http.failed" && !signal.aborted) return "unheard";
  throw error;
}

async function writeFile(deps: CalendarDeps, source: CalendarSource, job: Job) {
  const { emptyCalendar, eventIn, hasEvent, withChanged, withEvent } = await import("./compose.ts");
  const { uid, draft, stamp, etag, approved } = job;
  const file = source.file ?? "";
  const versionOf = (bytes: Uint8Array) => ({ etag: `"${deps.crypto.sha256Hex(bytes)}"` });
  // From here to the end nothing waits, so no other command of this home comes in between.
  const bytes = deps.files.read(file);
  const text = bytes === undefined || bytes.length === 0 ? emptyCalendar : decodeUtf8(bytes);
  if (text === undefined) throw new Fault("calendar.failed", `${file} is not text. Correct its path in config.yaml.`);
  const event = approved === undefined ? undefined : eventIn(text, uid);
  if (approved !== undefined && (event ? deps.crypto.sha256Hex(event.text) : "none") !== approved)
    throw changedPin(eventName(source, uid));
  const isDone = job.made && hasEvent(text, uid);
  const after = isDone
    ? undefined
    : job.made
      ? withEvent(text, uid, draft, stamp)
      : withChanged(text, uid, draft, stamp);
  if (after === undefined) return versionOf(bytes ?? new Uint8Array());
  if (etag !== undefined && etag !== versionOf(bytes ?? new Uint8Array()).etag) {
    throw conflict(source, "the file was changed meanwhile");
  }
  const written = utf8.encode(after);
  deps.files.replace(file, written);
  return versionOf(written);
}

const conflict = (source: CalendarSource, what: string): Fault =>
  new Fault("calendar.failed", `Calendar ${source.name}: ${what}. Look again (\`mh calendar\`), and write once more.`);

import { calendarKeep } from "@mh/contract/calendar.ts";
import type { ArgsFor, ValueFor } from "@mh/contract/contracts.ts";
import { Fault } from "@mh/contract/values/fault.ts";
import type { MemoryRecord } from "@mh/contract/values/memory.ts";
import { defineOutside, type OutsideContext } from "../kernel/skill.ts";
import { calendarSource } from "../memory/calendar-source.ts";
import type { Found } from "../memory/import/found.ts";
import { isChangedByOwner, isMergedInto } from "../memory/skills/file.ts";
import { isOvertaken } from "../memory/skills/overtaken.ts";
import { wasForgotten } from "../memory/store.ts";
import type { Database } from "../ports/database.ts";
import { type CalendarDeps, calendarTexts, type WhyNot, whyNot } from "./read-source.ts";
import type { CalendarSource } from "./settings.ts";
import { chosenSources, looksInto } from "./sources.ts";

export interface KeepDeps extends CalendarDeps {
  /** Sees committed state only. */
  reader: Database;
  /** Lets everything else have its turn. */
  pause: () => Promise<void>;
  /** Keeps a group of what was read, as a command that this one caused. */
  file: (group: ArgsFor<"memory.file">, context: OutsideContext) => Promise<ValueFor<"memory.file">>;
}

type Item = ArgsFor<"memory.file">["items"][number];
type Group = { items: Item[]; gone: string[] };

const dayMs = 86_400_000;
const windowDays = { before: 31, after: 366 };
/** As much as anybody may have written at once: each event names a hundred people and dozens of times at most. */
const group = { itemsMax: 30, charsMax: 250_000 };
/** Of what third parties write into it. */
const textMax = 20_000;
/** Steps through the repeating events of one text. */
const stepsMax = 200_000;
const notesMax = 20;
/** Of one calendar: it may be somebody else's, who writes as much as they like. */
const itemsMax = 5_000;

/** What is kept of a calendar is known by this, and comes from there. */
const placeOf = ({ name }: CalendarSource): string => calendarSource(name);

/**
 * Keeps the events from a month ago to a year ahead as memories: a series is one. One that was moved is revised; one that is
 * not there any more is taken out as long as it is still ahead, because what was is remembered.
 */
export function keepCalendarSkill(deps: KeepDeps) {
  return defineOutside(calendarKeep, {
    stored: "kept",
    classify: ({ source }, config) => looksInto(chosenSources(config, source)),
    async run(args, context) {
      const chosen = chosenSources(context.config, args.source);
      const counts = { added: 0, updated: 0, gone: 0, same: 0, refused: 0 };
      const failed: ({ source: string } & WhyNot)[] = [];
      const notes: { source: string; note: string }[] = [];
      // An event that two calendars have is the first one's.
      const known = new Set<string>();
      for (const source of chosen) {
        const read = await readOrSay(deps, source, context, known);
        if ("code" in read) {
          failed.push({ source: source.name, ...read });
          continue;
        }
        const { groups, same, refused } = changesOf(deps.reader, source, read, context.now);
        counts.same += same;
        counts.refused += refused;
        try {
          for (const each of groups) {
            const place = placeOf(source);
            const { results, retired } = await deps.file({ source: place, origin: place, ...each }, context);
            for (const { status } of results) counts[status === "duplicate" ? "same" : status] += 1;
            counts.gone += retired.length;
          }
        } catch (error) {
          failed.push({ source: source.name, ...whyNot(source, error, context.signal) });
        }
        notes.push(...read.notes.slice(0, notesMax).map((note) => ({ source: source.name, note })));
      }
      const [first] = failed;
      if (first && failed.length === chosen.length)
        throw new Fault(first.code, failed.map(({ reason }) => reason).join(" "));
      return { sources: chosen.map(({ name }) => name), ...counts, failed, notes };
    },
  });
}

interface Read {
  items: Item[];
  /** External ids of what stands there and cannot be read; undefined where that cannot be told. */
  unread: Set<string> | undefined;
  notes: string[];
}

async function readOrSay(
  deps: KeepDeps,
  source: CalendarSource,
  { now, signal }: OutsideContext,
  known: Set<string>,
): Promise<Read | WhyNot> {
  try {
    const texts = await calendarTexts(deps, source, windowOf(now), signal);
    const read: Read = { items: [], unread: new Set(), notes: [] };
    for (const { text } of texts) {
      for (const found of await entriesIn(deps, text, now)) {
        await deps.pause();
        signal.throwIfAborted();
        take(read, found, known);
      }
    }
    return read;
  } catch (error) {
    return whyNot(source, error, signal);
  }
}

async function entriesIn({ timeZone, crypto }: KeepDeps, text: string, nowMs: number): Promise<Iterable<Found>> {
  // A calendar that nothing stands in is none that cannot be read.
  if (!/^BEGIN:V(?:EVENT|TODO|JOURNAL)\s*$/im.test(text)) return [];
  const { parseCalendar } = await import("../memory/import/calendar.ts");
  return parseCalendar(text, { timeZone: timeZone(), nowMs, stepsMax, sha256Hex: (each) => crypto.sha256Hex(each) });
}

function take(read: Read, found: Found, known: Set<string>): void {
  if ("note" in found) {
    if (found.isFallback) read.notes.push(`${found.note} (${found.where})`);
    return;
  }
  if ("refused" in found) {
    read.notes.push(`${found.refused} (${found.where})`);
    if (found.externalId === null) read.unread = undefined;
    read.unread?.add(found.externalId ?? "");
    return;
  }
  const { source: _format, ...item } = found.item;
  const key = keyOf(item);
  if (known.has(key)) return;
  known.add(key);
  if (read.items.length >= itemsMax) {
    if (read.unread) read.notes.push(`It has more than ${itemsMax} events: those after them were not looked at.`);
    read.unread = undefined;
    return;
  }
  read.items.push({ ...item, content: item.content.slice(0, textMax).toWellFormed() });
}

/** The same event says the same: others who know the id of one may write another under it. */
const keyOf = ({ externalId, content }: Pick<Item, "externalId" | "content">): string => `${externalId}\n${content}`;

const windowOf = (now: number) => ({
  fromMs: now - windowDays.before * dayMs,
  toMs: now + windowDays.after * dayMs,
});

/** What differs from what is kept, in groups of one command each. */
function changesOf(db: Database, source: CalendarSource, { items, unread }: Read, now: number) {
  const kept = keptOf(db, placeOf(source));
  const { fromMs, toMs } = windowOf(now);
  let [same, refused] = [0, 0];
  const changed = items.filter((item) => {
    const there = kept.get(item.externalId);
    const isLeft = there ? isChangedByOwner(there) : wasForgotten(db, placeOf(source), item.externalId);
    if (isLeft) refused += 1;
    const isElsewhere = !there && !isLeft && isMergedInto(db, placeOf(source), item);
    if (isElsewhere) same += 1;
    if (isLeft || !there) return !isLeft && !isElsewhere && touches(item, fromMs, toMs);
    const isOther = there.content !== item.content || isOvertaken(there, item, now);
    if (!isOther) same += 1;
    return isOther;
  });
  const standing = new Set(items.map(({ externalId }) => externalId));
  // An occurrence that was moved is known by its series' id and its own.
  const isUnread = (id: string) => unread?.has(id) || unread?.has(id.replace(/#[^#]*$/, ""));
  const left = unread ? [...kept.values()].filter(({ externalId = "" }) => !isUnread(externalId)) : [];
  const gone = left.filter((each) => isGone(each, standing, now, toMs));
  const groups = [
    ...inGroups(changed).map((some): Group => ({ items: some, gone: [] })),
    ...inGroups(gone.flatMap(({ externalId }) => externalId ?? [])).map((ids): Group => ({ items: [], gone: ids })),
  ];
  return { groups, same, refused };
}

function isGone({ externalId = "", eventAt }: MemoryRecord, standing: Set<string>, now: number, toMs: number): boolean {
  return !standing.has(externalId) && touches({ eventAt }, now, toMs);
}

const touches = ({ eventAt = [] }: Pick<Item, "eventAt">, fromMs: number, toMs: number): boolean =>
  eventAt.some(({ from, to }) => Date.parse(to) > fromMs && Date.parse(from) < toMs);

function keptOf(db: Database, place: string): Map<string, MemoryRecord> {
  const sql = "SELECT record FROM memories WHERE source = ? AND external_id IS NOT NULL";
  const records = (db.prepare(sql).all(place) as { record: string }[]).map(({ record }) => JSON.parse(record));
  return new Map((records as MemoryRecord[]).map((record) => [record.externalId ?? "", record]));
}

function inGroups<T>(all: readonly T[]): T[][] {
  const groups: T[][] = [];
  let charsLeft = 0;
  for (const each of all) {
    const chars = JSON.stringify(each).length;
    const last = groups.at(-1);
    if (last && chars <= charsLeft && last.length < group.itemsMax) last.push(each);
    else {
      groups.push([each]);
      charsLeft = group.charsMax;
    }
    charsLeft -= chars;
  }
  return groups;
}

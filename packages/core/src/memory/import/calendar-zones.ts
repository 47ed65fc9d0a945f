import ICAL from "ical.js";
import { instantOf, isTimeZone } from "../../model/wall-clock.ts";
import type { Block } from "./content-lines.ts";

export type ZoneFinder = (tzid: string | undefined) => { zone: ICAL.Timezone; name: string } | undefined;

/**
 * Time zones by name: IANA names by what the machine knows of them, others by the file's own VTIMEZONE. No name is the
 * owner's zone (RFC 5545: a floating time); a name that nobody knows is `undefined`.
 */
export function zonesOf(definitions: readonly Block[], ownZone: string): ZoneFinder {
  const own = new WallZone(ownZone);
  const known = new Map<string, { zone: ICAL.Timezone; name: string } | undefined>();
  const find = (tzid: string) => {
    const name = ianaName(tzid);
    if (name !== undefined) return { zone: new WallZone(name), name };
    const zone = defined(definitions, tzid);
    if (zone !== undefined) return { zone, name: tzid };
    // "/citadel.org/20210210_1/Europe/Berlin" and its like.
    const tail = ianaName(tzid.split("/").slice(-2).join("/"));
    return tail === undefined ? undefined : { zone: new WallZone(tail), name: tail };
  };
  return (tzid) => {
    if (tzid === undefined) return { zone: own, name: "" };
    if (!known.has(tzid)) known.set(tzid, find(tzid));
    return known.get(tzid);
  };
}

/** A zone as the machine's tables have it, for every year there is. */
class WallZone extends ICAL.Timezone {
  readonly #name: string;
  /** By day, where the whole day has one offset: a series asks for the same days again and again. */
  readonly #days = new Map<number, number>();

  constructor(name: string) {
    super({ tzid: name });
    this.#name = name;
  }

  override utcOffset({ year, month, day, hour, minute }: ICAL.Time): number {
    const key = (year * 12 + month) * 40 + day;
    const known = this.#days.get(key);
    if (known !== undefined) return known;
    const at = (h: number, m: number) => {
      const local = { year, month: month - 1, day, hour: h, minute: m };
      return (Date.UTC(year, month - 1, day, h, m) - instantOf(local, this.#name)) / 1_000;
    };
    const begin = at(0, 0);
    if (begin !== at(24, 0)) return at(hour, minute);
    if (this.#days.size > 100_000) this.#days.clear();
    this.#days.set(key, begin);
    return begin;
  }
}

/** Undefined for what is not a name that the machine knows; the file may define it. */
const ianaName = (tzid: string): string | undefined => (tzid.length <= 100 && isTimeZone(tzid) ? tzid : undefined);

function defined(definitions: readonly Block[], tzid: string): ICAL.Timezone | undefined {
  const block = definitions.find(({ lines }) => lines.some(({ text }) => text.trim() === `TZID:${tzid}`));
  // Rules other than yearly ones are no zone's, and would be worked out second by second.
  if (!block?.isWhole || block.lines.length > 5_000) return undefined;
  if (block.lines.some(({ text }) => /^RRULE/i.test(text) && !/FREQ=YEARLY/i.test(text))) return undefined;
  try {
    const zone = ICAL.Timezone.fromData(
      new ICAL.Component(ICAL.parse(block.lines.map(({ text }) => text).join("\r\n"))),
    );
    zone.utcOffset(ICAL.Time.fromDateTimeString("2024-01-01T00:00:00"));
    return zone;
  } catch {
    // A broken definition is as good as none: the caller says that the zone is not known.
    return undefined;
  }
}

import ICAL from "ical.js";
import { instantOf } from "../../model/wall-clock.ts";
import type { Block } from "./content-lines.ts";
import { isIana, offsetOf, unescaped, zoneNamed } from "./zone-names.ts";

interface NamedZone {
  zone: ICAL.Timezone;
  name: string;
}
export type ZoneFinder = (tzid: string | undefined) => NamedZone | undefined;

/**
 * Time zones by name: IANA names by what the machine knows of them, others by the file's own VTIMEZONE, else by the names
 * that Windows has for zones, or by an offset in the name. No name is the owner's zone (RFC 5545: a floating time); a name
 * that nobody knows is `undefined`.
 */
export function zonesOf(definitions: readonly Block[], ownZone: string): ZoneFinder {
  const own = new WallZone(ownZone);
  const known = new Map<string, NamedZone | undefined>();
  const find = (tzid: string): NamedZone | undefined => {
    const given = unescaped(tzid);
    if (isIana(given)) return wall(given);
    const zone = defined(definitions, given);
    if (zone !== undefined) return { zone, name: given };
    const named = zoneNamed(given);
    if (named !== undefined) return wall(named);
    const offset = offsetOf(given);
    return offset === undefined ? undefined : fixed(offset);
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

const wall = (name: string): NamedZone => ({ zone: new WallZone(name), name });

/** An offset all year round. */
function fixed(minutes: number): NamedZone {
  const sign = minutes < 0 ? "-" : "+";
  const two = (n: number) => String(Math.floor(n)).padStart(2, "0");
  const offset = `${sign}${two(Math.abs(minutes) / 60)}:${two(Math.abs(minutes) % 60)}`;
  return minutes === 0 ? wall("UTC") : { zone: new WallZone(offset), name: `UTC${offset}` };
}

function defined(definitions: readonly Block[], tzid: string): ICAL.Timezone | undefined {
  const block = definitions.find(({ lines }) => lines.some(({ text }) => isNameLine(text, tzid)));
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

const isNameLine = (text: string, tzid: string): boolean =>
  /^TZID[;:]/i.test(text) && unescaped(text.slice(text.indexOf(":") + 1)).toLowerCase() === tzid.toLowerCase();

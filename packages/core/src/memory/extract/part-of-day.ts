import { days, midnight, type Now, type Stretch } from "./stretches.ts";

/**
 * A part of the day by its words: from which hour to which, and the hour that is meant where one is asked for. A clock says
 * each hour of it once in the twelve from `clock` on: at night two is of the next day.
 */
interface Part {
  words: string;
  from: number;
  to: number;
  at: number;
  clock: number;
}

const parts: readonly Part[] = [
  { words: "morning|früh|frueh|morgen|vormittags?|matin|mañana|manhã", from: 5, to: 12, at: 9, clock: 1 },
  { words: "noon|midday|lunchtime|mittags?|midi|mediodía|meio-dia", from: 11, to: 14, at: 12, clock: 7 },
  { words: "afternoon|nachmittags?|après-midi|tarde", from: 12, to: 18, at: 15, clock: 12 },
  { words: "evening|abends?|soir", from: 17, to: 24, at: 19, clock: 14 },
  { words: "night|nachts?|nuit|noche|noite", from: 19, to: 28, at: 21, clock: 18 },
];

const between = "(?:,? (?:in the |at |am |por la |de la |à |da |de )?)";
const hour = "(?: (?:at|um|@|gegen|à|a las) ?([01]?\\d|2[0-4])(?:[:.]([0-5]\\d))?(?: ?(uhr|h|[ap]\\.?m\\.?))?)?";
const patterns = parts.map((part) => ({
  part,
  pattern: new RegExp(`^(.+?)${between}(?:${part.words})${hour}$`, "i"),
}));
const thisDay = /^(?:this|diese[nmr]?|ce(?:t|tte)?|est[ae]|nesta)$/i;

/** What is said of a day and what of it: "tomorrow morning", "Friday evening at 8", "morgen früh", "heute Abend". */
export interface PartOfDay {
  day: string;
  hasHour: boolean;
  on(day: Stretch): Stretch;
}

/** Undefined where the words name no part of a day. "Morgen" alone is tomorrow, "tonight" is a part of today. */
export function partOfDayIn(text: string): PartOfDay | undefined {
  const said = text.trim().replace(/^tonight\b/i, "today night");
  for (const { part, pattern } of patterns) {
    const [, told = "", hour, minute = "0", unit = ""] = pattern.exec(said) ?? [];
    if (told === "") continue;
    const at = hour === undefined ? undefined : { hour: hourOf(Number(hour), unit, part), minute: Number(minute) };
    return {
      day: thisDay.test(told) ? "today" : told,
      hasHour: at !== undefined,
      on: (day) => partOn(day, part, at),
    };
  }
  return undefined;
}

/** With the hour that is meant, where the words of a time name one of a part of the day: the night's belong to two days. */
export function withHourOfPart<T extends Stretch & { text: string }>(time: T, now: Now): T {
  const part = partOfDayIn(time.text);
  if (!part?.hasHour || range.test(part.day)) return time;
  // After midnight chrono-node takes today for the day of "last night".
  const day = /^last night\b/i.test(time.text) ? midnight(now.year, now.month, now.day - 1) : time.from;
  return { ...time, ...part.on(days(day, day.day)) };
}

/** From one day to another: an hour in words of two is none of one of them. */
const range = /\b(?:to|till?|until|through|bis|jusqu|hasta|até)\b|[–—]|\s-\s/i;

function partOn(
  { from: day, grain, ...stretch }: Stretch,
  part: Part,
  told: { hour: number; minute: number } | undefined,
): Stretch {
  // What has a time of its own needs no other.
  if (grain !== "day") return { from: day, grain, ...stretch };
  const at = (hour: number) => ({ ...day, hour, minute: 0 });
  if (!told) return { from: at(part.from), to: at(part.to), grain: "hour", point: at(part.at) };
  const from = { ...day, ...told };
  return told.minute === 0
    ? { from, to: { ...from, hour: told.hour + 1 }, grain: "hour", point: from }
    : { from, to: { ...from, minute: told.minute + 1 }, grain: "minute" };
}

function hourOf(told: number, unit: string, { clock }: Part): number {
  const isExact = told === 0 || told > 12 || /^[ap]/i.test(unit);
  const hour = /^[ap]/i.test(unit) ? (told % 12) + (/^p/i.test(unit) ? 12 : 0) : told;
  const all = isExact ? [hour, hour + 24] : [hour, hour + 12, hour + 24];
  return all.find((each) => each >= clock && each < clock + 12) ?? hour;
}

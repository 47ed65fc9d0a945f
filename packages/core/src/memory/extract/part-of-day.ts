import type { Stretch } from "./stretches.ts";

/** A part of the day by its words: from which hour to which, and the hour that is meant where one is asked for. */
interface Part {
  words: string;
  from: number;
  to: number;
  at: number;
}

const parts: readonly Part[] = [
  { words: "morning|früh|frueh|morgen|vormittags?|matin|mañana|manhã", from: 5, to: 12, at: 9 },
  { words: "noon|midday|lunchtime|mittags?|midi|mediodía|meio-dia", from: 11, to: 14, at: 12 },
  { words: "afternoon|nachmittags?|après-midi|tarde", from: 12, to: 18, at: 15 },
  { words: "evening|abends?|soir", from: 17, to: 24, at: 19 },
  { words: "night|nachts?|nuit|noche|noite", from: 19, to: 28, at: 21 },
];

const between = "(?:,? (?:in the |at |am |por la |de la |à |da |de )?)";
const clock = "(?: (?:at|um|@|gegen|à|a las) ?([01]?\\d|2[0-4])(?:[:.]([0-5]\\d))?(?: ?(?:uhr|h))?)?";
const patterns = parts.map((part) => ({
  part,
  pattern: new RegExp(`^(.+?)${between}(?:${part.words})${clock}$`, "i"),
}));
const thisDay = /^(?:this|diese[nmr]?|ce(?:t|tte)?|est[ae]|nesta)$/i;

/** What is said of a day and what of it: "tomorrow morning", "Friday evening at 8", "morgen früh", "heute Abend". */
export interface PartOfDay {
  day: string;
  on(day: Stretch): Stretch;
}

/** Undefined where the words name no part of a day. "Morgen" alone is tomorrow, "tonight" is a part of today. */
export function partOfDayIn(text: string): PartOfDay | undefined {
  const said = text.trim().replace(/^tonight\b/i, "today night");
  for (const { part, pattern } of patterns) {
    const [, told = "", hour, minute = "0"] = pattern.exec(said) ?? [];
    if (told === "") continue;
    return { day: thisDay.test(told) ? "today" : told, on: (day) => partOn(day, part, hour, Number(minute)) };
  }
  return undefined;
}

function partOn(
  { from: day, grain, ...stretch }: Stretch,
  part: Part,
  hour: string | undefined,
  minute: number,
): Stretch {
  // What has a time of its own needs no other.
  if (grain !== "day") return { from: day, grain, ...stretch };
  const at = (of: number, minutes = 0) => ({ ...day, hour: of, minute: minutes });
  if (hour === undefined) return { from: at(part.from), to: at(part.to), grain: "hour", point: at(part.at) };
  const told = Number(hour);
  const from = at(told < 12 && told + 12 <= part.to && part.from >= 11 ? told + 12 : told, minute);
  return { from, to: { ...from, minute: minute + 1 }, grain: "minute" };
}

import { midnight, type Stretch } from "./stretches.ts";
import { amount, number, unit, unitOf } from "./time-words.ts";

/** A day that is told from another one: "two weeks after Easter", "the day before Christmas", "drei Tage vor Ostern". */
export interface AwayFrom {
  other: string;
  from(day: Stretch): Stretch;
}

const told = new RegExp(`^(?:the )?(?:${number} )?${unit}e?s? (after|from|before|nach|vor) (\\S.*)$`, "i");

/** Undefined where the words are told from nothing. */
export function awayFromIn(text: string): AwayFrom | undefined {
  const [, count, name, which = "", other] = told.exec(text) ?? [];
  if (other === undefined) return undefined;
  const by = amount(count) * (/^(?:before|vor)$/i.test(which) ? -1 : 1);
  return { other, from: ({ from, to }) => counted(by < 0 ? from : { ...to, day: to.day - 1 }, unitOf(name), by) };
}

/** As far from the day, which a month may not have: then its last one. */
function counted({ year, month, day }: Stretch["from"], unit: ReturnType<typeof unitOf>, by: number): Stretch {
  const ofDays = { day: 1, week: 7, fortnight: 14, weekend: 7 } as const;
  const ofMonths = { month: 1, year: 12, decade: 120 } as const;
  const at =
    unit in ofDays
      ? midnight(year, month, day + by * ofDays[unit as keyof typeof ofDays])
      : inMonth(year, month + by * ofMonths[unit as keyof typeof ofMonths], day);
  return { from: at, to: { ...at, day: at.day + 1 }, grain: "day" };
}

function inMonth(year: number, month: number, day: number): Stretch["from"] {
  return midnight(year, month, Math.min(day, new Date(Date.UTC(year, month + 1, 0)).getUTCDate()));
}

import { days, type Stretch, unitAway } from "./stretches.ts";
import { amount, number, type Unit, unit, unitOf } from "./time-words.ts";

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
function counted(day: Stretch["from"], unit: Unit, by: number): Stretch {
  const { from, point = from } = unitAway(day, unit === "weekend" ? "week" : unit, by);
  return days(point, point.day);
}

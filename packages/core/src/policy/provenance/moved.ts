import type { Call } from "@mh/contract/values/provenance.ts";
import { isCalendarDay } from "../../model/wall-clock.ts";
import type { NamedLeaf } from "./arguments.ts";
import { kindOf } from "./kinds.ts";
import { numbersIn, numberWords } from "./numbers.ts";
import { withoutNames } from "./quotations.ts";
import { ownKindOf, type Row } from "./rows.ts";
import type { TracedTask } from "./traced.ts";

const minute = 60_000;
const unit: Readonly<Record<string, number>> = {
  ...{ min: minute, minute, hour: 60 * minute, hr: 60 * minute, h: 60 * minute },
  ...{ day: 24 * 60 * minute, week: 7 * 24 * 60 * minute },
};
const length = new RegExp(
  String.raw`(?<![\p{L}\p{N}.,:/-])(?:(half an hour)|(an?|\d{1,3}(?:\.5)?|${numberWords})[ -]?(min|minute|hour|hr|h|day|week)s?)(?!\p{L})(?: (later|earlier|after|before|ago|late))?`,
  "giu",
);
const earlier = /^(?:earlier|before|ago)$/i;

/**
 * A time that the owner's words give by a length: "one hour later" than the entry that they describe is, in the field that
 * the argument is called by; or the end of what begins at a time of theirs, after the length that they say, or that the
 * entry has.
 */
export function isMovedTime(trace: TracedTask, call: Call, { name, value }: NamedLeaf): boolean {
  if (call.facts.types[name] !== "date" || call.effect === "spend" || call.effect === "destroy") return false;
  const at = instantOf(value);
  if (at === undefined) return false;
  const said = lengthsIn(trace.words.text);
  const taken = Object.values(call.facts.takes);
  const rows = trace.described.filter(({ step }) => taken.includes(ownKindOf(step.facts) ?? ""));
  const isShifted = rows.some((row) =>
    timesOf(row).some(
      (time) => isCalled(name, time.name) && said.some(({ by, isShift }) => isShift && at === time.at + by),
    ),
  );
  return (
    isShifted || isEnd(trace, call, name, at, [...said.filter(({ isShift }) => !isShift), ...rows.flatMap(lengthOf)])
  );
}

interface Length {
  by: number;
  /** It says how far something moves, and not how long it is. */
  isShift: boolean;
}

function lengthsIn(text: string): Length[] {
  return [...withoutNames(text).matchAll(length)].map(([, half, count = "", of = "", where]) => {
    const by = half ? 30 * minute : countOf(count) * (unit[of.toLowerCase()] ?? 0);
    return { by: where !== undefined && earlier.test(where) ? -by : by, isShift: where !== undefined };
  });
}

const countOf = (count: string): number =>
  /^an?$/i.test(count) ? 1 : /^\d/.test(count) ? Number(count) : (numbersIn(count)[0] ?? 0);

/** So long after another time of the call that the owner named. */
function isEnd({ words }: TracedTask, call: Call, name: string, at: number, lengths: readonly Length[]): boolean {
  return Object.entries(call.args).some(([other, begins]) => {
    if (other === name || call.facts.types[other] !== "date" || typeof begins !== "string") return false;
    const from = instantOf(begins);
    return from !== undefined && words.days.name(begins) && lengths.some(({ by }) => by > 0 && at === from + by);
  });
}

const timesOf = ({ fields }: Row) =>
  fields.flatMap(({ name, role, value }) => {
    const at = role === "record" && kindOf(value, "date") === "date" ? instantOf(value) : undefined;
    return at === undefined ? [] : [{ name, at }];
  });

/** How long an entry is that has a beginning, an end, and no other time. */
function lengthOf(row: Row): Length[] {
  const [from, to, ...more] = timesOf(row);
  return from && to && more.length === 0 ? [{ by: Math.abs(to.at - from.at), isShift: false }] : [];
}

/** "new_start_time" is called by the field "start_time". */
const isCalled = (argument: string, field: string): boolean => argument === field || argument.endsWith(`_${field}`);

/** Of a date with a time of day, wherever that is. */
function instantOf(value: unknown): number | undefined {
  const [, day, time] = /^(\d{4}-\d{2}-\d{2})[T ](\d{2}:\d{2})(?::00)?$/u.exec(String(value)) ?? [];
  if (day === undefined || !isCalendarDay(day)) return undefined;
  const at = Date.parse(`${day}T${time}:00Z`);
  return Number.isNaN(at) ? undefined : at;
}

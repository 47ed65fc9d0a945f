import type { EventTime } from "@mh/contract/values/memory.ts";
import { eventTimeOf } from "./dates.ts";
import { holidayRules, mayNameHoliday } from "./holidays.ts";
import { askedRules } from "./named-days.ts";
import { loadTimes, mayNameTimes } from "./read-times.ts";
import { mayNameRomance, romanceRules } from "./romance-times.ts";
import type { Toward } from "./stretches.ts";

/** A stretch of time that a question asks about, [from, to), and the words that say so, which stand at `index`. */
export interface AskedTime extends EventTime {
  index: number;
}
export type ReadAskedTimes = (question: string, now: Date, timeZone: string) => AskedTime[];

/**
 * Reads the times that a question asks about, in English, German, French, Spanish and Portuguese, as instants: "on 14 October", "last week", "the first
 * weekend of May", "since March". What is asked in the past tense is the last such time, what is to come the next.
 * The words from `index` on are times, not words to look for. The function it gives is synchronous and pure. With `only`, it
 * is for that one question, and where that names no time, no parser is loaded.
 */
export async function loadAskedTimes(only?: string): Promise<ReadAskedTimes> {
  if (only !== undefined && !mayName(only.slice(0, charactersMax))) return () => [];
  const read = await loadTimes();
  return (question, now, timeZone) => {
    const text = question.slice(0, charactersMax);
    if (!mayName(text)) return [];
    const setting = { at: now, timeZone, toward: tenseOf(text), more };
    const readAt = (words: string, at: Date, toward: Toward): AskedTime[] =>
      read(words, { ...setting, at, toward }).flatMap((time) =>
        eventTimeOf(time, timeZone).map((found) => ({ ...found, index: time.index })),
      );
    const times = readAt(text, now, setting.toward);
    const last = (words: string, at: Date) => readAt(words, at, "past");
    return inNamedYears(text, times, last).map((time) => openEnded(text, time, now, setting.toward));
  };
}

const charactersMax = 2_000;
const more = [...askedRules, ...holidayRules, ...romanceRules];
const mayName = (text: string): boolean => mayNameTimes(text) || mayNameRomance(text) || mayNameHoliday(text);

/** A time and the year that is named beside it are one: "on 16 November last year", "last year in May". */
function inNamedYears(
  text: string,
  times: readonly AskedTime[],
  last: (words: string, at: Date) => AskedTime[],
): AskedTime[] {
  const [time, next, ...rest] = times;
  if (time === undefined || next === undefined) return [...times];
  const [begin, end] = [time.index + time.text.length, next.index + next.text.length];
  const isBeside = beside.test(text.slice(begin, next.index));
  const [year, other] = time.grain === "year" ? [time, next] : [next, time];
  if (isBeside && year.grain === "year" && other.grain !== "year" && !/\d{4}/.test(other.text)) {
    // With the word between them: "May" alone may be a name.
    const words = other === next ? text.slice(begin, end) : text.slice(time.index, next.index);
    const [found] = last(words, new Date(Date.parse(year.to) - 1));
    if (found && found.from >= year.from && found.to <= year.to) {
      const both = { ...found, text: text.slice(time.index, end), index: time.index };
      return inNamedYears(text, [both, ...rest], last);
    }
  }
  return [time, ...inNamedYears(text, [next, ...rest], last)];
}

const beside = /^,? *(?:(?:of|in|im|vom|des) )?$/i;

/** The first of them says it: "do I have" is to come, "have I" is over. */
const tenses =
  /(?<![\wÀ-ÿ])(?:(?<future>will|shall|going to|upcoming|due|scheduled|planned|do i have|have (?:i|we) got|ha(?:ve|s) to|what['’]?s (?:on|up|due|next)|am i|are we|wird|werden?|steht|stehen|fällig|geplant|prévue?s?|vient|viennent|tengo|tenemos|tenho|temos|voy|vamos|vou)|(?<past>did|was(?! (?:hab|has?t|ist|sind|steh|wird|werde|mach|gibt|kommt|liegt|muss|soll|will))|were|had|have|has|happened|war|waren|gab|wurden?|passierten?|geschah|hatten?|ai|avons|étions|avait|a fait|hice|hicimos|fui|fue|pasó|fiz|fizemos|foi|estive|aconteceu)|(?<perfect>habe|haben|hast|hat|ist|sind|bin))\b/i;
const participle =
  /\bge[a-zäöüß]{2,}(?:t|en)\b|\b(?:ver|be|er|ent|zer)[a-zäöüß]{2,}(?:t|en)\b|[a-zäöüß]iert\b|[a-zäöüß]ge[a-zäöüß]{2,}(?:t|en)\b/i;

/** Which way a question looks; where it does not say, the nearest time is meant. */
function tenseOf(question: string): Toward {
  const { past, future, perfect } = tenses.exec(question)?.groups ?? {};
  if (past !== undefined) return "past";
  if (future !== undefined) return "future";
  if (perfect === undefined) return "near";
  return participle.test(question) ? "past" : "future";
}

const since = "since|seit|ab|depuis|desde|à partir d[eu]|a partir d[eo]l?";
// "vor drei Tagen" and "nach drei Tagen" are days: at the beginning of a time these two bound none.
const afterInside = "after|après|después de|depois de";
const beforeInside = "before|avant|antes d[eo]l?";
const after = `nach|${afterInside}`;
const before = `vor|${beforeInside}`;
const until = "until|till|by|bis|jusqu['’](?:à|au|en)|hasta|até";
const limit = new RegExp(
  `(?<![\\p{L}])(${[since, after, before, until].join("|")})(?: (?:the|dem|der|zum|on|am|le|la|el|o|a))*\\s*$`,
  "iu",
);
const limitInside = new RegExp(`^(${[since, afterInside, beforeInside, until].join("|")})(?![\\p{L}])`, "iu");
const isOne = (cue: string, of: string) => new RegExp(`^(?:${of})$`, "iu").test(cue);
const earliest = "1000-01-02T00:00:00.000Z";
const latest = "9998-12-31T00:00:00.000Z";

/** "since May" lasts until now, "before May" from the beginning of time. */
function openEnded(text: string, time: AskedTime, now: Date, toward: Toward): AskedTime {
  const ahead = text.slice(Math.max(0, time.index - 16), time.index);
  const cue = (limitInside.exec(time.text)?.[1] ?? limit.exec(ahead)?.[1])?.toLowerCase();
  const untilNow = (from: string) => (Date.parse(from) < now.getTime() ? now.toISOString() : latest);
  if (cue === undefined) return time;
  if (isOne(cue, since)) return { ...time, to: untilNow(time.from) };
  if (isOne(cue, after)) return { ...time, from: time.to, to: untilNow(time.to) };
  if (isOne(cue, before)) return { ...time, from: earliest, to: time.from };
  return { ...time, from: toward === "past" || Date.parse(time.to) <= now.getTime() ? earliest : now.toISOString() };
}

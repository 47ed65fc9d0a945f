import { keysOf, namesIn } from "../facts/names-of.ts";
import { isHandOrigin } from "../memory/hand-written.ts";
import { localOf } from "../model/wall-clock.ts";
import { decisionRulesOf } from "../persona/decision-rules.ts";
import { entriesIn } from "../persona/entries.ts";
import { goalsOf } from "../persona/goals.ts";
import { personaPath, sectionText } from "../persona/section-text.ts";
import { isWhen } from "../persona/times.ts";
import type { Database } from "../ports/database.ts";
import { openTasks } from "./gathered.ts";
import type { Preference } from "./preference.ts";

/** Where and when a decision is made: soft rules of the owner's may hold at some times, and with some people. */
interface Moment {
  /** What the decision is about, with its options. */
  about: string;
  now: number;
  timeZone: string;
  owner: string;
}

/**
 * What speaks for options and against them by the owner's own word: noted preferences, rules and values of the persona, and
 * the goals and tasks that are open.
 */
export function preferencesOf(db: Database, moment: Moment): Preference[] {
  const all = [...preferencesIn(db), ...rulesAt(db, moment), ...valuesOf(db), ...goalsIn(db), ...tasksIn(db)];
  return toldApart(all);
}

/** Two rules of the same words have one name: each counts, and is left out, by itself. */
function toldApart(all: readonly Preference[]): Preference[] {
  const seen = new Map<string, number>();
  return all.map((each) => {
    const times = (seen.get(each.id) ?? 0) + 1;
    seen.set(each.id, times);
    return times === 1 ? each : { ...each, id: `${each.id}-${times}` };
  });
}

/**
 * What the owner wrote down as a preference, by a command or by hand in the folder of preferences; nobody else's words count,
 * nor does a line by hand that was not reviewed.
 */
export function preferencesIn(db: Database): Preference[] {
  const sql =
    "SELECT record FROM memories WHERE kind = 'preference' AND by_hand = 0 ORDER BY at_ms DESC, id LIMIT 1000";
  const records = (db.prepare(sql).all() as { record: string }[]).map(({ record }) => JSON.parse(record));
  return (records as { id: string; content: string; origins: string[] }[])
    .filter(({ origins }) => origins.every((origin) => origin === "owner" || isHandOrigin(origin)))
    .map(({ id, content }) => ({ id, text: content }));
}

/** How much a hard rule counts where no skill is judged, and the policy has nothing to say. */
const hardWeight = 3;

/** A rule for a time counts at that time; one for somebody, where they are named by any of their names. */
function rulesAt(db: Database, { about, now, timeZone, owner }: Moment): Preference[] {
  const local = localOf(now, timeZone);
  const isNamed = namesIn(about);
  return decisionRulesOf(db)
    .filter(({ when }) => when === undefined || isWhen(when, local))
    .filter((rule) => rule.with === undefined || isNamed(keysOf(db, rule.with, owner)))
    .map(({ key, text, isHard, weight }) => ({ id: `rule:${key}`, text, weight: isHard ? hardWeight : weight }));
}

function valuesOf(db: Database): Preference[] {
  const entries = entriesIn(personaPath("values"), sectionText(db, "values"));
  return entries.map(({ key, text }) => ({ id: `value:${key}`, text }));
}

function goalsIn(db: Database): Preference[] {
  return goalsOf(db)
    .filter(({ status }) => status === "open")
    .map(({ key, title }) => ({ id: `goal:${key}`, text: title }));
}

/** One that somebody else had a part in says nothing in the owner's name. */
function tasksIn(db: Database): Preference[] {
  return openTasks(db)
    .filter(({ origins }) => origins.every((origin) => origin === "owner" || isHandOrigin(origin)))
    .map(({ id, title }) => ({ id: `task:${id}`, text: title }));
}

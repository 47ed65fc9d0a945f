import { keysOf, namesIn } from "../facts/names-of.ts";
import { isHandOrigin } from "../memory/hand-written.ts";
import { localOf } from "../model/wall-clock.ts";
import { decisionRulesOf } from "../persona/decision-rules.ts";
import { entriesIn } from "../persona/entries.ts";
import { personaPath, sectionText } from "../persona/section-text.ts";
import { isWhen } from "../persona/times.ts";
import type { Database } from "../ports/database.ts";
import type { Preference } from "./preference.ts";

/** Where and when a decision is made: soft rules of the owner's may hold at some times, and with some people. */
interface Moment {
  /** What the decision is about, with its options. */
  about: string;
  now: number;
  timeZone: string;
  owner: string;
}

/** What speaks for options and against them by the owner's own word: noted preferences, and rules and values of the persona. */
export function preferencesOf(db: Database, moment: Moment): Preference[] {
  return [...preferencesIn(db), ...rulesAt(db, moment), ...valuesOf(db)];
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

import type { Bearing } from "@mh/contract/persona-query.ts";
import { Fault } from "@mh/contract/values/fault.ts";
import type { MemoryRecord } from "@mh/contract/values/memory.ts";
import { preferencesIn } from "../decision/preferences.ts";
import { factsWith, factText } from "../facts/facts.ts";
import { withStanding } from "../facts/list.ts";
import { keysOf, namesIn, namesMeant } from "../facts/names-of.ts";
import { entityKey } from "../memory/project.ts";
import { wantedWords, wordsAlike } from "../memory/search/alike-words.ts";
import type { CheckMemory } from "../memory/skills/read.ts";
import { localDay, localOf } from "../model/wall-clock.ts";
import type { Database } from "../ports/database.ts";
import { decisionRulesOf } from "./decision-rules.ts";
import { entriesIn } from "./entries.ts";
import { goalsWithProgress } from "./goal-skills.ts";
import { type Routine, routinesIn } from "./routines.ts";
import { personaPath, sectionText } from "./section-text.ts";
import { isWhen } from "./times.ts";

export interface BearingDeps {
  config: () => { owner: string };
  timeZone: () => string;
  checkMemory: CheckMemory;
}

/** Something that may bear on a situation. */
export type Candidate = Omit<Bearing, "score" | "why"> & {
  /** What counts beside the words that it shares with the situation. */
  also?: { score: number; why: string } | undefined;
};

/** A name that the situation names counts as much as every word of it. */
const namedScore = 1;
const timeScore = 0.2;

/**
 * What of the owner's identity bears on a situation, what bears most first: it shares words with it, the rarer the better, or
 * names somebody whom it names by any of their names, or is a matter of this time of the day. Words only, no model.
 * `besides`: what else may bear on it.
 */
export function bearingOn(
  db: Database,
  situation: string,
  deps: BearingDeps,
  { now, limit, besides = [] }: { now: number; limit: number; besides?: readonly Candidate[] },
): Bearing[] {
  const people = peopleIn(db, situation, deps.config().owner);
  const candidates = [
    ...entriesOf(db, people),
    ...goalsIn(db),
    ...routinesAt(db, now, deps.timeZone()),
    ...rulesAt(db, people, now, deps.timeZone()),
    ...preferencesIn(db).map(({ id, text }): Candidate => ({ kind: "preference", text, source: `memory:${id}` })),
    ...people.flatMap((person) => factsOf(db, person, deps, now)),
    ...besides,
  ];
  return ranked(situation, candidates).slice(0, limit);
}

function ranked(situation: string, candidates: readonly Candidate[]): Bearing[] {
  const wanted = wantedWords(situation);
  const sharedBy = wordsAlike(wanted);
  const counts = new Map<string, number>();
  const hits = candidates.map(({ text }) => sharedBy(text));
  for (const word of hits.flat()) counts.set(word, (counts.get(word) ?? 0) + 1);
  const worth = (word: string) => Math.log(1 + candidates.length / (counts.get(word) ?? 1));
  const all = wanted.filter((word) => counts.has(word)).reduce((sum, word) => sum + worth(word), 0);
  return candidates
    .map(({ also, ...candidate }, n): Bearing => {
      const own = hits[n] ?? [];
      const score = all === 0 ? 0 : own.reduce((sum, word) => sum + worth(word), 0) / all;
      const why = [own.length > 0 && `speaks of ${own.join(", ")}`, also?.why].filter(Boolean).join("; ");
      return { ...candidate, score: score + (also?.score ?? 0), why };
    })
    .filter(({ score }) => score > 0)
    .sort((a, b) => b.score - a.score || (a.source < b.source ? -1 : 1));
}

interface Person {
  name: string;
  keys: readonly string[];
}

const nameWordsMax = 4;

/** So many people of one name are all meant; of more nobody knows who. */
const namesakesMax = 3;

/** Whom a text names, of those that memories and facts know, by any of their names, or by a whole part of one. */
function peopleIn(db: Database, text: string, owner: string): Person[] {
  const words = text.match(/[\p{L}\p{N}][\p{L}\p{N}\p{M}.'’&@-]*/gu) ?? [];
  const runs = words.flatMap((_, from) =>
    Array.from({ length: Math.min(nameWordsMax, words.length - from) }, (_, n) => ({ from, length: n + 1 })),
  );
  const isKnown = db.prepare(
    `SELECT 1 FROM entities WHERE key = :key AND kind = 'person'
     UNION ALL SELECT 1 FROM facts WHERE object_key = :key AND predicate IN ('nickname', 'also-known-as') AND status <> 'revoked' LIMIT 1`,
  );
  const found = new Map<string, Person>();
  const add = (name: string) => {
    const keys = keysOf(db, name, owner);
    const known = [...found.values()].some((each) => each.keys.includes(keys[0] ?? ""));
    if (!known) found.set(name, { name, keys });
  };
  const isNamed = (run: string) => /^\p{Lu}/u.test(run);
  // A dot at its end is the sentence's, or the name's own.
  const forms = (run: string) => [run, run.replace(/['’]s$|[.]$/, "")];
  const taken = new Set<number>();
  for (const { from, length } of runs) {
    const run = words.slice(from, from + length).join(" ");
    const name = isNamed(run) && forms(run).find((each) => isKnown.get({ key: entityKey(each) }));
    if (!name) continue;
    add(name);
    for (let n = from; n < from + length; n += 1) taken.add(n);
  }
  for (const [n, word] of words.entries()) {
    const [part = word] = forms(word).slice(-1);
    if (taken.has(n) || !isNamed(word) || part.length < 2) continue;
    const meant = namesMeant(db, part, owner).filter((each) => each !== part);
    if (meant.length <= namesakesMax) for (const each of meant) add(each);
  }
  return [...found.values()];
}

const isNamedIn = (text: string, people: readonly Person[]): Person | undefined => {
  const isNamed = namesIn(text);
  return people.find(({ keys }) => isNamed(keys));
};

const naming = (text: string, people: readonly Person[]): Candidate["also"] => {
  const person = isNamedIn(text, people);
  return person && { score: namedScore, why: `names ${person.name}` };
};

const kinds = { persona: "persona", values: "value", relationships: "relationship" } as const;

function entriesOf(db: Database, people: readonly Person[]): Candidate[] {
  return (["persona", "values", "relationships"] as const).flatMap((section) => {
    const path = personaPath(section);
    return entriesIn(path, sectionText(db, section)).map(({ text, line }) => ({
      ...{ kind: kinds[section], text, source: `${path}:${line}` },
      also: naming(text, people),
    }));
  });
}

function goalsIn(db: Database): Candidate[] {
  return goalsWithProgress(db)
    .filter(({ status }) => status === "open")
    .map(({ title, horizon, due, progress, line }) => {
      const more = [horizon, due && `by ${due}`, progress !== null && `${Math.round(progress * 100)} % done`];
      return {
        kind: "goal",
        text: `${title} (${more.filter(Boolean).join(", ")})`,
        source: `persona/goals.md:${line}`,
      };
    });
}

function routinesAt(db: Database, now: number, timeZone: string): Candidate[] {
  const path = personaPath("routines");
  const local = localOf(now, timeZone);
  const own = routinesIn(path, sectionText(db, "routines"));
  const told = own.map((routine) => ({ routine, source: `${path}:${routine.line}` }));
  return [...told, ...confirmedRoutines(db)].map(({ routine: { text, when, energy }, source }) => ({
    kind: "routine",
    text: [text, when?.text, energy && `energy ${energy}`].filter(Boolean).join(", "),
    source,
    also: when && isWhen(when, local) ? { score: timeScore, why: "it is the time for it" } : undefined,
  }));
}

/** What was proposed as a routine and the owner accepted; nobody else's notes are any. */
function confirmedRoutines(db: Database): { routine: Pick<Routine, "text" | "when" | "energy">; source: string }[] {
  const sql = `SELECT m.record FROM memories m WHERE m.kind = 'procedural' AND m.by_hand = 0 AND m.archived = 0
    AND EXISTS (SELECT 1 FROM json_each(m.record, '$.tags') WHERE value = 'routine') ORDER BY m.at_ms DESC, m.id LIMIT 200`;
  const records = (db.prepare(sql).all() as { record: string }[]).map(
    ({ record }) => JSON.parse(record) as MemoryRecord,
  );
  return records
    .filter(({ origins }) => origins.includes("owner"))
    .map(({ id, content }) => ({ routine: routineOf(content), source: `memory:${id}` }));
}

/** Its last line may say when, as in the persona; what cannot be read as that is text like any other. */
function routineOf(content: string): Pick<Routine, "text" | "when" | "energy"> {
  const lines = content.split("\n").filter((line) => line.trim() !== "");
  try {
    const [routine] = routinesIn("", `- ${lines.at(-1) ?? ""}`);
    if (routine) return routine;
  } catch (error) {
    if (!(error instanceof Fault)) throw error;
  }
  return { text: lines.join(" "), when: undefined, energy: undefined };
}

/** A rule for another time or for somebody who is not named does not bear on it. */
function rulesAt(db: Database, people: readonly Person[], now: number, timeZone: string): Candidate[] {
  const local = localOf(now, timeZone);
  return decisionRulesOf(db)
    .filter(({ when }) => when === undefined || isWhen(when, local))
    .flatMap((rule) => {
      const person = rule.with === undefined ? undefined : isNamedIn(rule.with, people);
      if (rule.with !== undefined && !person) return [];
      const also = person ? { score: namedScore, why: `it is for ${person.name}` } : naming(rule.text, people);
      return [{ kind: "rule" as const, text: rule.text, source: `persona/decision-rules.md:${rule.line}`, also }];
    });
}

function factsOf(
  db: Database,
  { name, keys }: Person,
  { timeZone, checkMemory }: BearingDeps,
  now: number,
): Candidate[] {
  const facts = factsWith(db, keys);
  for (const each of facts) checkMemory(db, each);
  return withStanding(db, facts, localDay(now, timeZone()))
    .filter(({ standing }) => standing === "now")
    .map(({ id, fact }) => ({
      ...{ kind: "person", text: factText(fact), source: `memory:${id}` },
      also: { score: namedScore / 2, why: `says something of ${name}` },
    }));
}

import type { InputOf } from "@mh/contract/contract.ts";
import { type FactStanding, factList, type StandingFact } from "@mh/contract/facts.ts";
import { Fault } from "@mh/contract/values/fault.ts";
import { defineQuery } from "../kernel/skill.ts";
import { entityKey } from "../memory/project.ts";
import type { CheckMemory } from "../memory/skills/read.ts";
import type { Config } from "../model/config.ts";
import { localDay } from "../model/wall-clock.ts";
import type { Database } from "../ports/database.ts";
import { contradictionsIn, factsAbout, factsOnRecord, factsWith, latestFacts } from "./facts.ts";
import { keysOf } from "./names-of.ts";
import { knownFrom, type StatedRecord, standingOf } from "./standing.ts";

export interface FactListDeps {
  config: () => Pick<Config, "owner">;
  timeZone: () => string;
  check: CheckMemory;
}

/** Facts with how they stand on a day, by what is on record or was at a time. */
export function listFactsSkill(deps: FactListDeps) {
  return defineQuery(factList, {
    run(args, { db, now }) {
      const { about, predicate, on, recordedBy, contradicted, limit } = args;
      if (recordedBy !== undefined && about === undefined)
        throw new Fault(
          "args.invalid",
          "What was on record at a time is asked of somebody or something: tell `about`.",
        );
      const by = recordedBy === undefined ? undefined : Date.parse(recordedBy);
      const day = on ?? localDay(by ?? now, deps.timeZone());
      const found = recordsFor(db, deps, { ...args, limit: limit + 1 }, by).filter(
        ({ fact }) => predicate === undefined || fact.predicate === predicate,
      );
      for (const each of found) deps.check(db, each);
      const all = withStanding(db, found, day, by).filter(({ against }) => !contradicted || against.length > 0);
      return { facts: inOrder(all).slice(0, limit), more: all.length > limit };
    },
  });
}

function recordsFor(
  db: Database,
  { config }: FactListDeps,
  { about, contradicted, limit }: InputOf<typeof factList> & { limit: number },
  recordedMs: number | undefined,
): StatedRecord[] {
  if (about !== undefined) {
    const keys = keysOf(db, about, config().owner);
    return recordedMs === undefined ? factsWith(db, keys, true) : factsOnRecord(db, keys, recordedMs);
  }
  if (!contradicted) return latestFacts(db, limit);
  return [...new Map(contradictionsIn(db).flatMap((pair) => pair.map((each) => [each.id, each]))).values()];
}

/** Each with how it stands among the others that say the same of the same; these are looked up once. */
export function withStanding(
  db: Database,
  records: readonly StatedRecord[],
  day: string,
  recordedMs?: number,
): StandingFact[] {
  const groups = new Map<string, StatedRecord[]>();
  return records.map((record) => {
    const { subject, predicate } = record.fact;
    const key = `${predicate} ${entityKey(subject)}`;
    const group = groups.get(key) ?? others(db, subject, predicate, recordedMs);
    groups.set(key, group);
    const { standing, until, against } = standingOf(record, group, day);
    const { id, at, datedBy, recordedAt, origins, fact } = record;
    return {
      id,
      at,
      ...(datedBy && { datedBy }),
      recordedAt,
      origins,
      fact,
      standing,
      until,
      against: against.map(brief),
    };
  });
}

function others(db: Database, subject: string, predicate: string, recordedMs: number | undefined): StatedRecord[] {
  if (recordedMs === undefined) return factsAbout(db, subject, predicate);
  return factsOnRecord(db, [entityKey(subject)], recordedMs).filter(({ fact }) => fact.predicate === predicate);
}

/** A fact as it stands beside another one. */
export const brief = ({ id, at, fact: { object, validFrom } }: StatedRecord) => {
  return { id, object, told: at.slice(0, 10), ...(validFrom && { since: validFrom }) };
};

const order: readonly FactStanding[] = ["now", "later", "before", "revoked"];

/** What holds first; of one standing those of one predicate together, the latest to begin first. */
export function inOrder(facts: readonly StandingFact[]): StandingFact[] {
  const text = (a: string, b: string) => (a < b ? -1 : a > b ? 1 : 0);
  return [...facts].sort(
    (a, b) =>
      order.indexOf(a.standing) - order.indexOf(b.standing) ||
      text(entityKey(a.fact.subject), entityKey(b.fact.subject)) ||
      text(a.fact.predicate, b.fact.predicate) ||
      text(knownFrom(b), knownFrom(a)) ||
      text(b.id, a.id),
  );
}

import type { OutputOf } from "@mh/contract/contract.ts";
import { factSpot } from "@mh/contract/facts.ts";
import type { MemoryRecord } from "@mh/contract/values/memory.ts";
import { defineQuery } from "../kernel/skill.ts";
import { monthOf } from "../memory/import/month-names.ts";
import { entityKey } from "../memory/project.ts";
import { isDayOfMonth } from "../model/wall-clock.ts";
import type { Database } from "../ports/database.ts";
import { factsAbout } from "./facts.ts";
import type { FactListDeps } from "./list.ts";
import { nameKept } from "./names-of.ts";
import { type Statement, statementsIn } from "./statements/statements.ts";

type Spotted = OutputOf<typeof factSpot>["statements"][number];

/**
 * What the owner's own words state, sentence by sentence. Mail, imports, what others said and what agents wrote is read by
 * nobody here.
 */
export function spotFactsSkill({ config, check }: FactListDeps) {
  return defineQuery(factSpot, {
    run({ from, to, limit }, { db }) {
      const sql = `SELECT record FROM memories WHERE kind = 'episodic' AND at_ms >= ? AND at_ms < ? AND speaker IS NULL
        AND archived = 0 ORDER BY at_ms DESC, id DESC LIMIT ?`;
      const rows = db.prepare(sql).all(Date.parse(from), Date.parse(to), limit) as { record: string }[];
      const own = rows.map(({ record }) => JSON.parse(record) as MemoryRecord).filter(isOwnWords);
      for (const each of own) check(db, each);
      return { statements: own.reverse().flatMap((record) => spottedIn(db, record, config().owner)) };
    },
  });
}

/** Whether the owner said it, and nobody else had a part in it. */
export const isOwnWords = ({ origins, speaker }: MemoryRecord): boolean =>
  speaker === undefined && origins.length > 0 && origins.every((origin) => origin === "owner");

function spottedIn(db: Database, { id, at, content }: MemoryRecord, owner: string): Spotted[] {
  return statementsIn(content).map((statement) => {
    const { predicate, holds, isOwn, quote } = statement;
    const subject = nameKept(statement.subject, owner);
    const object = nameKept(statement.object, owner);
    const known = factsAbout(db, subject, predicate).find(
      (other) => entityKey(other.fact.object) === entityKey(object),
    );
    const validFrom = beginningOf(statement);
    const said = { subject, predicate, object, holds, isOwn, ...(validFrom !== undefined && { validFrom }) };
    return { ...said, quote, memory: id, at, fact: known?.id ?? null };
  });
}

/** "2019" is its first day, "March 2024" as well, "4 May 2024" that one. */
function beginningOf({ since }: Statement): string | undefined {
  const [, day = "1", month, year = ""] = /^(?:(\d{1,2})\.? )?(?:(\p{L}+) )?(\d{4})$/u.exec(since ?? "") ?? [];
  const number = month === undefined ? 1 : monthOf(month);
  if (year === "" || number === undefined) return undefined;
  const told = [Number(year), number - 1, Number(day)] as const;
  return isDayOfMonth(...told) ? new Date(Date.UTC(...told)).toISOString().slice(0, 10) : undefined;
}

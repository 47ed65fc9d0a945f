import type { MemoryRecord } from "@mh/contract/values/memory.ts";
import type { Transaction } from "../journal/transaction.ts";
import type { Database } from "../ports/database.ts";
import { draftOf, type MemoryDeps, retract, store } from "./store.ts";

/** Memories that say the same words by the same speaker at the same time, from several sources. */
export interface Merge {
  keep: MemoryRecord;
  others: MemoryRecord[];
}

/** What could be merged, oldest first. Reads only. */
export function proposedMerges(db: Database, limit: number): Merge[] {
  const groups = db
    .prepare(
      `SELECT group_concat(id) AS ids FROM memories WHERE kind = 'episodic'
       GROUP BY text_key, at_ms HAVING count(*) > 1 ORDER BY min(id) LIMIT ?`,
    )
    .all(limit) as { ids: string }[];
  const read = db.prepare("SELECT record FROM memories WHERE id = ?");
  return groups.map(({ ids }) => {
    const records = ids
      .split(",")
      .sort()
      .map((id) => JSON.parse((read.get(id) as { record: string }).record) as MemoryRecord);
    const [keep, ...others] = records as [MemoryRecord, ...MemoryRecord[]];
    return { keep, others };
  });
}

/** Merges into the oldest: it takes in counts, tags, names and links; the others are retracted, and say into what. */
export function merge(tx: Transaction, deps: MemoryDeps, commandId: string, { keep, others }: Merge): void {
  const all = [keep, ...others];
  const { id } = keep;
  const entities = new Map(all.flatMap((each) => each.entities).map((each) => [each.name.toLowerCase(), each]));
  const total = all.reduce((sum, each) => sum + each.count, 0);
  const links = [...all.flatMap((each) => each.links), ...others.map((each) => ({ type: "merged", to: each.id }))];
  const union = {
    ...draftOf(keep),
    tags: [...new Set(all.flatMap((each) => each.tags))],
    entities: [...entities.values()],
    origins: [...new Set(all.flatMap((each) => each.origins))],
    // What one of them still tells is told on.
    archived: all.every((each) => each.archived !== undefined) ? keep.archived : undefined,
    links: links.filter(({ to }, n) => to !== id && links.findIndex((link) => link.to === to) === n),
  };
  store(tx, deps, commandId, union, { ...keep, count: total });
  for (const { id: other, kind, rev: last, source, externalId } of others) {
    const from = externalId === undefined ? {} : { source, externalId };
    retract(tx, deps, commandId, { id: other, kind, rev: last }, { why: "merged", into: id, ...from });
  }
}

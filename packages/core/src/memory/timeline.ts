import type { Database } from "../ports/database.ts";

/** A memory at a time: when it was told, or when what it tells of happens. Ordered by `ms`, then `id`, then `happens`. */
export interface Point {
  ms: number;
  id: string;
  happens: 0 | 1;
}

interface Stretch {
  from: number;
  /** Before this. */
  to: number;
  /** A key of an entity. */
  about?: string;
}

interface Wanted {
  kinds: readonly string[];
  limit: number;
  forward: boolean;
  after: Point | undefined;
}

export function pointOf(text: string | undefined): Point | undefined {
  const [ms, id, happens] = text?.split(" ") ?? [];
  return id === undefined ? undefined : { ms: Number(ms), id, happens: happens === "1" ? 1 : 0 };
}

/** One more than are wanted, where there are more. Each way is read from its place in an index, and they are merged. */
export function pointsAlong(db: Database, stretch: Stretch, { kinds, limit, forward, after }: Wanted): Point[] {
  // What stands level with the cursor is read again, and left out below.
  const edge = after && { ...(forward ? { from: after.ms } : { to: after.ms + 1 }), ms: after.ms, id: after.id };
  const args = { ...stretch, ...edge, limit: limit + 2 };
  const way = { forward, isAfter: after !== undefined, isAbout: stretch.about !== undefined };
  const found = [...new Set(kinds)].flatMap((kind) =>
    ([0, 1] as const).flatMap((happens) => {
      const rows = db.prepare(pointsSql(happens, way)).all({ ...args, kind }) as { ms: number; id: string }[];
      return rows.map((row) => ({ ...row, happens }));
    }),
  );
  return found
    .sort((a, b) => along(a, b, forward))
    .filter((point) => !after || along(point, after, forward) > 0)
    .slice(0, limit + 1);
}

function along(a: Point, b: Point, forward: boolean): number {
  const byId = a.id < b.id ? -1 : a.id > b.id ? 1 : 0;
  return (forward ? 1 : -1) * (a.ms - b.ms || byId) || a.happens - b.happens;
}

export function pointsSql(happens: 0 | 1, { forward, isAfter, isAbout }: Record<string, boolean>): string {
  const [order, beyond] = forward ? ["ASC", ">="] : ["DESC", "<="];
  const ms = happens ? "e.from_ms" : "m.at_ms";
  const from = happens ? "event_times e CROSS JOIN memories m ON m.rowid = e.memory" : "memories m";
  const where = [
    `${ms} >= :from AND ${ms} < :to AND m.kind = :kind AND m.archived = 0`,
    ...(isAfter ? [`(${ms}, m.id) ${beyond} (:ms, :id)`] : []),
    ...(isAbout ? ["m.rowid IN (SELECT memory FROM entities WHERE key = :about)"] : []),
  ];
  return `SELECT ${ms} AS ms, m.id FROM ${from} WHERE ${where.join(" AND ")} ORDER BY ms ${order}, m.id ${order} LIMIT :limit`;
}

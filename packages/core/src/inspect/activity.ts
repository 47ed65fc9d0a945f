import { logActivity, trustEvidence, trustHistory } from "@mh/contract/activity.ts";
import type { OutputOf } from "@mh/contract/contract.ts";
import { type TrustLevel, trustLevels } from "@mh/contract/values/effect.ts";
import { initialTrust, type Principal } from "@mh/contract/values/principal.ts";
import { defineQuery } from "../kernel/skill.ts";
import { everyoneKnown, trustOf } from "../kernel/state.ts";
import { localDay } from "../model/wall-clock.ts";
import { moreAt } from "../policy/trust-table.ts";
import type { Database } from "../ports/database.ts";
import { type Counted, counted, hourMs } from "./activity-table.ts";
import { earned, neededFor } from "./earned.ts";

const slotsMax = 5000;
const dayMs = 24 * hourMs;
/** Over so many days the owner's judgements are taken together: one refusal in a quiet week is no trend. */
const driftDays = 14;

type Deps = { timeZone: () => string };
type Evidence = OutputOf<typeof trustEvidence>["all"][number];
type Day = OutputOf<typeof trustHistory>["days"][number];
type Counts = Record<Counted, number>;

/** What happened, by the hour or the day. */
export function activitySkill({ timeZone }: Deps) {
  return defineQuery(logActivity, {
    run({ since, until, step, principal }, { db, now }) {
      const to = until === undefined ? now + 1 : Date.parse(until);
      const zone = timeZone();
      const nameOf = (hour: number) =>
        step === "day" ? localDay(hour * hourMs, zone) : new Date(hour * hourMs).toISOString();
      const slots = [...countsBy(db, { from: Date.parse(since), to, principal }, nameOf)];
      return {
        slots: slots
          .slice(-slotsMax)
          .map(([at, { done, asked, denied, failed }]) => ({ at, done, asked, denied, failed })),
      };
    },
  });
}

/** The level of a principal day by day, and how far the owner's answers went against it. */
export function trustHistorySkill({ timeZone }: Deps) {
  return defineQuery(trustHistory, {
    run({ principal, days: count }, { db, now }) {
      const zone = timeZone();
      const names = lastDays(count + driftDays - 1, now, zone);
      const from = now - (count + driftDays) * dayMs;
      const counts = countsBy(db, { from, to: now + 1, principal }, (hour) => localDay(hour * hourMs, zone));
      const each = names.map((day) => counts.get(day) ?? none());
      const changes = changesOf(db, principal, zone);
      const days = names.slice(-count).map((day, n): Day => {
        const upTo = n + each.length - count;
        const level = levelAt(principal, changes, day);
        return {
          day,
          level,
          ...(each[upTo] as Counts),
          drift: driftOf(each.slice(Math.max(0, upTo - driftDays + 1), upTo + 1)),
        };
      });
      const shown = changes.map(({ ms, level, fellBy }) => ({ at: new Date(ms).toISOString(), level, fellBy }));
      return { principal, level: trustOf(db, principal), drift: days.at(-1)?.drift ?? null, changes: shown, days };
    },
  });
}

/** How far each has earned its trust by what the owner said to its work since its level was last set. */
export function trustEvidenceSkill({ timeZone, declared }: Deps & { declared: ReadonlyMap<Principal, unknown> }) {
  return defineQuery(trustEvidence, {
    run({ principal }, { db, now }) {
      const names = principal ? [principal] : everyoneKnown(db, declared.keys());
      return { all: names.map((name) => evidenceOf(db, name, now, timeZone())) };
    },
  });
}

const violationDays = 90;

function evidenceOf(db: Database, principal: Principal, now: number, zone: string): Evidence {
  const level = trustOf(db, principal);
  const last = changesOf(db, principal, zone).at(-1);
  const byDay = (from: number) => [
    ...countsBy(db, { from, to: now + 1, principal }, (hour) => localDay(hour * hourMs, zone)).values(),
  ];
  // What was judged before its level was set has been answered by that; hours are counted whole.
  const since = byDay(last ? last.ms + hourMs : 0);
  const of = (days: readonly Counts[]) => (what: Counted) => days.reduce((total, day) => total + day[what], 0);
  const sum = of(since);
  const judged = {
    ...(Object.fromEntries(counted.map((what) => [what, sum(what)])) as Counts),
    violated: of(byDay(now - violationDays * dayMs))("violated"),
    days: since.filter(isJudged).length,
    drift: driftOf(byDay(now - driftDays * dayMs)),
  };
  const { score, proposed } = earned(level, initialTrust(principal), judged);
  const { done, approved, refused, undone, agreed, differed, violated, days, drift } = judged;
  const next = trustLevels[trustLevels.indexOf(level) + 1];
  return {
    ...{ principal, level, since: last ? new Date(last.ms).toISOString() : null, fellBy: last?.fellBy ?? null },
    ...{ days, done, approved, refused, undone, agreed, differed, violated, drift, score },
    needed: (next && neededFor[next]) ?? null,
    proposed,
    lets: proposed && proposed === next ? moreAt(proposed, level) : [],
  };
}

const isJudged = ({ approved, refused, undone, agreed, differed }: Counts): boolean =>
  approved + refused + undone + agreed + differed > 0;

/** From 0, all as it would have it, to 1, all otherwise. A request that nobody answered is no judgement. */
function driftOf(days: readonly Counts[]): number | null {
  const sum = (what: Counted) => days.reduce((total, day) => total + day[what], 0);
  const against = sum("refused") + sum("undone") + sum("differed");
  const judged = against + sum("approved") + sum("agreed");
  return judged === 0 ? null : against / judged;
}

const none = (): Counts => Object.fromEntries(counted.map((what) => [what, 0])) as Counts;

/** Counts of slots in order, each named by its first hour. */
function countsBy(
  db: Database,
  { from, to, principal }: { from: number; to: number; principal?: Principal | undefined },
  nameOf: (hour: number) => string,
): Map<string, Counts> {
  const sql = `SELECT hour, what, sum(times) AS times FROM activity
    WHERE hour >= :from AND hour < :to AND (:principal IS NULL OR principal = :principal)
    GROUP BY hour, what ORDER BY hour`;
  const range = { from: Math.floor(from / hourMs), to: Math.ceil(to / hourMs), principal: principal ?? null };
  const rows = db.prepare(sql).all(range) as { hour: number; what: Counted; times: number }[];
  const slots = new Map<string, Counts>();
  for (const [hour, counts] of Map.groupBy(rows, ({ hour }) => hour)) {
    const name = nameOf(hour);
    const slot = slots.get(name) ?? none();
    for (const { what, times } of counts) slot[what] += times;
    slots.set(name, slot);
  }
  return slots;
}

/** Names of the last days in the owner's zone, today last. Some days have 23 hours, so that noon is what is stepped by. */
function lastDays(count: number, now: number, zone: string): string[] {
  const noon = Date.parse(`${localDay(now, zone)}T12:00:00Z`);
  return Array.from({ length: count }, (_, n) => new Date(noon - (count - 1 - n) * dayMs).toISOString().slice(0, 10));
}

type Change = { ms: number; day: string; level: TrustLevel; fellBy: string | null };

function changesOf(db: Database, principal: Principal, zone: string): Change[] {
  const sql = "SELECT ms, level, fell_by AS fellBy FROM trust_changes WHERE principal = ? ORDER BY number";
  const rows = db.prepare(sql).all(principal) as Omit<Change, "day">[];
  return rows.map((row) => ({ ...row, day: localDay(row.ms, zone) }));
}

const levelAt = (principal: Principal, changes: readonly Change[], day: string): TrustLevel =>
  changes.findLast((change) => change.day <= day)?.level ?? initialTrust(principal);

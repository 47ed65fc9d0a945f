import { type Effect, isReading } from "@mh/contract/values/effect.ts";
import type { Principal } from "@mh/contract/values/principal.ts";
import type { Entry } from "@mh/contract/values/record.ts";
import { answerBodySchema, decisionBodySchema, expectedOf } from "../decision/decisions-table.ts";
import type { TableSet } from "../kernel/tables.ts";
import { answerable, isViolation } from "../policy/violation.ts";
import type { Database } from "../ports/database.ts";

export const hourMs = 3_600_000;

/** What is counted of each principal. */
export const counted = [
  "done",
  "failed",
  "denied",
  "asked",
  "approved",
  "refused",
  "expired",
  "undone",
  "agreed",
  "differed",
  "violated",
] as const;
export type Counted = (typeof counted)[number];

/** `activity_open` is what has no end yet: a command that does more than read, a request, a decision left to the owner. */
const schema = `
CREATE TABLE activity (
  principal TEXT NOT NULL, hour INTEGER NOT NULL, what TEXT NOT NULL, times INTEGER NOT NULL,
  PRIMARY KEY (principal, hour, what)
) WITHOUT ROWID;
CREATE INDEX activity_hour ON activity (hour);
CREATE TABLE activity_open (
  id TEXT NOT NULL, what TEXT NOT NULL, principal TEXT NOT NULL, best INTEGER, PRIMARY KEY (id, what)
) WITHOUT ROWID;
CREATE TABLE trust_changes (number INTEGER PRIMARY KEY, ms INTEGER NOT NULL, principal TEXT NOT NULL, level TEXT NOT NULL, fell_by TEXT);
CREATE INDEX trust_changes_principal ON trust_changes (principal);
`;

/** What was done, hour by hour, folded from the journal: pictures over time read hours, and not the log. */
export const activityTables: TableSet = {
  name: "activity",
  version: 3,
  schema,
  gives: { activity: "nothing", activity_open: "nothing", trust_changes: "nothing" },
  folds: {
    intent: (db, { id, principal, request }) => {
      if (changesMore(request)) open(db, id, "act", principal);
    },
    outcome: foldOutcome,
    deny(db, { principal, request = [], rules = [] }, now) {
      add(db, principal, "denied", now);
      if (isViolation(rules)) for (const each of answerable(request)) add(db, each, "violated", now);
    },
    ask(db, { id, ref, principal }, now) {
      // One that was asked before waits for the same answer.
      if (ref !== undefined && ref !== id) return;
      open(db, id, "ask", principal);
      add(db, principal, "asked", now);
    },
    approve: (db, entry, now) => foldAnswer(db, entry, "approved", now),
    refuse: (db, entry, now) => foldAnswer(db, entry, "refused", now),
    expire: (db, entry, now) => foldAnswer(db, entry, "expired", now),
    decide: foldDecision,
    trust(db, { id, body }, now) {
      const { principal, level, why } = body as { principal: string; level: string; why?: string };
      const sql = "INSERT INTO trust_changes (ms, principal, level, fell_by) VALUES (?, ?, ?, ?)";
      db.prepare(sql).run(now, principal, level, why === "violation" ? id : null);
    },
  },
};

function foldOutcome(db: Database, { id, principal, request, outcome }: Entry, now: number): void {
  const isDone = outcome?.status === "done";
  const begun = close(db, id, "act");
  // One that failed before it was begun has no intent, and says itself what it was to do.
  if (!begun && !changesMore(request)) return;
  add(db, principal, isDone ? "done" : "failed", now);
  if (isDone) for (const whose of takenBackBy(db, id)) add(db, whose, "undone", now);
}

/** Whose commands an undo took back, once for each. */
function takenBackBy(db: Database, id: string): Principal[] {
  const sql = `SELECT c.principal FROM changes u, json_each(u.undoes) JOIN changes c ON c.cmd = json_each.value
    WHERE u.cmd = ? AND u.kind = 'undo'`;
  return (db.prepare(sql).all(id) as { principal: Principal }[]).map(({ principal }) => principal);
}

function foldAnswer(db: Database, { ref }: Entry, what: Counted, now: number): void {
  const asked = close(db, ref ?? "", "ask");
  if (asked) add(db, asked.principal, what, now);
}

/**
 * A decision that was left to the owner is judged by their answer: it was what it rated best, or was not. Where it could have
 * done nothing, going along with it says nothing of what it may do.
 */
function foldDecision(db: Database, { id, ref, principal, body }: Entry, now: number): void {
  const answer = answerBodySchema().safeParse(body);
  if (answer.success) {
    const left = close(db, ref ?? "", "decide");
    const advised = close(db, ref ?? "", "advise");
    if (left) add(db, left.principal, left.best === answer.data.answer ? "agreed" : "differed", now);
    if (advised && advised.best !== answer.data.answer) add(db, advised.principal, "differed", now);
    return;
  }
  const decision = decisionBodySchema().safeParse(body);
  if (!decision.success || decision.data.outcome !== "escalate") return;
  const { options } = decision.data;
  const expected = expectedOf(options);
  if (expected === undefined) return;
  // What nobody can do earns nothing, whatever else could be chosen.
  const what = (options[expected]?.verdict ?? null) === null ? "advise" : "decide";
  open(db, id, what, principal, expected);
}

const changesMore = (request: readonly { effect: Effect }[] | undefined): boolean =>
  request?.[0] !== undefined && !isReading(request[0].effect);

function open(db: Database, id: string, what: string, principal: Principal, best: number | null = null): void {
  db.prepare("INSERT OR REPLACE INTO activity_open VALUES (?, ?, ?, ?)").run(id, what, principal, best);
}

function close(db: Database, id: string, what: string): { principal: Principal; best: number | null } | undefined {
  const sql = "DELETE FROM activity_open WHERE id = ? AND what = ? RETURNING principal, best";
  return db.prepare(sql).get(id, what) as { principal: Principal; best: number | null } | undefined;
}

function add(db: Database, principal: Principal, what: Counted, now: number): void {
  const sql = `INSERT INTO activity VALUES (?, ?, ?, 1)
    ON CONFLICT (principal, hour, what) DO UPDATE SET times = times + 1`;
  db.prepare(sql).run(principal, Math.floor(now / hourMs), what);
}

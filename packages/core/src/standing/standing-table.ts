import { once } from "@mh/contract/once.ts";
import type { Entry } from "@mh/contract/values/record.ts";
import { z } from "zod";
import type { TableSet } from "../kernel/tables.ts";
import type { Database } from "../ports/database.ts";

const schema = `
CREATE TABLE standing_matches (
  standing TEXT NOT NULL, key TEXT NOT NULL, ms INTEGER NOT NULL, look TEXT NOT NULL, type TEXT NOT NULL, subject TEXT,
  PRIMARY KEY (standing, key)
) WITHOUT ROWID;
CREATE INDEX standing_matches_ms ON standing_matches (ms);
CREATE TABLE standing_looked (one INTEGER PRIMARY KEY CHECK (one = 1), seq INTEGER NOT NULL, ms INTEGER NOT NULL);
CREATE TABLE standing_mail (
  account TEXT PRIMARY KEY, uid_validity TEXT NOT NULL, uid INTEGER NOT NULL, more INTEGER NOT NULL
) WITHOUT ROWID;
CREATE TABLE standing_resumed (standing TEXT PRIMARY KEY, ms INTEGER NOT NULL) WITHOUT ROWID;
`;

const matchSchema = z.object({
  standing: z.string(),
  /** Names what came: it matches once. */
  key: z.string(),
  type: z.enum(["mail", "memory", "event", "task", "time", "times"]),
  subject: z.string().nullable(),
});
export type Matched = z.infer<typeof matchSchema>;

const mailReadSchema = z.object({
  account: z.string(),
  uidValidity: z.string(),
  /** The highest number that was looked at. */
  uid: z.number().int(),
  /** There were more than one look takes. */
  more: z.boolean(),
});
export type MailRead = z.infer<typeof mailReadSchema>;

/** What the record of a look says, or that of a resumed one. No word of anybody's stands in it. */
const matchedBodySchema = once(() =>
  z.discriminatedUnion("what", [
    z.object({
      what: z.literal("matches"),
      until: z.number().int(),
      mail: z.array(mailReadSchema).default([]),
      matches: z.array(matchSchema),
    }),
    z.object({ what: z.literal("resumed"), standing: z.string() }),
  ]),
);

export interface MatchRow extends Matched {
  ms: number;
  /** The command that matched it, with whatever else it matched. */
  look: string;
}

/** What matched, and up to where was looked. */
export const standingTables: TableSet = {
  name: "standing",
  version: 2,
  schema,
  gives: {
    standing_matches: "nothing",
    standing_looked: "nothing",
    standing_mail: "nothing",
    standing_resumed: "nothing",
  },
  folds: { matched: foldMatched },
};

function foldMatched(db: Database, entry: Entry, now: number): void {
  const body = matchedBodySchema().parse(entry.body);
  if (body.what === "resumed") {
    db.prepare("INSERT OR REPLACE INTO standing_resumed VALUES (?, ?)").run(body.standing, now);
    return;
  }
  const { until, mail, matches } = body;
  const sql = "INSERT OR IGNORE INTO standing_matches VALUES (?, ?, ?, ?, ?, ?)";
  for (const { standing, key, type, subject } of matches)
    db.prepare(sql).run(standing, key, now, entry.id, type, subject);
  for (const { account, uidValidity, uid, more } of mail)
    db.prepare("INSERT OR REPLACE INTO standing_mail VALUES (?, ?, ?, ?)").run(account, uidValidity, uid, Number(more));
  db.prepare("INSERT OR REPLACE INTO standing_looked VALUES (1, ?, ?)").run(until, now);
}

export interface Looked {
  /** Number of the first record that was not looked at. */
  seq: number;
  ms: number;
}

/** Undefined where nobody ever looked. */
export const lookedUpTo = (db: Database): Looked | undefined =>
  db.prepare("SELECT seq, ms FROM standing_looked").get() as Looked | undefined;

/** Up to where a mailbox was looked at; undefined where nobody did. */
export function mailReadOf(db: Database, account: string): MailRead | undefined {
  const sql = 'SELECT account, uid_validity AS "uidValidity", uid, more FROM standing_mail WHERE account = ?';
  const row = db.prepare(sql).get(account) as (Omit<MailRead, "more"> & { more: number }) | undefined;
  return row && { ...row, more: row.more === 1 };
}

export const hasMatched = (db: Database, standing: string, key: string): boolean =>
  db.prepare("SELECT 1 FROM standing_matches WHERE standing = ? AND key = ?").get(standing, key) !== undefined;

/** Names the only time that one comes: another one, written there instead, is to ring again. */
export const onlyKey = ({ at }: { at: string }): string => `time:${at}`;

/** The latest first. */
export const matchesOf = (db: Database, standing: string, limit: number): MatchRow[] =>
  db
    .prepare("SELECT * FROM standing_matches WHERE standing = ? ORDER BY ms DESC, key LIMIT ?")
    .all(standing, limit) as MatchRow[];

export const matchCount = (db: Database, standing: string): number =>
  (db.prepare("SELECT count(*) AS n FROM standing_matches WHERE standing = ?").get(standing) as { n: number }).n;

/** What matched since then, the earliest first. */
export const matchesSince = (db: Database, ms: number): MatchRow[] =>
  db.prepare("SELECT * FROM standing_matches WHERE ms >= ? ORDER BY ms, standing, key").all(ms) as MatchRow[];

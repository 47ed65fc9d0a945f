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
CREATE TABLE standing_looked (
  one INTEGER PRIMARY KEY CHECK (one = 1), seq INTEGER NOT NULL, ms INTEGER NOT NULL, mail_from TEXT
);
`;

const matchSchema = z.object({
  standing: z.string(),
  /** Names what came: it matches once. */
  key: z.string(),
  type: z.enum(["mail", "memory", "event", "task", "time", "times"]),
  subject: z.string().nullable(),
});
export type Matched = z.infer<typeof matchSchema>;

/** What a look's record says. No word of anybody's stands in it. */
const matchedBodySchema = once(() =>
  z.object({ until: z.number().int(), mailFrom: z.string().nullable(), matches: z.array(matchSchema) }),
);

export interface MatchRow extends Matched {
  ms: number;
  /** The command that matched it, with whatever else it matched. */
  look: string;
}

/** What matched, and up to where was looked. */
export const standingTables: TableSet = {
  name: "standing",
  version: 1,
  schema,
  gives: { standing_matches: "nothing", standing_looked: "nothing" },
  folds: { matched: foldMatched },
};

function foldMatched(db: Database, entry: Entry, now: number): void {
  const { until, mailFrom, matches } = matchedBodySchema().parse(entry.body);
  const sql = "INSERT OR IGNORE INTO standing_matches VALUES (?, ?, ?, ?, ?, ?)";
  for (const { standing, key, type, subject } of matches)
    db.prepare(sql).run(standing, key, now, entry.id, type, subject);
  db.prepare("INSERT OR REPLACE INTO standing_looked VALUES (1, ?, ?, ?)").run(until, now, mailFrom);
}

export interface Looked {
  /** Number of the first record that was not looked at. */
  seq: number;
  ms: number;
  mailFrom: string | null;
}

/** Undefined where nobody ever looked. */
export const lookedUpTo = (db: Database): Looked | undefined =>
  db.prepare('SELECT seq, ms, mail_from AS "mailFrom" FROM standing_looked').get() as Looked | undefined;

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

import { once } from "@mh/contract/once.ts";
import { verdicts } from "@mh/contract/values/effect.ts";
import type { Entry } from "@mh/contract/values/record.ts";
import { z } from "zod";
import type { TableSet } from "../kernel/tables.ts";
import type { Database } from "../ports/database.ts";

const schema = `
CREATE TABLE decisions (
  id TEXT PRIMARY KEY, principal TEXT NOT NULL, ms INTEGER NOT NULL, outcome TEXT NOT NULL, chosen INTEGER,
  confidence REAL NOT NULL, threshold REAL NOT NULL, rules TEXT NOT NULL, options TEXT NOT NULL, object TEXT NOT NULL,
  answer INTEGER, answered_ms INTEGER
);
CREATE INDEX decisions_answered ON decisions (answered_ms) WHERE answer IS NOT NULL;
CREATE INDEX decisions_open ON decisions (ms) WHERE outcome = 'escalate' AND answer IS NULL;
`;

/** What a `decide` record says: options by their place, because their names are somebody's words. */
export const decisionBodySchema = once(() =>
  z.object({
    what: z.literal("decision"),
    outcome: z.enum(["choose", "escalate", "refuse"]),
    chosen: z.number().int().nullable(),
    confidence: z.number(),
    threshold: z.number(),
    rules: z.array(z.string()),
    options: z.array(z.object({ score: z.number(), verdict: z.enum(verdicts).nullable(), rules: z.array(z.string()) })),
  }),
);
export type DecisionBody = z.infer<ReturnType<typeof decisionBodySchema>>;

/** What it says where the owner answered. */
export const answerBodySchema = once(() => z.object({ what: z.literal("answer"), answer: z.number().int() }));

/** What it says where the words were forgotten. */
const forgetBodySchema = once(() => z.object({ what: z.literal("forget") }));

/**
 * Place of the option that scores most of those that are not denied. Undefined where nothing was expected of the owner: fewer
 * than two are left, or several score the most.
 */
export function expectedOf(options: DecisionBody["options"]): number | undefined {
  const scores = options.map(({ score, verdict }) => (verdict === "deny" ? Number.NEGATIVE_INFINITY : score));
  const most = Math.max(...scores);
  const isChoice = scores.filter(Number.isFinite).length > 1 && scores.indexOf(most) === scores.lastIndexOf(most);
  return isChoice ? scores.indexOf(most) : undefined;
}

export interface DecisionRow {
  id: string;
  principal: string;
  ms: number;
  outcome: DecisionBody["outcome"];
  /** Place of the chosen option. */
  chosen: number | null;
  confidence: number;
  threshold: number;
  rules: string[];
  options: DecisionBody["options"];
  /** Where its words lie; empty once they were forgotten. */
  object: string;
  answer: number | null;
  answered_ms: number | null;
}

/** What was decided and what the owner answered, folded from the journal. Every word of it lies in `object`. */
export const decisionTables: TableSet = {
  name: "decisions",
  version: 2,
  schema,
  gives: { decisions: "nothing" },
  folds: { decide: foldDecision },
  objects: ["SELECT object FROM decisions"],
};

function foldDecision(db: Database, entry: Entry, now: number): void {
  const answer = answerBodySchema().safeParse(entry.body);
  if (answer.success) {
    const sql = "UPDATE decisions SET answer = ?, answered_ms = ? WHERE id = ?";
    db.prepare(sql).run(answer.data.answer, now, entry.ref);
    return;
  }
  if (forgetBodySchema().safeParse(entry.body).success) {
    db.prepare("UPDATE decisions SET object = '' WHERE id = ?").run(entry.ref);
    return;
  }
  const { outcome, chosen, confidence, threshold, rules, options } = decisionBodySchema().parse(entry.body);
  db.prepare("INSERT OR REPLACE INTO decisions VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, NULL, NULL)").run(
    ...[entry.id, entry.principal, now, outcome, chosen, confidence, threshold],
    ...[JSON.stringify(rules), JSON.stringify(options), entry.objects?.[0] ?? ""],
  );
}

export function decisionRow(db: Database, id: string): DecisionRow | undefined {
  return rowsOf(db, "id = ?", id)[0];
}

/** The latest first; of one principal where it is given. */
export function decisionRows(
  db: Database,
  { principal, open, limit }: { principal: string | undefined; open: boolean; limit: number },
): DecisionRow[] {
  // What was forgotten has no words left to choose among.
  const isOpen = open ? "outcome = 'escalate' AND answer IS NULL AND object <> ''" : "1";
  const where = `${isOpen} AND (:principal IS NULL OR principal = :principal) ORDER BY ms DESC, id DESC LIMIT :limit`;
  return rowsOf(db, where, { principal: principal ?? null, limit });
}

/** How many answers count. */
export const pastMost = 500;

/** The latest that the owner answered or corrected. */
export const answeredRows = (db: Database, limit: number): DecisionRow[] =>
  rowsOf(db, "answer IS NOT NULL ORDER BY answered_ms DESC, id DESC LIMIT :limit", { limit });

function rowsOf(db: Database, where: string, ...params: unknown[]): DecisionRow[] {
  const rows = db.prepare(`SELECT * FROM decisions WHERE ${where}`).all(...params) as (Omit<
    DecisionRow,
    "rules" | "options"
  > & { rules: string; options: string })[];
  return rows.map((row) => ({ ...row, rules: JSON.parse(row.rules), options: JSON.parse(row.options) }));
}

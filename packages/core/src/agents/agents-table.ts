import type { agentRun } from "@mh/contract/agents.ts";
import type { ArgsOf } from "@mh/contract/contract.ts";
import { once } from "@mh/contract/once.ts";
import type { AgentRunRow } from "@mh/contract/values/agent.ts";
import type { Principal } from "@mh/contract/values/principal.ts";
import type { Entry } from "@mh/contract/values/record.ts";
import { z } from "zod";
import { type AdoptionRow, adoptionRow, adoptionRows } from "../adoption/adoptions-table.ts";
import { jumpOf } from "../journal/clock-watch.ts";
import { moveBack } from "../kernel/clock-jumps.ts";
import { approvalOf, commandRow } from "../kernel/state.ts";
import type { TableSet } from "../kernel/tables.ts";
import { canonical } from "../model/canonical.ts";
import type { Database } from "../ports/database.ts";

const schema = `
CREATE TABLE agent_runs (
  id TEXT PRIMARY KEY, agent TEXT NOT NULL, trigger TEXT NOT NULL, slot TEXT NOT NULL, attempt INTEGER NOT NULL,
  at_ms INTEGER NOT NULL, begun_ms INTEGER NOT NULL, ended_ms INTEGER, status TEXT NOT NULL, fault TEXT, body TEXT
);
CREATE INDEX agent_runs_slot ON agent_runs (agent, trigger, at_ms);
`;

/** What a run is ordered by. */
export type RunArgs = ArgsOf<typeof agentRun>;

export type AgentRow = Pick<
  AdoptionRow,
  "name" | "hash" | "object" | "words" | "manifest" | "state" | "since_ms" | "from_seq"
>;

/** What the records of a run say of it in plain. */
export const runBodySchema = once(() =>
  z.object({
    trigger: z.string(),
    slot: z.string(),
    attempt: z.number().int().positive(),
    at: z.string(),
  }),
);

/** What the record of a run for somebody else says of it. */
export const delegatedSchema = once(() => z.object({ agent: z.string() }));

/** The runs of agents, folded from the journal. */
export const agentTables: TableSet = {
  name: "agents",
  version: 4,
  schema,
  gives: { agent_runs: "nothing" },
  folds: {
    intent(db, entry, now) {
      foldRun(db, entry, "begun", now);
      foldDelegation(db, entry, now);
    },
    deny: (db, entry, now) => foldRun(db, entry, "denied", now),
    ask: (db, entry, now) => foldRun(db, entry, "parked", now),
    outcome: foldRunEnd,
    recovered: foldJump,
  },
};

/** The first record of a run, however the gate answered. */
function foldRun(db: Database, entry: Entry, status: AgentRunRow["status"], now: number): void {
  const parsed = runBodySchema().safeParse(entry.body?.run);
  if (!parsed.success) return;
  const { trigger, slot, attempt, at } = parsed.data;
  const name = entry.principal.slice("agent:".length);
  putRun(db, entry.id, [name, trigger, slot, attempt, Date.parse(at), now, status]);
}

type RunColumns = [string, string, string, number, number, number, AgentRunRow["status"]];

const putRun = (db: Database, id: string, columns: RunColumns): void =>
  void db
    .prepare("INSERT OR REPLACE INTO agent_runs VALUES (?, ?, ?, ?, ?, ?, ?, NULL, ?, NULL, NULL)")
    .run(id, ...columns);

/**
 * A run for somebody else is named by who asked, in which task, with which arguments, and how often that was done before. A
 * second try goes on with the one that came to nothing: what that did is not done again.
 */
function foldDelegation(db: Database, entry: Entry, now: number): void {
  const parsed = delegatedSchema().safeParse(entry.body?.delegated);
  if (!parsed.success) return;
  const { agent } = parsed.data;
  const { id, principal: trigger, task = id, argsHash = "" } = entry;
  const what = `${task}:${argsHash.slice(0, 16)}`;
  const tries = db
    .prepare("SELECT * FROM agent_runs WHERE agent = ? AND trigger = ? AND substr(slot, 1, ?) = ? AND id <> ?")
    .all(agent, trigger, what.length, what, id) as AgentRunRow[];
  const slot = `${what}:${tries.filter(({ status }) => status === "done").length}`;
  const same = tries.filter((each) => each.slot === slot);
  putRun(db, id, [agent, trigger, slot, same.length + 1, same[0]?.at_ms ?? now, now, "begun"]);
}

/** How a run for somebody else is named. */
export function delegatedRun(db: Database, id: string): Omit<RunArgs, "agent" | "kind" | "event"> {
  const row = db.prepare("SELECT * FROM agent_runs WHERE id = ?").get(id) as AgentRunRow;
  const { trigger, slot, attempt, at_ms: atMs } = row;
  return { trigger, slot, attempt, at: new Date(atMs).toISOString() };
}

function foldRunEnd(db: Database, entry: Entry, now: number): void {
  const { status = "done", fault } = entry.outcome ?? {};
  db.prepare("UPDATE agent_runs SET ended_ms = ?, status = ?, fault = ?, body = ? WHERE id = ?").run(
    ...[now, status, fault?.code ?? null, entry.body ? canonical(entry.body) : null, entry.id],
  );
}

/** Runs that answer events are in their order. Those of a time are of the time that the clock said, which may come once more. */
function foldJump(db: Database, entry: Entry): void {
  const jump = jumpOf(entry);
  if (jump) moveBack(db, jump, "agent_runs", "at_ms", "trigger LIKE 'event %'");
}

export const agentRow = (db: Database, name: string): AgentRow | undefined => adoptionRow(db, "agent", name);
export const agentRows = (db: Database): AgentRow[] => adoptionRows(db, "agent");

/** The runs of an agent, the latest first; of one trigger where it is given, and up to a time. */
export function runsOf(
  db: Database,
  name: string,
  limit: number,
  trigger?: string,
  untilMs = Number.MAX_SAFE_INTEGER,
): AgentRunRow[] {
  const sql = `SELECT * FROM agent_runs WHERE agent = :name AND (:trigger IS NULL OR trigger = :trigger)
    AND at_ms <= :untilMs ORDER BY at_ms DESC, attempt DESC, begun_ms DESC LIMIT :limit`;
  return db.prepare(sql).all({ name, trigger: trigger ?? null, untilMs, limit }) as AgentRunRow[];
}

/** The same as they stand now: one that waits for the owner waits no longer once all was answered. */
export const runsNow = (db: Database, name: string, limit: number): AgentRunRow[] =>
  runsOf(db, name, limit).map((row) => {
    if (row.fault !== "agent.waits") return row;
    const { waits = [] } = JSON.parse(row.body ?? "{}") as { waits?: string[] };
    const statuses = waits.map((id) => commandRow(db, id)?.status);
    if (waits.some((id, n) => statuses[n] === "parked" && approvalOf(db, id)?.status === "open"))
      return { ...row, status: "parked", fault: null };
    return statuses.every((status) => status === "done") ? { ...row, status: "done", fault: null } : row;
  });

/** What an agent declared it may use, and running itself; undefined where it was never adopted. */
export function agentMay(db: Database, principal: Principal): readonly string[] | undefined {
  if (!principal.startsWith("agent:")) return undefined;
  const row = agentRow(db, principal.slice("agent:".length));
  return row && [...(JSON.parse(row.manifest) as { may: string[] }).may, "agent.run"];
}

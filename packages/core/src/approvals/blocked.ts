import type { OutputOf } from "@mh/contract/contract.ts";
import { approvalBlocked } from "@mh/contract/offers.ts";
import type { ApprovalRow } from "@mh/contract/values/approval.ts";
import type { JournalRecord } from "@mh/contract/values/record.ts";
import { searchBefore } from "../inspect/log-pages.ts";
import { skillName } from "../kernel/registry.ts";
import { type Declarations, mayUse } from "../kernel/situation.ts";
import { defineQuery, type QueryContext } from "../kernel/skill.ts";
import type { Database } from "../ports/database.ts";
import { draftFor, type OfferDeps } from "./offers.ts";

type Blocked = OutputOf<typeof approvalBlocked>["blocked"][number];

interface BlockedDeps extends OfferDeps {
  /** What principals declare that they may use. */
  declarations: Declarations;
}

const dayMs = 24 * 3_600_000;
const recordsMax = 1000;

/** What was denied by rules, or expired unanswered, one line for each kind, and whether a rule of the owner's could loosen it. */
export function blockedSkill(deps: BlockedDeps) {
  return defineQuery(approvalBlocked, {
    async run({ days, limit }, { db, now, signal }) {
      const since = now - days * dayMs;
      const wanted = { phase: "deny", since: new Date(since).toISOString(), limit: recordsMax } as const;
      const { records, next } = await searchBefore(deps.inspector, wanted, { signal });
      const latestFirst = [...groupsOf(records).values()].sort((a, b) => b.last.seq - a.last.seq);
      const denied = latestFirst.map(({ last, count }) => ({
        at: last.ts,
        make: () => deniedOf(deps, { db, now }, last, count),
      }));
      const expired = expiredIn(db, since, now).map((row) => ({ at: row.at, make: () => row }));
      const all = [...denied, ...expired].sort((a, b) => b.at.localeCompare(a.at));
      return { blocked: all.slice(0, limit).map(({ make }) => make()), more: all.length > limit || next !== null };
    },
  });
}

interface Group {
  last: JournalRecord;
  count: number;
}

/** Denials of the same one, for the same skill, by the same rules and for the same reason. */
function groupsOf(records: readonly JournalRecord[]): Map<string, Group> {
  const groups = new Map<string, Group>();
  for (const record of records) {
    const { principal, skill = "", rules = [] } = record;
    const key = JSON.stringify([principal, skillName(skill), rules, denialOf(record)]);
    groups.set(key, { last: record, count: (groups.get(key)?.count ?? 0) + 1 });
  }
  return groups;
}

const denialOf = ({ layers = [] }: JournalRecord) => layers.find(({ verdict }) => verdict === "deny");

function deniedOf(
  deps: BlockedDeps,
  { db, now }: Pick<QueryContext, "db" | "now">,
  record: JournalRecord,
  count: number,
): Blocked {
  const { id, ts, principal, skill = "", rules = [] } = record;
  const { layer = "boundary", reason = "" } = denialOf(record) ?? {};
  const askInstead = draftFor(deps, record, "ask") !== undefined;
  const remedy = rules.map((rule) => remedies[rule]).find((each) => each !== undefined);
  const declared = rules.includes("invariant.declared")
    ? declaring(deps, { db, now, principal, skill: skillName(skill) })
    : undefined;
  const next = askInstead ? undefined : (declared ?? remedy);
  return {
    ...{ id, at: ts, count, status: "denied", principal, skill: skillName(skill), layer, reason, rules, askInstead },
    ...(next !== undefined && { next }),
  };
}

/** What lets a principal use a skill: where it declares what it may use, that file; an agent runs once it is adopted. */
function declaring(
  { declarations: declared }: BlockedDeps,
  wanted: Omit<Parameters<typeof mayUse>[0], "declared">,
): string {
  const { db, principal, skill } = wanted;
  if (mayUse({ ...wanted, declared })) return "by now it may";
  if (declared(principal, db)) return "what it may use stands in its own file";
  if (skill === "agent.run" && principal.startsWith("agent:"))
    return `mh agent allow ${principal.slice("agent:".length)}`;
  return `mh grant give ${principal} ${skill}`;
}

/** What lifts an invariant, where something of the owner's does. */
const remedies: Readonly<Record<string, string>> = {
  "invariant.stop": "mh resume",
  "invariant.questions": "mh approvals (answer what waits)",
  "invariant.rate": "mh config set rate.commandsPerHour NUMBER",
  "invariant.spend": "mh config set spend.perDay NUMBER",
};

function expiredIn(db: Database, since: number, now: number): Blocked[] {
  const sql = `SELECT * FROM approvals WHERE expires_ms > :since AND expires_ms <= :now AND status IN ('expired', 'open')`;
  const groups = new Map<string, Blocked>();
  const rows = db.prepare(`${sql} ORDER BY expires_ms`).all({ since, now }) as ApprovalRow[];
  for (const { id, principal, skill, layer, reason, expires_ms } of rows) {
    const name = skillName(skill);
    const key = JSON.stringify([principal, name, layer, reason]);
    const count = (groups.get(key)?.count ?? 0) + 1;
    const at = new Date(expires_ms).toISOString();
    const next = "nobody answered in time; it asks again when it is tried again";
    groups.set(key, {
      id,
      at,
      count,
      status: "expired",
      principal,
      skill: name,
      layer,
      reason,
      rules: [],
      askInstead: false,
      next,
    });
  }
  return [...groups.values()];
}

import type { ApprovalRow, Parked } from "@mh/contract/values/approval.ts";
import type { Effect } from "@mh/contract/values/effect.ts";
import type { ShownValue } from "@mh/contract/values/shown-value.ts";
import { visible } from "@mh/contract/visible/visible.ts";
import { skillName } from "../kernel/registry.ts";
import { canonicalOf, type ValueKind } from "../policy/provenance/kinds.ts";
import type { Database } from "../ports/database.ts";

/** What the owner approved of a skill before: how often, and what the latest of these said. */
export interface Earlier {
  times: number;
  lastMs?: number;
  commands: { args: Record<string, unknown>; at: number }[];
}

const lookedAt = 30;

/** Looks up what was approved of a skill; the latest few are read, as far as their payloads are still kept. */
export function earlierApproved(
  db: Database,
  payloadOf: (row: ApprovalRow) => Parked | undefined,
  { id, skill }: Pick<ApprovalRow, "id" | "skill">,
): Earlier {
  const prefix = `${skillName(skill)}@`;
  const approved = "status = 'approved' AND id <> :id AND substr(skill, 1, length(:prefix)) = :prefix";
  const { times, lastMs } = db
    .prepare(`SELECT count(*) AS times, max(answered_ms) AS lastMs FROM approvals WHERE ${approved}`)
    .get({ id, prefix }) as { times: number; lastMs: number | null };
  const sql = `SELECT * FROM approvals WHERE ${approved} ORDER BY answered_ms DESC, id DESC LIMIT ${lookedAt}`;
  const rows = times === 0 ? [] : (db.prepare(sql).all({ id, prefix }) as ApprovalRow[]);
  const commands = rows.flatMap((row) => {
    const parked = payloadOf(row);
    return parked ? [{ args: parked.args, at: row.answered_ms ?? row.asked_ms }] : [];
  });
  return { times, ...(lastMs !== null && { lastMs }), commands };
}

interface Value {
  name: string;
  value: unknown;
  kind: ValueKind;
  effect: Effect | undefined;
}

/** How a value differs from all that stood in its place before; nothing where it is known, or nothing was approved yet. */
export function oddityOf({ commands }: Earlier, value: Value): Pick<ShownValue, "odd" | "last"> {
  const before = commands.flatMap(({ args, at }) => scalarsOf(args[value.name]).map((each) => ({ each, at })));
  const [latest] = before;
  if (!latest) return { odd: [] };
  const { kind } = value;
  const spell = (each: unknown) => canonicalOf(each, kind);
  if (before.some(({ each }) => spell(each) === spell(value.value))) return { odd: [] };
  if (kind === "amount")
    return {
      odd: amountOddity(
        Number(spell(value.value)),
        before.map(({ each }) => Number(spell(each))),
      ),
    };
  if (kind === "date") return { odd: [] };
  const times = before.filter(({ each }) => spell(each) === spell(latest.each)).length;
  const last = { text: visible(String(latest.each)), at: new Date(latest.at).toISOString(), times };
  return { odd: [`${neverWords(value)}${elsewhere(value, String(latest.each))}`], last };
}

const scalarsOf = (value: unknown): unknown[] =>
  (Array.isArray(value) ? value : [value]).filter((each) => ["string", "number"].includes(typeof each));

/** Within what was usual there is nothing to say. */
function amountOddity(amount: number, before: readonly number[]): string[] {
  const known = before.filter(Number.isFinite);
  const [least, most] = [Math.min(...known), Math.max(...known)];
  if (known.length === 0 || (amount >= least && amount <= most)) return [];
  if (known.length === 1) return [`The last one was ${least}`];
  return [`The last ${known.length} were between ${least} and ${most}`];
}

function neverWords({ kind, effect }: Value): string {
  if (kind === "email" || kind === "iban") {
    if (effect === "spend") return "Never paid to before";
    if (effect === "send") return "Never written to before";
  }
  return "Never approved before";
}

/** An account in a country where the last one was not. */
function elsewhere({ kind, value }: Value, last: string): string {
  const country = (account: string) => /^\s*([A-Za-z]{2})\d{2}/.exec(account)?.[1]?.toUpperCase();
  const [here, there] = [country(String(value)), country(last)];
  if (kind !== "iban" || here === undefined || here === there) return "";
  const name = new Intl.DisplayNames("en", { type: "region", fallback: "none" }).of(here);
  return `, and in ${name ?? here}`;
}

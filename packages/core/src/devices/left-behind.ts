import type { LeftBehind } from "@mh/contract/devices.ts";
import type { Principal } from "@mh/contract/values/principal.ts";
import type { Kernel } from "../kernel/kernel.ts";
import { type Registry, skillName } from "../kernel/registry.ts";
import type { Database } from "../ports/database.ts";

export interface RevokeDeps {
  registry: Registry;
  runs: Kernel["runs"];
  readObject: (name: string) => string | undefined;
}

/** Ends what a token's holder has under way, but for the command that takes the token back. */
export function endRunsOf(runs: Kernel["runs"], principal: Principal, except: string): void {
  const theirs = runs().filter((run) => run.principal === principal && run.id !== except);
  for (const run of theirs) run.cancel("The token that it was begun with was revoked");
}

/** What somebody's token did that stands when it is taken back: what changed something, by skill, and what waits. */
export function leftBehind(
  { db, registry }: { db: Database; registry: Registry },
  principal: Principal,
  sinceMs: number,
): LeftBehind {
  const rows = db
    .prepare(
      "SELECT skill, count(*) AS count FROM commands WHERE principal = ? AND status = 'done' AND ended_ms >= ? GROUP BY skill",
    )
    .all(principal, sinceMs) as { skill: string; count: number }[];
  const bySkill = new Map<string, number>();
  for (const { skill: pinned, count } of rows) {
    const skill = skillName(pinned);
    if (registry.find(skill)?.contract.kind !== "query") bySkill.set(skill, (bySkill.get(skill) ?? 0) + count);
  }
  const open = "SELECT count(*) AS count FROM approvals WHERE status = 'open' AND principal = ?";
  const { count: waiting } = db.prepare(open).get(principal) as { count: number };
  const did = [...bySkill].map(([skill, count]) => ({ skill, count }));
  return { principal, did: did.sort((a, b) => b.count - a.count || (a.skill < b.skill ? -1 : 1)), waiting };
}

import type { OutputOf } from "@mh/contract/contract.ts";
import { policyMatrix } from "@mh/contract/policy.ts";
import { type Decision, effects, risks, strongest, verdicts } from "@mh/contract/values/effect.ts";
import { isOwner, owner, type Principal } from "@mh/contract/values/principal.ts";
import type { PolicyRequest } from "@mh/contract/values/record.ts";
import { agentRows } from "../agents/agents-table.ts";
import { rateLeft } from "../kernel/rates.ts";
import type { Registry } from "../kernel/registry.ts";
import type { Declarations } from "../kernel/situation.ts";
import { defineQuery, type QueryContext } from "../kernel/skill.ts";
import { liveGrants, trustOf } from "../kernel/state.ts";
import { judge } from "../policy/judge.ts";
import type { PolicySet } from "../policy/policy-set.ts";
import { unobjectionable } from "../policy/probe.ts";
import type { Database } from "../ports/database.ts";

export interface MatrixDeps {
  registry: Registry;
  policy: () => PolicySet;
  declared: Declarations;
  isStopped: () => boolean;
  /** Whoever declared something, beside the agents. */
  principals: () => Iterable<string>;
}

export type MatrixCell = OutputOf<typeof policyMatrix>["cells"][number];

/** Who may do what, as things stand now: by effect, or by skill with what each one was granted. */
export function matrixSkill(deps: MatrixDeps) {
  return defineQuery(policyMatrix, {
    run({ principal, skills }, context) {
      const principals = principal ? [principal] : principalsIn(context.db, deps);
      const row = skills ? bySkill : byEffect;
      return { cells: principals.flatMap((each) => row(deps, context, each)) };
    },
  });
}

function principalsIn(db: Database, deps: MatrixDeps): Principal[] {
  const sql = "SELECT principal FROM trust UNION SELECT principal FROM grants UNION SELECT principal FROM plans";
  const rows = db.prepare(sql).all() as { principal: string }[];
  const agents = agentRows(db).map(({ name }) => `agent:${name}`);
  const named = new Set([...rows.map((row) => row.principal), ...agents, ...deps.principals()]);
  return [owner, ...[...named].filter((each) => !isOwner(each)).sort()];
}

/** What each effect comes to with a skill that was declared and granted. */
function byEffect(deps: MatrixDeps, context: QueryContext, principal: Principal): MatrixCell[] {
  const trust = trustOf(context.db, principal);
  return effects.map((effect) => ({
    ...{ principal, trust, effect },
    ...range(deps, { ...standing(deps, context, principal), effect }),
  }));
}

/** Every skill that somebody declared or was granted, as it stands for them: a first use still asks. */
function bySkill(deps: MatrixDeps, context: QueryContext, principal: Principal): MatrixCell[] {
  const { db, now } = context;
  const trust = trustOf(db, principal);
  const declaration = deps.declared(principal, db);
  return deps.registry.all().flatMap(({ contract: { name: skill, effects: does } }) => {
    const isGranted = isOwner(principal) || liveGrants(db, principal, skill, undefined, now).length > 0;
    const may = isOwner(principal) || (declaration ? declaration.includes(skill) : isGranted);
    if (!may) return [];
    return does.map((effect) => ({
      ...{ principal, trust, skill, effect },
      ...range(deps, { ...standing(deps, context, principal), skill, effect, may, granted: isGranted }),
    }));
  });
}

function standing(deps: MatrixDeps, { db, config, now }: QueryContext, principal: Principal): PolicyRequest {
  return {
    ...unobjectionable,
    principal,
    trust: trustOf(db, principal),
    stopped: deps.isStopped(),
    rateLeft: rateLeft(db, config, principal, now),
  };
}

function range(deps: MatrixDeps, request: PolicyRequest): { best: Decision; worst: Decision } {
  const set = deps.policy();
  const found = risks.flatMap((risk) =>
    [true, false].map((inScope) => judge(set, { ...request, risk, inScope }).verdict),
  );
  const best = verdicts.find((verdict) => found.includes(verdict)) ?? "deny";
  return { best, worst: strongest(found) };
}

/** How a cell is told in one word. */
export function cellWord({ best, worst }: Pick<MatrixCell, "best" | "worst">): string {
  if (best === worst) return best;
  return best === "allow" ? "some" : "ask";
}

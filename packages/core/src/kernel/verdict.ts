import type { Parked } from "@mh/contract/values/approval.ts";
import { isOwner, owner } from "@mh/contract/values/principal.ts";
import type { Entry, PolicyRequest } from "@mh/contract/values/record.ts";
import type { Command, Refusal } from "@mh/contract/wire/command.ts";
import { intersect, isDeniedStanding, judge, type Verdict } from "../policy/judge.ts";
import type { Digest } from "../policy/plan/plan-state.ts";
import type { ArgumentReport } from "../policy/provenance/judge-call.ts";
import type { Database } from "../ports/database.ts";
import type { Call } from "./call.ts";
import { defaultsOf } from "./contract-defaults.ts";
import { isStopped, type KernelDeps, type KernelParts, sealed } from "./parts.ts";
import { actsSoFar } from "./plan-acts.ts";
import { type Planned, planDeviation } from "./plans.ts";
import { situation, standings } from "./situation.ts";
import type { TracedCall } from "./task-traces.ts";

/** What the judge said of a call, and what it looked at. */
export interface Judged {
  verdict: Verdict;
  /** The judge's input: one for each principal along the cause chain, the caller's first. */
  requests: [PolicyRequest, ...PolicyRequest[]];
  /** Control arguments whose value does not come from the owner. */
  tainted: ArgumentReport[];
  /** Those whose value does. */
  vouched?: ArgumentReport[];
  /** How a command that asks differs from the plan of its task, where that has one. */
  change?: Parked["change"];
}

/**
 * The denial of a command that its arguments could not change: by who asks, for which skill, and when. Undefined where they
 * might. Nothing of the arguments is looked at, so that it costs and tells the same whatever they are; of a skill that there
 * is not, it tells what it would tell of one.
 */
export function judgeStanding(parts: KernelParts, db: Database, command: Command, now: number): Judged | undefined {
  const { config, declared, policy, roleOf, registry } = parts;
  const { principal, cause, task, skill } = command;
  // The owner at this machine is refused nothing that would tell them something new.
  if (principal === owner) return undefined;
  const effects = registry.find(skill)?.contract.effects ?? ["read"];
  const set = policy();
  const input = {
    db,
    now,
    declared,
    roleOf,
    stopped: isStopped(parts),
    config: config(),
    principal,
    cause,
    task,
    skill,
  };
  let first: Judged | undefined;
  for (const requests of standings(input, effects)) {
    if (!requests.some((request) => isDeniedStanding(set, request))) return undefined;
    const [one, ...others] = requests.map((request) => judge(set, request)) as [Verdict, ...Verdict[]];
    first ??= { verdict: intersect([one, ...others]), requests, tainted: [] };
  }
  return first;
}

/**
 * Judges a call as the world now stands. `approved`: the owner answered the approval request for just this call. Where its
 * arguments come from is looked at only where all else would let it through, or ask.
 */
export function judgeCall(parts: KernelParts, db: Database, call: Call, now: number, approved: boolean): Judged {
  const plain = judgeWith(parts, db, call, now, approved, []);
  if (isOwner(call.principal) || plain.verdict.verdict === "deny") return plain;
  const reports = parts.traces.judge(tracedOf(call));
  const tainted = reports.filter(({ vouched }) => !vouched);
  const first = tainted.length === 0 ? plain : judgeWith(parts, db, call, now, approved, tainted);
  const judged = withEndorsements(first, reports);
  if (judged.verdict.verdict !== "ask") return judged;
  const change = planDeviation(db, call.principal, plannedOf(parts, call, now), judged.requests[0].unvouched);
  const vouched = reports.filter((report) => report.vouched);
  return { ...judged, vouched, ...(change && { change }) };
}

/** Names the approvals whose values control the call, so that the log tells what let it through. */
function withEndorsements(judged: Judged, reports: readonly ArgumentReport[]): Judged {
  const endorsed = [...new Set(reports.flatMap(({ approval }) => approval ?? []))];
  const [first, ...rest] = judged.requests;
  return endorsed.length === 0 ? judged : { ...judged, requests: [{ ...first, endorsed }, ...rest] };
}

function judgeWith(
  parts: KernelParts,
  db: Database,
  call: Call,
  now: number,
  approved: boolean,
  tainted: ArgumentReport[],
): Judged {
  const { config, declared, isProtected, policy, roleOf, unknownRecipients } = parts;
  const { principal, cause, classification, isByToken } = call;
  const stopped = isStopped(parts);
  const requests = situation({
    ...{ db, now, declared, roleOf, unknownRecipients, stopped, isProtected, config: config() },
    ...plannedOf(parts, call, now),
    ...{ principal, cause, classification },
    unvouched: tainted.map(({ path }) => path),
    isByToken: isByToken === true,
    isRecoverySkill: call.skill.contract.recovery === true,
  });
  const [first, ...rest] = requests;
  const set = policy();
  const verdict = intersect([judge(set, first, approved), ...rest.map((r) => judge(set, r, approved))]);
  return { verdict, requests, tainted };
}

/** A command as plans of its task look at it. */
const plannedOf = (parts: KernelParts, call: Call, now: number): Planned => ({
  ...{ skill: call.skill.contract.name, pinned: call.pinned, args: call.args, argsHash: call.argsHash },
  ...{ defaults: defaultsOf(call.skill), looks: call.skill.contract.looks },
  ...{ task: call.task, effect: call.classification.effect, scope: call.classification.scope, now },
  ...{ soFar: parts.traces.soFar(call.task?.id), digest: parts.planDigest, pins: call.pinnedTo?.pins },
});

/** Entries and answers are told apart by a keyed hash: nobody learns from the log what stood in them. */
export const planDigest =
  ({ crypto, hmacKey }: Pick<KernelDeps, "crypto" | "hmacKey">): Digest =>
  (text) =>
    crypto.hmacHex(hmacKey, `plan\0${text}`).slice(0, 32);

/** What the journal keeps of a verdict. People and addresses enter it as HMACs. */
export function judgement(deps: KernelDeps, { verdict, requests }: Judged): Partial<Entry> {
  const seal = (addresses: readonly string[]) => addresses.map((each) => sealed(deps.crypto, deps.hmacKey, each));
  const { layers, rules, policyHash } = verdict;
  const request = requests.map((r) => ({
    ...r,
    scope: r.scope.recipients ? { ...r.scope, recipients: seal(r.scope.recipients) } : r.scope,
    ...(r.outsiders && { outsiders: seal(r.outsiders) }),
  }));
  return { request, verdict: verdict.verdict, layers, rules, policyHash };
}

/** What a caller is told of a verdict that is no allow; where it is for another one along the chain, for whom. */
export function refusal({ verdict, requests }: Pick<Judged, "verdict" | "requests">): Refusal {
  const { layer, layers, rules, decidedBy = 0 } = verdict;
  const reason = layers.find((report) => report.layer === layer)?.reason ?? "";
  const other = decidedBy > 0 ? requests[decidedBy]?.principal : undefined;
  return { layer, layers, rules, reason: other ? `${reason} (for ${other}, whose command led to this)` : reason };
}

/** What a command of somebody lesser read may show in that one's next arguments. */
export function learn({ traces, reader }: KernelParts, call: Call, value: unknown): void {
  if (call.task && !isOwner(call.principal)) traces.add(tracedOf(call), value, actsSoFar(reader));
}

const tracedOf = ({ id, skill, pinned, args, classification, task, isPlanned }: Call): TracedCall => ({
  ...{ id, skill, pinned, args, effect: classification.effect, task, isPlanned },
});

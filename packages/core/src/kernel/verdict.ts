import { isOwner } from "@mh/contract/values/principal.ts";
import type { Entry, PolicyRequest } from "@mh/contract/values/record.ts";
import type { Refusal } from "@mh/contract/wire/command.ts";
import { intersect, judge, type Verdict } from "../policy/judge.ts";
import type { ArgumentReport } from "../policy/provenance/judge-call.ts";
import type { Database } from "../ports/database.ts";
import type { Call } from "./call.ts";
import { isStopped, type KernelDeps, type KernelParts, sealed } from "./parts.ts";
import { situation } from "./situation.ts";
import type { TracedCall } from "./task-traces.ts";

/** What the judge said of a call, and what it looked at. */
export interface Judged {
  verdict: Verdict;
  /** The judge's input: one for each principal along the cause chain, the caller's first. */
  requests: [PolicyRequest, ...PolicyRequest[]];
  /** Control arguments whose value does not come from the owner. */
  tainted: ArgumentReport[];
}

/** Judges a call as the world now stands. `approved`: the owner answered the approval request for just this call. */
export function judgeCall(parts: KernelParts, db: Database, call: Call, now: number, approved: boolean): Judged {
  const { config, declared, isProtected, policy, roleOf, unknownRecipients, traces } = parts;
  const { principal, cause, task, skill, args, argsHash, classification, isByToken } = call;
  const stopped = isStopped(parts);
  const tainted = isOwner(principal) ? [] : traces.judge(tracedOf(call)).filter(({ vouched }) => !vouched);
  const requests = situation({
    ...{ db, now, declared, roleOf, unknownRecipients, stopped, isProtected, config: config() },
    ...{ principal, cause, task, skill, args, argsHash, classification },
    unvouched: tainted.map(({ path }) => path),
    isByToken: isByToken === true,
  });
  const [first, ...rest] = requests;
  const set = policy();
  const verdict = intersect([judge(set, first, approved), ...rest.map((r) => judge(set, r, approved))]);
  return { verdict, requests, tainted };
}

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

/** What a caller is told of a verdict that is no allow. */
export function refusal(verdict: Verdict): Refusal {
  const { layer, layers, rules } = verdict;
  return { layer, layers, rules, reason: layers.find((report) => report.layer === layer)?.reason ?? "" };
}

/** What a command of somebody lesser read may show in that one's next arguments. */
export function learn({ traces }: KernelParts, call: Call, value: unknown): void {
  if (!isOwner(call.principal)) traces.add(tracedOf(call), value);
}

const tracedOf = ({ id, skill, args, classification, task }: Call): TracedCall => ({
  ...{ id, skill, args, effect: classification.effect, task },
});

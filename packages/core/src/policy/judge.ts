import type { CedarValueJson, Context } from "@cedar-policy/cedar-wasm/nodejs";
import {
  type Decision,
  type Layer,
  layers,
  risks,
  type Scope,
  strongest,
  trustLevels,
} from "@mh/contract/values/effect.ts";
import { Fault } from "@mh/contract/values/fault.ts";
import { isOwner, kindOf, owner } from "@mh/contract/values/principal.ts";
import type { LayerReport, PolicyRequest } from "@mh/contract/values/record.ts";
import { common, domainsOf, foldersOf } from "./ancestors.ts";
import { engine, type NamedPolicies } from "./engine.ts";
import type { PolicySet } from "./policy-set.ts";
import { policySchema } from "./shipped.ts";

export interface Verdict {
  verdict: Decision;
  /** The first layer that gave the verdict. */
  layer: Layer;
  /** What every layer said, in order. */
  layers: LayerReport[];
  /** Ids of the rules that decided. */
  rules: string[];
  policyHash: string;
  /** Which of several verdicts on one command decided, where it was not the first. */
  decidedBy?: number;
}

/**
 * Decides whether a command may run. Pure: the same rules and request give the same verdict; the caller records it.
 * `ask` means a person must answer first; with `approved` they have, and what would still ask is then allowed.
 * Any error of the policy engine is a deny.
 */
export function judge(set: PolicySet, request: PolicyRequest, approved = false): Verdict {
  try {
    // The one place where rules of the owner's do not count: the owner's own recovery path.
    const isRecovery = request.recovery === true && request.principal === owner;
    return { ...judgeBy(isRecovery ? set.shipped : set, request, approved), policyHash: set.hash };
  } catch (error) {
    if (!(error instanceof Fault)) throw error;
    return settled(set, "deny", [policyFailed({ rule: "", error: error.message })], []);
  }
}

function judgeBy(set: PolicySet, request: PolicyRequest, approved: boolean): Verdict {
  const verdict = decide(set, request, approved);
  if (verdict.verdict !== "ask") return verdict;
  const planned = underPlan(set, request, verdict);
  if (planned) return planned;
  return (request.questionsLeft ?? 1) > 0 ? verdict : withoutApproval(set, request, verdict);
}

/**
 * Whether a command is denied whatever its arguments are, and whatever is approved. `request` is of a command of which only
 * who asks, for which skill, and when is known, with all else as favourable as it can be.
 */
export function isDeniedStanding(set: PolicySet, request: PolicyRequest): boolean {
  try {
    const { verdict, rules } = decide(set, request, true);
    if (verdict !== "deny") return false;
    if (rules.some((id) => set.standing.rules.has(id))) return true;
    return set.standing.permits && !consultTable(set, request, true).isAllowed;
  } catch (error) {
    if (!(error instanceof Fault)) throw error;
    // A check that cannot be made is a no, and it says so.
    return true;
  }
}

/** What a step of a plan covers was approved with the plan, but for values that the plan does not name. */
function underPlan(set: PolicySet, request: PolicyRequest, asked: Verdict): Verdict | undefined {
  if (!request.plan || isOwner(request.principal)) return;
  if (asked.layers.some(({ layer, verdict }) => layer === "provenance" && verdict === "ask")) return;
  const planned = decide(set, request, true);
  if (planned.verdict !== "allow") return;
  const reason = "It is a step of a plan that you approved";
  const reports = planned.layers.map((report) => (report.layer === "approval" ? { ...report, reason } : report));
  return { ...planned, layers: reports, rules: [...planned.rules, `plan.${request.plan}`] };
}

/** An approval request that would be one too many is denied. */
function withoutApproval(set: PolicySet, request: PolicyRequest, asked: Verdict): Verdict {
  const { fired, errors } = consult(set, set.forbids, request, false, true);
  const rules = fired.filter((id) => !asked.rules.includes(id));
  const reasons = [...errors.map((error) => policyFailed(error).reason), ...titlesOf(set, rules)];
  if (reasons.length === 0) return asked;
  const denial: LayerReport = { layer: "approval", verdict: "deny", reason: reasons.join("; ") };
  const reports = asked.layers.map((report) => (report.layer === denial.layer ? denial : report));
  return { ...asked, verdict: "deny", layer: denial.layer, layers: reports, rules };
}

const titlesOf = (set: PolicySet, rules: readonly string[]): string[] =>
  rules.map((id) => set.rules.get(id)?.title ?? id);

function decide(set: PolicySet, request: PolicyRequest, approved: boolean): Verdict {
  const table = consultTable(set, request, approved);
  const forbids = consult(set, set.forbids, request, approved);
  if (table.isAllowed && forbids.isAllowed)
    return settled(set, "allow", [boundary("allow", set, table.rules)], table.rules);

  const tableIfApproved = approved || table.isAllowed ? table : consultTable(set, request, true);
  const forbidsIfApproved = approved ? forbids : afterYes(set, request, forbids);
  const findings: Finding[] = [];
  if (table.isAllowed) findings.push(boundary("allow", set, table.rules));
  else if (tableIfApproved.isAllowed) findings.push(boundary("ask", set, tableIfApproved.rules));
  else findings.push({ layer: "boundary", verdict: "deny", reason: notInTable(request), rules: [] });
  for (const id of new Set([...forbids.fired, ...forbidsIfApproved.fired])) {
    const rule = set.rules.get(id);
    const verdict = forbidsIfApproved.fired.includes(id) ? "deny" : "ask";
    findings.push({ layer: rule?.layer ?? "boundary", verdict, reason: rule?.title ?? id, rules: [id] });
  }
  for (const error of [table, forbids, tableIfApproved, forbidsIfApproved].flatMap((answer) => answer.errors)) {
    findings.push(policyFailed(error));
  }
  const verdict = strongest(findings.map((finding) => finding.verdict));
  const deciding = findings.filter((finding) => finding.verdict === verdict);
  return settled(set, verdict, findings, [...new Set(deciding.flatMap((finding) => finding.rules))]);
}

/** The strongest of several verdicts on one command: rights along a cause chain intersect. */
export function intersect(verdicts: readonly [Verdict, ...Verdict[]]): Verdict {
  const verdict = strongest(verdicts.map((v) => v.verdict));
  const decidedBy = verdicts.findIndex((v) => v.verdict === verdict);
  const deciding = verdicts[decidedBy] as Verdict;
  const merged = layers.map((layer) => {
    const reports = verdicts.map((v) => v.layers.find((r) => r.layer === layer)).filter((r) => r !== undefined);
    const worst = strongest(reports.map((r) => r.verdict));
    return reports.find((r) => r.verdict === worst) as LayerReport;
  });
  const rules = [...new Set(verdicts.filter((v) => v.verdict === verdict).flatMap((v) => v.rules))];
  const whose = decidedBy > 0 && verdict !== "allow" ? { decidedBy } : {};
  return { ...deciding, ...whose, verdict, layers: merged, layer: firstWith(merged, verdict), rules };
}

type Finding = LayerReport & { rules: string[] };

const policyFailed = ({ rule, error }: RuleError): Finding => ({
  ...{ layer: "boundary", verdict: "deny", rules: [] },
  reason: `The policy failed: ${rule ? `${rule}: ` : ""}${error}`,
});

interface Answer {
  isAllowed: boolean;
  /** Deciding rules of an allow. */
  rules: string[];
  /** Forbids that fired. */
  fired: string[];
  errors: RuleError[];
}

interface RuleError {
  /** Its id; empty where no rule is to blame. */
  rule: string;
  error: string;
}

/** Which forbids of a set speak against a request, and which of its rules fail: permits included. */
export function sayOf(set: PolicySet, request: PolicyRequest): { fired: string[]; errors: RuleError[] } {
  const answers = [set.permits, set.forbids].map((policies) => consult(set, policies, request, false));
  return { fired: answers.flatMap(({ fired }) => fired), errors: answers.flatMap(({ errors }) => errors) };
}

/** What forbids would say of the same request after an approval. */
function afterYes(set: PolicySet, request: PolicyRequest, before: Answer): Answer {
  const { liftedByYes } = set;
  if (!liftedByYes) return consult(set, set.forbids, request, true);
  const fired = before.fired.filter((id) => !liftedByYes.has(id));
  return { ...before, isAllowed: fired.length === 0 && before.errors.length === 0, fired };
}

const tableAnswers = new Map<string, Answer>();
/** A key is most of a kilobyte. */
const tableAnswersMax = 4_000;

/** What permits do not look at makes no difference to them, so that the table is seldom asked twice for one cell. */
function consultTable(set: PolicySet, request: PolicyRequest, approved: boolean): Answer {
  const seen = Object.entries(situation(set, request, approved, false)).filter(([name]) => set.isSeenByPermits(name));
  const { principal, effect, skill } = request;
  const key = JSON.stringify([set.hash, principal, principalAttributes(request), effect, skill, seen]);
  const known = tableAnswers.get(key);
  if (known) return known;
  const answer = consult(set, set.permits, request, approved);
  if (tableAnswers.size >= tableAnswersMax) tableAnswers.clear();
  tableAnswers.set(key, answer);
  return answer;
}

function consult(
  set: PolicySet,
  policies: NamedPolicies,
  request: PolicyRequest,
  approved: boolean,
  asking = false,
): Answer {
  const uid = { type: "mh::Principal", id: request.principal };
  const answer = engine.authorize(policySchema, policies, {
    principal: uid,
    action: { type: "mh::Action", id: request.effect },
    resource: { type: "mh::Skill", id: request.skill },
    context: situation(set, request, approved, asking),
    entities: [{ uid, attrs: principalAttributes(request), parents: [] }],
  });
  if (answer.type !== "success" || !answer.response) {
    const messages = answer.type === "failure" ? answer.errors.map((e) => e.message) : ["no answer"];
    const errors = messages.map((error) => ({ rule: "", error }));
    return { isAllowed: false, rules: [], fired: [], errors };
  }
  const { decision, diagnostics } = answer.response;
  // Cedar skips a rule that errs: what it would have forbidden is then allowed. An error is a deny here.
  const errors = diagnostics.errors.map((e) => ({ rule: e.policyId, error: e.error.message }));
  const isAllowed = decision === "allow" && errors.length === 0;
  const fired = decision === "deny" ? diagnostics.reason.filter((id) => set.rules.has(id)).sort() : [];
  return { isAllowed, rules: isAllowed ? [...diagnostics.reason].sort() : [], fired, errors };
}

function principalAttributes(request: PolicyRequest): Record<string, CedarValueJson> {
  return {
    kind: { __entity: { type: "mh::Kind", id: kindOf(request.principal) } },
    trust: { __entity: { type: "mh::Trust", id: request.trust } },
    trustLevel: trustLevels.indexOf(request.trust),
    owner: isOwner(request.principal),
  };
}

function situation(set: PolicySet, request: PolicyRequest, approved: boolean, asking: boolean): Context {
  const { scope, may, granted, inScope, protectedArea, stopped, rateLeft, unvouched, hour, weekday } = request;
  return {
    approved,
    may,
    granted,
    inScope,
    protectedArea,
    stopped,
    risk: { __entity: { type: "mh::Risk", id: request.risk } },
    riskLevel: risks.indexOf(request.risk),
    rateLeft,
    role: { __entity: { type: "mh::Role", id: request.role ?? "admin" } },
    paths: scope.paths ?? [],
    hosts: scope.hosts ?? [],
    recipients: scope.recipients ?? [],
    unvouched,
    ...reach(set, scope),
    outsiders: request.outsiders ?? [],
    hour,
    weekday,
    minuteOfDay: request.minuteOfDay ?? hour * 60,
    quietHours: request.quietHours ?? false,
    amount: request.amount?.minor ?? 0,
    currency: request.amount?.currency ?? "",
    spendLeft: request.spendLeft ?? 0,
    repeatsLeft: request.repeatsLeft ?? 1,
    questionsLeft: request.questionsLeft ?? 1,
    asking,
  };
}

/**
 * Cedar cannot look into the members of a set: the folders and domains that hold them are worked out for it, where a rule
 * looks at them. Of a path a thousand folders deep they are megabytes.
 */
function reach({ isSeen }: PolicySet, { paths = [], hosts = [], recipients = [] }: Scope) {
  const listed = (name: string, lists: () => string[][]) => (isSeen(name) ? lists() : []);
  const all = (name: string, lists: () => string[][]) => [...new Set(listed(name, lists).flat())];
  const folders = () => paths.map(foldersOf);
  const domains = () => hosts.map(domainsOf);
  const recipientDomains = () => recipients.map((each) => domainsOf(each.slice(each.lastIndexOf("@") + 1)));
  return {
    folders: all("folders", folders),
    allInFolders: common(listed("allInFolders", folders)),
    domains: all("domains", domains),
    allInDomains: common(listed("allInDomains", domains)),
    recipientDomains: all("recipientDomains", recipientDomains),
    allInRecipientDomains: common(listed("allInRecipientDomains", recipientDomains)),
  };
}

function boundary(verdict: Decision, set: PolicySet, rules: string[]): Finding {
  return { layer: "boundary", verdict, reason: set.rules.get(rules[0] ?? "")?.title ?? "", rules };
}

function notInTable({ principal, trust, effect }: PolicyRequest): string {
  return `Nothing permits ${principal} (trust ${trust}) to ${effect}`;
}

function settled(set: PolicySet, verdict: Decision, findings: readonly Finding[], rules: string[]): Verdict {
  const reports = layers.map((layer): LayerReport => {
    const here = findings.filter((finding) => finding.layer === layer);
    const worst = strongest(here.map((finding) => finding.verdict));
    const deciding = here.filter((finding) => finding.verdict === worst).map((finding) => finding.reason);
    return { layer, verdict: worst, reason: deciding.join("; ") || "nothing against it" };
  });
  return { verdict, layer: firstWith(reports, verdict), layers: reports, rules, policyHash: set.hash };
}

function firstWith(reports: readonly LayerReport[], verdict: Decision): Layer {
  if (verdict === "allow") return "boundary";
  return reports.find((report) => report.verdict === verdict)?.layer ?? "boundary";
}

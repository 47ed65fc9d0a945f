import type { Effect } from "@mh/contract/values/effect.ts";
import type { PolicyRule } from "@mh/contract/values/policy-rule.ts";
import { isOwner, owner } from "@mh/contract/values/principal.ts";
import type { PolicyRequest } from "@mh/contract/values/record.ts";
import type { Crypto } from "../ports/crypto.ts";
import { sayOf } from "./judge.ts";
import { loadPolicySet } from "./policy-set.ts";
import { unobjectionable } from "./probe.ts";
import { disableCommand, fileOf } from "./rule-file.ts";

/** A skill as far as the rules look at it. */
export interface SkillFacts {
  name: string;
  effects: readonly Effect[];
  recovery?: true;
}

export interface RuleWarning {
  rule: string;
  kind: "fails" | "recovery" | "owner";
  message: string;
  next?: string;
}

/** More requests tell nothing new, and cost time in `mh doctor`. */
const requestsMax = 600;

/**
 * What rules of the owner's do to the owner: which fail while they are judged, which would forbid the recovery path if they
 * counted there, and which forbid the owner anything else. Asked with requests of the past, and with a table of such as the
 * owner may come to.
 */
export function ruleWarnings(
  crypto: Crypto,
  rules: readonly PolicyRule[],
  skills: readonly SkillFacts[],
  recorded: Iterable<PolicyRequest>,
): RuleWarning[] {
  const own = rules.filter(({ origin }) => origin === "owner");
  if (own.length === 0) return [];
  const set = loadPolicySet(crypto, own);
  const isRecovery = new Set(skills.filter(({ recovery }) => recovery).map(({ name }) => name));
  const failing = new Map<string, { error: string; request: PolicyRequest }>();
  const forbidden = new Map<string, Set<string>>();
  for (const request of distinct([...situations(skills)], [...recorded])) {
    const { fired, errors } = sayOf(set, request);
    for (const { rule, error } of errors) if (!failing.has(rule)) failing.set(rule, { error, request });
    if (!isOwner(request.principal)) continue;
    for (const rule of fired) forbidden.set(rule, (forbidden.get(rule) ?? new Set()).add(request.skill));
  }
  return own.flatMap((rule) => [...warningsOf(rule, failing.get(rule.id), forbidden.get(rule.id), isRecovery)]);
}

function* warningsOf(
  { id, title }: PolicyRule,
  failure: { error: string; request: PolicyRequest } | undefined,
  forbidden: ReadonlySet<string> | undefined,
  isRecovery: ReadonlySet<string>,
): Generator<RuleWarning> {
  const file = fileOf(id);
  const next = file === undefined ? {} : { next: disableCommand(file) };
  const named = `${id} (${title})`;
  if (failure) {
    const { principal, skill } = failure.request;
    const message = `${named} fails for ${principal}: ${skill}: ${failure.error}. What it is asked about is denied.`;
    yield { rule: id, kind: "fails", message, ...next };
  }
  const [recovery, rest] = [true, false].map((is) =>
    [...(forbidden ?? [])].filter((name) => isRecovery.has(name) === is),
  );
  if (recovery?.length) {
    const message = `${named} forbids you ${some([...recovery, ...(rest ?? [])])}. The recovery path stays open to you; the rest does not.`;
    yield { rule: id, kind: "recovery", message, ...next };
  } else if (rest?.length) yield { rule: id, kind: "owner", message: `${named} forbids you ${some(rest)}.`, ...next };
}

const shownMax = 4;

function some(names: readonly string[]): string {
  const more = names.length - shownMax;
  return names.slice(0, shownMax).join(", ") + (more > 0 ? ` and ${more} more` : "");
}

/** What the owner may come to: each skill at noon of a Wednesday, and the recovery path by day and night, stopped and not. */
function* situations(skills: readonly SkillFacts[]): Generator<PolicyRequest> {
  for (const { name: skill, effects, recovery } of skills) {
    for (const effect of effects) {
      const base = { ...unobjectionable, principal: owner, skill, effect, minuteOfDay: 12 * 60, rateLeft: 1000 };
      yield base;
      if (!recovery) continue;
      for (const [hour, weekday] of [
        [3, 7],
        [22, 5],
      ] as const) {
        yield { ...base, hour, weekday, minuteOfDay: hour * 60, quietHours: true, stopped: true };
      }
    }
  }
}

function distinct(...lists: PolicyRequest[][]): PolicyRequest[] {
  const texts = new Set(lists.flat().map((request) => JSON.stringify(request)));
  return [...texts].slice(0, requestsMax).map((text) => JSON.parse(text) as PolicyRequest);
}

import type { Outcome } from "@mh/contract/wire/command.ts";
import type { ContentfulStatusCode } from "hono/utils/http-status";

/** How an outcome is told in HTTP's words; the body says it whole. */
export function statusOf(outcome: Outcome): ContentfulStatusCode {
  if (outcome.status === "done" || outcome.status === "repeated") return 200;
  if (outcome.status === "parked") return 202;
  if (outcome.status === "denied") return 403;
  // Not 503: a client that tries again by itself would do it twice.
  if (outcome.status === "interrupted") return 500;
  return statusOfFault(outcome.fault.code);
}

/** The first that fits. A code that none fits is a state that stands in the way. */
const statuses: readonly [RegExp, ContentfulStatusCode][] = [
  [/^(args|protocol)\.invalid$|^usage$|^cause\.|^secret\.exposed$/, 400],
  [/^(secret|home)\.locked$/, 423],
  [/\.not-found$|^skill\.unknown$|\.unknown$/, 404],
  [/^memory\.forgotten$/, 410],
  [/\.invalid$|\.unreadable$/, 422],
  [/^home\.busy$/, 503],
  [/^disk\.full$/, 507],
  [/^(http|mail|calendar|notify)\.(failed|refused)$/, 502],
  [/\.(failed|damaged|misdeclared|missing)$/, 500],
];

export function statusOfFault(code: string): ContentfulStatusCode {
  return statuses.find(([pattern]) => pattern.test(code))?.[1] ?? 409;
}

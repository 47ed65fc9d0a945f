import type { PolicyRequest } from "@mh/contract/values/record.ts";

/** A request that nothing speaks against: what a case of a test, or a cell of a table, says only the difference to. */
export const unobjectionable: PolicyRequest = {
  principal: "agent:somebody",
  trust: "adaptive_auto",
  skill: "some.skill",
  effect: "read",
  risk: "low",
  scope: {},
  may: true,
  granted: true,
  inScope: true,
  protectedArea: false,
  stopped: false,
  rateLeft: 1,
  unvouched: [],
  hour: 12,
  weekday: 3,
};

/** Some fields of a request; a scope is filled up, not replaced. */
export type RequestPart = Partial<PolicyRequest>;

export function withParts<Request extends RequestPart>(base: Request, ...parts: readonly RequestPart[]): Request {
  let all = base;
  for (const part of parts) {
    const scope = all.scope || part.scope ? { scope: { ...all.scope, ...part.scope } } : {};
    all = { ...all, ...part, ...scope };
  }
  return all;
}

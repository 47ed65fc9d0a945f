import type { Principal } from "@mh/contract/values/principal.ts";

/** Rules that nobody breaks by mistake: who does reaches for what is the owner's alone. */
const ownersAlone: ReadonlySet<string> = new Set(["invariant.admin", "invariant.devices", "invariant.protected"]);

/** Whether a denial by these rules is a violation, and not only something that is not allowed now. */
export const isViolation = (rules: readonly string[]): boolean => rules.some((rule) => ownersAlone.has(rule));

/** Who answers for a command: the one that gave it, and those whose commands led to it. */
export const answerable = (requests: readonly { principal: Principal }[]): Principal[] => [
  ...new Set(requests.map(({ principal }) => principal)),
];

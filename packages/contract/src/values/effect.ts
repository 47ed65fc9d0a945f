/** What a command does to the world, mildest first (DESIGN §3). */
export const effects = ["read", "notify", "fetch", "write", "local", "send", "spend", "destroy", "admin"] as const;
export type Effect = (typeof effects)[number];

/** Whether it only looks: at what is here, or over the network. */
export const isReading = (effect: Effect): boolean => effect === "read" || effect === "fetch";

export const risks = ["low", "medium", "high"] as const;
export type Risk = (typeof risks)[number];

/** How far a principal may act alone; each level includes the ones before it. */
export const trustLevels = ["observe", "suggest", "supervised_auto", "bounded_auto", "adaptive_auto"] as const;
export type TrustLevel = (typeof trustLevels)[number];

/** Mildest first, so that the strongest of several is the one with the highest index. */
export const verdicts = ["allow", "ask", "deny"] as const;
export type Decision = (typeof verdicts)[number];

export function strongest(decisions: readonly Decision[]): Decision {
  return verdicts[Math.max(0, ...decisions.map((d) => verdicts.indexOf(d)))] as Decision;
}

/** The order in which the policy layers report. */
export const layers = ["capability", "boundary", "provenance", "risk", "rate", "approval"] as const;
export type Layer = (typeof layers)[number];

/** Money, in the smallest unit of its currency: cents, as in 1250 for 12.50 EUR. */
export interface Amount {
  minor: number;
  /** ISO 4217, as in EUR. */
  currency: string;
}

/** Outside things a command touches, in canonical form: absolute paths, lower-case hosts, addresses. */
export interface Scope {
  paths?: string[] | undefined;
  hosts?: string[] | undefined;
  recipients?: string[] | undefined;
}

import type { Principal } from "@mh/contract/values/principal.ts";
import type { PolicySet } from "../policy/policy-set.ts";
import type { DelegationsPort } from "./delegations-port.ts";
import type { ApprovalsPort, Kernel } from "./kernel.ts";
import type { PlansPort } from "./plans-port.ts";
import type { Declarations } from "./situation.ts";

/** What only those features are given that govern others: approvals, grants, rules, STOP, decisions. */
export interface GoverningParts {
  /** For approvals alone. */
  approvals: ApprovalsPort;
  /** For plans alone. */
  plans: PlansPort;
  /** For agents that work for others, and for the chat, alone. */
  delegations: DelegationsPort;
  check: Kernel["check"];
  /** Whether somebody would be refused a skill whatever they asked of it. */
  isRefused: Kernel["isRefused"];
  runs: Kernel["runs"];
  isStopped: () => boolean;
  /** The rules in force. */
  rulesInForce: () => PolicySet;
  /** What principals declare by the wiring, and what anybody declares. */
  declared: ReadonlyMap<Principal, readonly string[]>;
  declarations: Declarations;
}

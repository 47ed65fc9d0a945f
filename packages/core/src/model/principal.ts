import { z } from "zod";
import type { TrustLevel } from "./effect.ts";

export const principalKinds = ["owner", "agent", "skill", "mcp", "client", "module", "peer", "file"] as const;
export type PrincipalKind = (typeof principalKinds)[number];

/** `owner`, `owner/<device>`, `file`, or `<kind>:<name>`. */
export const principalSchema = z
  .string()
  .regex(
    /^(owner(\/[a-z0-9][\w.-]{0,63})?|file|(agent|skill|mcp|client|module|peer):[a-z0-9][\w.-]{0,63})$/i,
    "a principal is `owner`, `owner/<device>`, `file`, or `agent:`, `skill:`, `mcp:`, `client:`, `module:` or `peer:` and a name",
  );
export type Principal = z.infer<typeof principalSchema>;

export const owner: Principal = "owner";
export const agent = (name: string): Principal => `agent:${name}`;

export function kindOf(principal: Principal): PrincipalKind {
  return (principal.split(/[:/]/, 1)[0] ?? principal) as PrincipalKind;
}

export function isOwner(principal: Principal): boolean {
  return kindOf(principal) === "owner";
}

/** The level a principal starts at before the owner says otherwise. */
export function initialTrust(principal: Principal): TrustLevel {
  return ["peer", "client", "mcp"].includes(kindOf(principal)) ? "observe" : "suggest";
}

import type { TrustLevel } from "./effect.ts";

export const principalKinds = ["owner", "agent", "skill", "mcp", "client", "module", "peer", "file"] as const;
export type PrincipalKind = (typeof principalKinds)[number];

/** `owner`, `owner/<device>`, `file`, or `<kind>:<name>`. */
export type Principal = string;

export const isPrincipal = (text: string): boolean =>
  /^(owner(\/[a-z0-9][\w.-]{0,63})?|file|(agent|skill|mcp|client|module|peer):[a-z0-9][\w.-]{0,63})$/i.test(text);

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

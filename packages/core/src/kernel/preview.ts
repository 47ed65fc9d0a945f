import { Fault } from "@mh/contract/values/fault.ts";
import type { Principal } from "@mh/contract/values/principal.ts";
import type { PolicyRequest } from "@mh/contract/values/record.ts";
import type { Command } from "@mh/contract/wire/command.ts";
import type { Verdict } from "../policy/judge.ts";
import { parse } from "./parse.ts";
import type { KernelParts } from "./parts.ts";
import { askedBefore, hasAsked } from "./state.ts";
import { judgeCall, judgeStanding } from "./verdict.ts";

export interface Preview {
  verdict: Verdict;
  requests: [PolicyRequest, ...PolicyRequest[]];
}

/** What the judge would say, with nothing run and nothing recorded. */
export function preview(parts: KernelParts, command: Command): Preview {
  const { reader, clock, crypto } = parts;
  const denied = judgeStanding(parts, reader, command, clock.now());
  if (denied) return denied;
  const call = parse(parts, { ...command, id: command.id ?? crypto.id() });
  const { verdict, requests } = judgeCall(parts, reader, call, clock.now(), false);
  return { verdict, requests };
}

/** Whether somebody would be refused a skill now, whatever its arguments were. */
export function isRefused(parts: KernelParts, principal: Principal, skill: string): boolean {
  const { reader, clock } = parts;
  return judgeStanding(parts, reader, { principal, skill, args: {} }, clock.now()) !== undefined;
}

/** The id of the request that waits, or was answered, for the same command; see `Kernel.askedBefore`. */
export function requestBefore(parts: KernelParts, command: Command): string | undefined {
  const { reader, clock, crypto } = parts;
  const { principal } = command;
  const now = clock.now();
  // What would be refused anyway, and what nobody asked about, is not parsed a second time.
  if (!hasAsked(reader, { principal, skill: command.skill }, now)) return undefined;
  try {
    const { pinned, argsHash } = parse(parts, { ...command, id: crypto.id() });
    return askedBefore(reader, { principal, skill: pinned, argsHash }, now);
  } catch (error) {
    // What is wrong with it is said when it is begun.
    if (error instanceof Fault) return undefined;
    throw error;
  }
}

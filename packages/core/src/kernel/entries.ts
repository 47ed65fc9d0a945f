import { isOwner } from "@mh/contract/values/principal.ts";
import type { Entry } from "@mh/contract/values/record.ts";
import type { Outcome } from "@mh/contract/wire/command.ts";
import type { Call } from "./call.ts";
import type { KernelDeps } from "./parts.ts";
import type { CommandContext } from "./skill.ts";

/** What every record of a call says of it. */
export function entryOf(call: Call): Omit<Entry, "phase"> {
  const { id, principal, onBehalfOf, pinned, argsHash, task, cause } = call;
  return {
    ...{ id, principal, skill: pinned, argsHash },
    ...(onBehalfOf && { onBehalfOf }),
    ...(task && { task: task.id }),
    ...(cause && { cause }),
  };
}

/** The record of how a call ended. A message may quote what was typed: it is for the caller, and the journal keeps the code. */
export function outcomeEntry(call: Call, outcome: Outcome, more: Partial<Entry> = {}): Entry {
  const status = outcome.status as "done" | "failed" | "interrupted";
  const fault = outcome.status === "failed" ? { fault: { code: outcome.fault.code, message: "" } } : {};
  return { ...entryOf(call), phase: "outcome", outcome: { status, ...fault }, ...more };
}

/** What the skill is told of the command. */
export function contextOf(deps: KernelDeps, call: Call, now: number): CommandContext {
  const origins = isOwner(call.principal) ? ["owner"] : [call.principal];
  const { id: commandId, principal, task } = call;
  return { commandId, principal, ...(task && { task: task.id }), config: deps.config(), now, origins };
}

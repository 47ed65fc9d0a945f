import { isOwner } from "@mh/contract/values/principal.ts";
import type { Entry } from "@mh/contract/values/record.ts";
import type { Outcome } from "@mh/contract/wire/command.ts";
import type { EndNotKnown } from "../journal/ledger.ts";
import type { Call } from "./call.ts";
import { faultOf } from "./fault-of.ts";
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

/**
 * What is told of a command that ended and whose end could not be written down: as the log has it, for it may have done
 * what it was asked for.
 */
export function unwrittenEnd({ id, status }: Outcome, error: unknown): Outcome {
  const why = `It ended (${status}), and the log could not be written (${faultOf(error).code})`;
  return { status: "interrupted", id, message: `${why}. Look at what it did before you do it again: mh why ${id}` };
}

/** What is told of a command that may be on disk and may not: a repeat under its id says so, and never does it twice. */
export function endNotKnown(id: string, error: EndNotKnown): Outcome {
  const why = `${error.message} while it was written down, and whether it is done is not known`;
  return {
    status: "interrupted",
    id,
    message: `${why}. Open the home again and look before you repeat it: mh why ${id}`,
  };
}

/** What is told of a command that could not be begun where the log could not take even that. */
export function unwrittenFailure(outcome: Outcome & { status: "failed" }, error: unknown): Outcome {
  const { code, message } = outcome.fault;
  const more = `The log could not be written (${faultOf(error).code}), so this stands in no log.`;
  return { ...outcome, fault: { code, message: `${message} ${more}` } };
}

/** What the skill is told of the command. */
export function contextOf(deps: KernelDeps, call: Call, now: number): CommandContext {
  const origins = isOwner(call.principal) ? ["owner"] : [call.principal];
  const { id: commandId, principal, task, cause } = call;
  const from = { ...(task && { task: task.id }), ...(cause && { cause }) };
  return { commandId, principal, ...from, config: deps.config(), now, origins };
}

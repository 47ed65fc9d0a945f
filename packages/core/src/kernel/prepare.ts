import type { Parked } from "@mh/contract/values/approval.ts";
import { Fault } from "@mh/contract/values/fault.ts";
import { owner } from "@mh/contract/values/principal.ts";
import type { Call } from "./call.ts";
import { parse } from "./parse.ts";
import type { KernelParts } from "./parts.ts";
import { comparePins, pinsOf } from "./pins.ts";
import { skillName } from "./registry.ts";
import { commandRow } from "./state.ts";
import { judgeCall } from "./verdict.ts";

/**
 * Whether slow work is worth doing: for a principal that would be refused or has to wait, nothing is prepared, nor for a repeat,
 * which has its answer already. The owner at this machine is asked to confirm, and no more.
 */
export function mayRun(parts: KernelParts, call: Call): boolean {
  const { reader, clock } = parts;
  if (commandRow(reader, call.id)) return false;
  if (call.principal === owner) return true;
  return judgeCall(parts, reader, call, clock.now(), false).verdict.verdict === "allow";
}

/** The slow work of a skill, before its transaction. */
export async function prepare({ reader, config, turn }: KernelParts, call: Call, signal: AbortSignal): Promise<Call> {
  const { skill } = call;
  if (skill.kind === "query" || skill.kind === "outside" || !skill.prepare) return call;
  const context = { principal: call.principal, config: config(), db: reader, signal, turn };
  const prepared = await skill.prepare(call.args, context);
  return { ...call, prepared, isPrepared: true };
}

/** Reads a parked command back, and does its slow work. Throws `approval.changed` where it is not what was asked about any more. */
export async function prepareParked(parts: KernelParts, parked: Parked): Promise<Call> {
  const call = parse(parts, { ...parked, skill: skillName(parked.skill) });
  const shown = {
    ...(parked.steered && { shown: parked.steered }),
    ...(parked.change && { changes: parked.change.plan }),
  };
  if (call.pinned === parked.skill)
    return prepareContinued(parts, { ...(await unchanged(parts, call, parked)), ...shown });
  const change = `${parked.skill} is now ${call.pinned}`;
  throw new Fault("approval.changed", `The skill changed since the request: ${change}. Deny it and ask again.`);
}

/** Throws `approval.changed` where the arguments point to something else by now. */
async function unchanged(parts: KernelParts, call: Call, parked: Parked): Promise<Call> {
  if (!call.skill.pin) return call;
  const { pins } = await pinsOf(parts, call, new AbortController().signal);
  comparePins(parked.pins ?? [], pins, parked.id);
  return { ...call, pinnedTo: { pins: parked.pins ?? [], ...(parked.answers && { answers: parked.answers }) } };
}

/** What its slow work throws is its own failure, and not that of the approval. */
async function prepareContinued(parts: KernelParts, call: Call): Promise<Call> {
  try {
    return await prepare(parts, call, new AbortController().signal);
  } catch (error) {
    return { ...call, cannot: { error } };
  }
}

import { agentDelegate } from "@mh/contract/agents.ts";
import type { OutputOf } from "@mh/contract/contract.ts";
import { Fault } from "@mh/contract/values/fault.ts";
import { agent as agentPrincipal, isOwner, type Principal } from "@mh/contract/values/principal.ts";
import type { DelegationsPort } from "../kernel/delegations-port.ts";
import { defineOutside } from "../kernel/skill.ts";
import { commandRow } from "../kernel/state.ts";
import type { Crypto } from "../ports/crypto.ts";
import type { Database } from "../ports/database.ts";
import { type AgentRunDeps, type Given, readyAgent, runOnce } from "./agent-run.ts";
import { delegatedRun } from "./agents-table.ts";
import { runTaskId } from "./scheduler/run-id.ts";

export interface DelegateDeps extends AgentRunDeps {
  crypto: Crypto;
  soFar: DelegationsPort["soFar"];
  isRunning: (agent: string) => boolean;
}

/** Agents that wait for one another at most. */
const depthMax = 4;

/**
 * Runs an agent for somebody else. Its commands are caused by this one, so that the rights of all along the chain intersect
 * and what it spends counts for each of them. Nobody waits for who waits for them: what is at work already is refused.
 */
export function delegateSkill(deps: DelegateDeps) {
  const { reader, crypto, soFar, isRunning } = deps;
  return defineOutside(agentDelegate, {
    stored: "kept",
    journalled: ({ agent }) => ({ delegated: { agent } }),
    async run({ agent, input }, context) {
      const { commandId, principal, task } = context;
      const waiting = agentsAlong(reader, commandId);
      refuseEndless(agent, waiting);
      readyAgent(reader, agent);
      if (isRunning(agent)) throw new Fault("agent.busy", `${agent} is at work already. Ask again once it is done.`);
      const slot = delegatedRun(reader, commandId);
      const given: Given = { input: input ?? null, from: principal, origins: originsIn(soFar, principal, task) };
      const { ran, value } = await runOnce(deps, { agent, kind: "agent", ...slot, given, waiting }, context);
      const origins = originsIn(soFar, agentPrincipal(agent), runTaskId(crypto, { agent, ...slot }));
      return { ...ran, result: (value ?? null) as OutputOf<typeof agentDelegate>["result"], origins };
    },
  });
}

/** The agents whose commands led to this one, each once. */
function agentsAlong(db: Database, id: string): string[] {
  const names = new Set<string>();
  for (let row = commandRow(db, id); row; row = row.cause === null ? undefined : commandRow(db, row.cause))
    if (row.principal.startsWith("agent:")) names.add(row.principal.slice("agent:".length));
  return [...names];
}

function refuseEndless(agent: string, waiting: readonly string[]): void {
  if (waiting.includes(agent))
    throw new Fault("agent.busy", `${agent} waits for this itself, so it is not asked again: that would have no end.`);
  if (waiting.length >= depthMax)
    throw new Fault("cause.too-deep", `${depthMax} agents wait for one another already; the chain stops here.`);
}

/** Whose words somebody's may be: theirs, and of what they read in a task. What the owner typed is the owner's. */
function originsIn(soFar: DelegationsPort["soFar"], principal: Principal, task: string | undefined): string[] {
  if (isOwner(principal)) return ["owner"];
  const read = task === undefined ? [] : soFar(task).steps.map(({ step }) => step.skill ?? step.id);
  return [principal, ...new Set(read)];
}

import {
  allowAgentSkill,
  listAgentsSkill,
  pauseAgentSkill,
  renewAgentSkill,
  resumeAgentSkill,
  showAgentSkill,
  stopAgentSkill,
  waitingAgents,
} from "@mh/core/agents/agent.ts";
import type { Principal } from "@mh/contract/values/principal.ts";
import { agentLogSkill } from "@mh/core/agents/agent-log.ts";
import { type RunJob, runAgentSkill } from "@mh/core/agents/agent-run.ts";
import { agentInputSkill, delegateSkill } from "@mh/core/agents/delegate.ts";
import type { WaitingSource } from "@mh/core/feature.ts";
import type { PlansPort } from "@mh/core/kernel/plans-port.ts";
import type { Registry } from "@mh/core/kernel/registry.ts";
import type { Skill } from "@mh/core/kernel/skill.ts";
import type { Crypto } from "@mh/core/ports/crypto.ts";
import type { Database } from "@mh/core/ports/database.ts";
import type { AgentFiles } from "./agent-files.ts";
import { readRunLogs } from "./run-log.ts";
import type { AgentRuntime } from "./runtime.ts";

/** The skills by which the owner rules agents, and the one that runs them. */
export function agentSkills(parts: {
  root: string;
  crypto: Crypto;
  registry: Registry;
  timeZone: () => string;
  files: AgentFiles;
  runtime: AgentRuntime;
  reader: Database;
  readObject: (name: string) => string | undefined;
  plans: Pick<PlansPort, "soFar">;
}): { skills: Skill[]; waits: WaitingSource } {
  const { root, crypto, registry, timeZone, files, runtime, reader, readObject, plans } = parts;
  const deps = {
    ...{ crypto, registry, timeZone },
    files: () => files.all(),
    control: runtime.control.bind(runtime),
    isRunning: runtime.isRunning.bind(runtime),
  };
  const running = { reader, readObject, run: (job: RunJob) => runtime.run(job) };
  const skills = [
    listAgentsSkill(deps),
    showAgentSkill(deps),
    allowAgentSkill(deps),
    renewAgentSkill(deps),
    pauseAgentSkill(deps),
    resumeAgentSkill(deps),
    stopAgentSkill(deps),
    agentLogSkill({ read: (agent, runs) => readRunLogs(root, agent, runs) }),
    runAgentSkill(running),
    delegateSkill({ ...running, crypto, isRunning: deps.isRunning, soFar: (task) => plans.soFar(task) }),
    agentInputSkill({ given: (principal) => runtime.given(agentOf(principal)) }),
  ];
  return { skills, waits: waitingAgents(deps) };
}

const agentOf = (principal: Principal): string =>
  principal.startsWith("agent:") ? principal.slice("agent:".length) : "";

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
import { agentLogSkill } from "@mh/core/agents/agent-log.ts";
import { type RunJob, runAgentSkill } from "@mh/core/agents/agent-run.ts";
import { delegateSkill } from "@mh/core/agents/delegate.ts";
import type { WaitingSource } from "@mh/core/feature.ts";
import type { DelegationsPort } from "@mh/core/kernel/delegations-port.ts";
import type { Registry } from "@mh/core/kernel/registry.ts";
import type { Skill } from "@mh/core/kernel/skill.ts";
import type { Crypto } from "@mh/core/ports/crypto.ts";
import type { Database } from "@mh/core/ports/database.ts";
import type { LineCodec } from "@mh/core/ports/line-codec.ts";
import type { AgentFiles } from "./agent-files.ts";
import { readRunLogs } from "./run-log.ts";
import type { AgentRuntime } from "./runtime.ts";

/** The skills by which the owner rules agents, and the one that runs them. */
export function agentSkills(parts: {
  root: string;
  sealer?: LineCodec | undefined;
  crypto: Crypto;
  registry: Registry;
  timeZone: () => string;
  files: AgentFiles;
  runtime: AgentRuntime;
  reader: Database;
  readObject: (name: string) => string | undefined;
  delegations: Pick<DelegationsPort, "soFar">;
}): { skills: Skill[]; waits: WaitingSource } {
  const { root, sealer, crypto, registry, timeZone, files, runtime, reader, readObject, delegations } = parts;
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
    agentLogSkill({ read: (agent, runs) => readRunLogs(root, agent, runs, sealer) }),
    runAgentSkill(running),
    delegateSkill({ ...running, crypto, isRunning: deps.isRunning, soFar: (task) => delegations.soFar(task) }),
  ];
  return { skills, waits: waitingAgents(deps) };
}

import { agentLog } from "@mh/contract/agents.ts";
import type { RunText } from "@mh/contract/values/agent.ts";
import { defineQuery } from "../kernel/skill.ts";

/** What an agent's last runs said and did, the latest last. */
export function agentLogSkill({ read }: { read: (agent: string, runs: number) => RunText[] }) {
  return defineQuery(agentLog, { run: ({ name, runs }) => ({ runs: read(name, runs) }) });
}

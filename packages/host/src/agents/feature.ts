import { agentTables } from "@mh/core/agents/agents-table.ts";
import { agentSettings } from "@mh/core/agents/settings.ts";
import { defineFeature } from "@mh/core/feature.ts";
import { reachOf } from "@mh/core/kernel/attempts.ts";
import type { HomeParts } from "../wiring/home-parts.ts";
import { agentSkills } from "./agent-skills.ts";
import { AgentRuntime } from "./runtime.ts";

/** Programs of the owner's that work by a schedule, each in a sandbox. */
export const agentsFeature = defineFeature<HomeParts>({
  name: "agents",
  tables: [agentTables],
  settings: [agentSettings],
  install(parts) {
    const { registry, agentFiles, delegations } = parts;
    const runtime = new AgentRuntime({
      ...parts,
      give: (...given) => delegations.give(...given),
      reachOf: (skill) => reachOf(registry.find(skill)),
      isShipped: (source) => agentFiles.isShipped(source),
    });
    const { skills, waits } = agentSkills({ ...parts, runtime, files: agentFiles });
    return { skills, waits: [waits] };
  },
});

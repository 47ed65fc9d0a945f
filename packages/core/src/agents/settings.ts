import { z } from "zod";
import type { Config } from "../model/config.ts";
import { defineSettings } from "../settings/section.ts";

/** What each agent is told of its work: a section for each, by its name. */
export const agentSettings = defineSettings(
  "agents",
  z.record(z.string(), z.record(z.string(), z.unknown())).default({}),
  { entries: true },
);

/** An agent's own section; empty where there is none. An agent may be called `constructor`. */
export function agentSection(config: Config, name: string): Record<string, unknown> {
  const agents = agentSettings.of(config);
  return (Object.hasOwn(agents, name) && agents[name]) || {};
}

import { Fault } from "@mh/contract/values/fault.ts";
import type { Trigger } from "../../agent.ts";
import type { Config } from "../../model/config.ts";
import { agentSection } from "../settings.ts";
import { type AgentManifest, durationMs } from "./agent-manifest.ts";
import { cronFault } from "./cron.ts";

/**
 * An agent's manifest with the owner's own times in place of those of its file: `schedule` in the agent's section of
 * the settings is five cron fields, or `every 30m`, or a list of these. Throws `config.invalid`.
 */
export function withOwnSchedule(manifest: AgentManifest, config: Config): AgentManifest {
  const own = agentSection(config, manifest.name).schedule;
  if (own === undefined) return manifest;
  const times = [own].flat().map((text) => timeOf(manifest.name, String(text)));
  const others = manifest.triggers.filter((trigger) => !("cron" in trigger) && !("every" in trigger));
  return { ...manifest, triggers: [...times, ...others] };
}

function timeOf(name: string, text: string): Trigger {
  const every = /^every (\S+)$/.exec(text)?.[1];
  const fault = every === undefined ? cronFault(text) : everyFault(every);
  if (fault !== undefined) {
    throw new Fault("config.invalid", `config.yaml, agents.${name}.schedule: ${text} is no time: ${fault}.`);
  }
  return every === undefined ? { cron: text } : { every };
}

function everyFault(text: string): string | undefined {
  try {
    durationMs(text);
    return undefined;
  } catch (error) {
    return (error as Error).message;
  }
}

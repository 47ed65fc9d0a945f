import type { AgentDefinition, Trigger } from "../agent.ts";
export type AgentManifest = Required<Omit<AgentDefinition, "run" | "limits" | "triggers">> & {
  triggers: Trigger[];
  limits: { timeMs: number; cpuMs: number; memoryBytes: number };
};
export function durationMs(text: string): number {
  const m = /^(\d+)(s|m|h|d)$/.exec(text);
  if (!m) throw new TypeError(text);
  return Number(m[1]) * { s: 1000, m: 60_000, h: 3_600_000, d: 86_400_000 }[m[2] as "s"];
}

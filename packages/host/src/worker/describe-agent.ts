import type { AgentManifest } from "@mh/core/scheduler/agent-manifest.ts";
export async function describeAgent(_source: string, _options?: object): Promise<AgentManifest> {
  throw new Error("stub");
}

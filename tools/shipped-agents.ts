// Writes down which agents come with mh: the hash of each file of brain/agents that git knows, and what it declares. Run it
// when one changed.
import { execFileSync } from "node:child_process";
import { createHash } from "node:crypto";
import { readFileSync, writeFileSync } from "node:fs";
import { basename, join } from "node:path";
import { type AgentManifest, agentManifestSchema } from "../packages/core/src/agents/scheduler/agent-manifest.ts";

const root = join(import.meta.dirname, "..");
const tracked = execFileSync("git", ["ls-files", "-z", "brain/agents/*.ts"], { cwd: root, encoding: "utf8" });
const files = tracked.split("\0").filter((file) => file !== "" && !file.endsWith(".test.ts"));
const agents: Record<string, { hash: string; manifest: AgentManifest }> = {};
for (const file of files) {
  const path = join(root, file);
  const hash = createHash("sha256").update(readFileSync(path)).digest("hex");
  const { run: _run, ...declared } = (await import(path)).agent;
  agents[basename(file, ".ts")] = { hash, manifest: agentManifestSchema().parse(declared) };
}
const text = `// Made by \`npm run shipped-agents\`. An agent whose file changed by one byte is none of these.
import type { AgentManifest } from "@mh/core/agents/scheduler/agent-manifest.ts";

/**
 * Each agent that comes with mh: SHA-256 of its file, by which it is known, never by where it lies; and what that file
 * declares, so that it is not loaded to be listed.
 */
export const shippedAgents: Readonly<Record<string, { hash: string; manifest: AgentManifest }>> = ${JSON.stringify(agents, null, 2)};
`;
writeFileSync(join(root, "packages/host/src/agents/shipped-agents.ts"), text);

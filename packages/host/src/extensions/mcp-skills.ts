import type { McpServer } from "@mh/contract/values/mcp-server.ts";
import { extensionRows } from "@mh/core/extensions/extensions-table.ts";
import { allowMcpSkill, listMcpSkill, lookMcpSkill, removeMcpSkill, waitingServers } from "@mh/core/extensions/mcp.ts";
import { loginSkills } from "@mh/core/extensions/mcp-login.ts";
import { namedServer } from "@mh/core/extensions/mcp-server.ts";
import { toolSkills } from "@mh/core/extensions/mcp-tool.ts";
import { registryOf, registrySkills } from "@mh/core/extensions/registry/registry-skills.ts";
import { Staging } from "@mh/core/extensions/staging.ts";
import type { WaitingSource } from "@mh/core/feature.ts";
import type { Registry } from "@mh/core/kernel/registry.ts";
import type { Skill } from "@mh/core/kernel/skill.ts";
import type { Config } from "@mh/core/model/config.ts";
import type { Clock } from "@mh/core/ports/clock.ts";
import type { Database } from "@mh/core/ports/database.ts";
import type { Files } from "@mh/core/ports/files.ts";
import type { Http } from "@mh/core/ports/http.ts";
import type { Vault } from "../secrets/vault.ts";
import type { McpPool, PoolDeps } from "./mcp-pool.ts";
import type { Opened } from "./opened-mcp.ts";
import { registered } from "./registered.ts";
import { serverFiles } from "./server-files.ts";

interface McpParts extends Omit<PoolDeps, "tokens"> {
  http: Http;
  secrets: Vault;
  files: Files;
  clock: Clock;
  registry: Registry;
  reader: Database;
}

/** The skills by which the owner rules MCP servers; `register` makes the allowed tools usable. */
export function mcpSkills(
  parts: McpParts,
): { skills: Skill[]; register: () => void; waits: WaitingSource } & AsyncDisposable {
  const { crypto, hmacKey, registry, reader, files, clock, config } = parts;
  let opened: Promise<Opened> | undefined;
  const open = () => {
    opened ??= import("./opened-mcp.ts").then((module) => module.openMcp(parts));
    return opened;
  };
  const pool = async () => (await open()).pool;
  let names: string[] = [];
  const register = () => {
    for (const name of names) registry.remove(name);
    names = extensionRows(reader, "mcp").flatMap((row) =>
      registered(registry, row.name, () =>
        toolSkills(
          row,
          () => hostsOf(row.name),
          async (call) => (await pool()).call(call),
        ),
      ),
    );
  };
  const hostsOf = (name: string): string[] => {
    const server = namedServer(config(), name);
    return server?.url === undefined ? (server?.network ?? []) : [new URL(server.url).hostname];
  };
  const deps = {
    ...{ crypto, hmacKey, registry, reader, changed: register },
    staging: new Staging(files, clock, crypto),
    programFiles: serverFiles,
    compareRegistry: async (name: string, server: McpServer, config: Config, signal: AbortSignal) =>
      (await registryOf(parts, config)).comparePinned(name, server, signal),
    offer: async (...asked: Parameters<McpPool["offer"]>) => (await pool()).offer(...asked),
  };
  return {
    skills: [
      ...[listMcpSkill(deps), lookMcpSkill(deps), allowMcpSkill(deps), removeMcpSkill(deps)],
      ...registrySkills(parts),
      ...loginSkills(async () => (await open()).logins),
    ],
    register,
    waits: waitingServers(deps),
    async [Symbol.asyncDispose]() {
      await (await opened)?.[Symbol.asyncDispose]();
    },
  };
}

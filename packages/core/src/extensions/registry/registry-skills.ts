import { mcpEntry, mcpFind } from "@mh/contract/mcp-registry.ts";
import { always, defineOutside } from "../../kernel/skill.ts";
import type { Config } from "../../model/config.ts";
import { mcpRegistrySettings } from "../settings.ts";
import type { Registry, RegistryDeps } from "./registry.ts";

export async function registryOf(deps: RegistryDeps, config: Config): Promise<Registry> {
  const { Registry } = await import("./registry.ts");
  return new Registry(deps, mcpRegistrySettings.of(config).url);
}

/** What the registry says is a third party's word: it is shown, and pinned by its hash where the owner takes it. */
export function registrySkills(deps: RegistryDeps) {
  return [
    defineOutside(mcpFind, {
      ...{ stored: "kept", classify: always("admin", "low") },
      async run({ words }, { config, signal }) {
        const registry = await registryOf(deps, config);
        const servers = await registry.find(words, signal);
        const found = servers.map(({ name, version, description, remotes }) => ({
          ...{ name, version, description },
          isAddress: remotes.length > 0,
        }));
        return { registry: registry.host, servers: found };
      },
    }),
    defineOutside(mcpEntry, {
      ...{ stored: "kept", classify: always("admin", "low") },
      async run({ name, version }, { config, signal }) {
        const registry = await registryOf(deps, config);
        const { server, status, hash } = await registry.entry(name, version, signal);
        const { version: exact, description } = server;
        const { waysOf } = await import("./server-json.ts");
        return { registry: registry.host, name, version: exact, description, status, hash, ways: waysOf(server) };
      },
    }),
  ];
}

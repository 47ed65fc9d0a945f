import { mcpEntry, mcpFind } from "@mh/contract/mcp-registry.ts";
import { always, defineOutside } from "../../kernel/skill.ts";
import type { Config } from "../../model/config.ts";
import { mcpRegistrySettings } from "../settings.ts";
import { Registry, type RegistryDeps } from "./registry.ts";
import { waysOf } from "./server-json.ts";

export const registryOf = (deps: RegistryDeps, config: Config): Registry =>
  new Registry(deps, mcpRegistrySettings.of(config).url);

/** What the registry says is a third party's word: it is shown, and pinned by its hash where the owner takes it. */
export function registrySkills(deps: RegistryDeps) {
  return [
    defineOutside(mcpFind, {
      ...{ stored: "kept", classify: always("admin", "low") },
      async run({ words }, { config, signal }) {
        const registry = registryOf(deps, config);
        const servers = await registry.find(words, signal);
        const told = servers.map(({ name, version, description, remotes }) => ({
          ...{ name, version, description },
          isAddress: remotes.length > 0,
        }));
        return { registry: registry.host, servers: told };
      },
    }),
    defineOutside(mcpEntry, {
      ...{ stored: "kept", classify: always("admin", "low") },
      async run({ name, version }, { config, signal }) {
        const registry = registryOf(deps, config);
        const { server, status, hash } = await registry.entry(name, version, signal);
        const { version: exact, description } = server;
        return { registry: registry.host, name, version: exact, description, status, hash, ways: waysOf(server) };
      },
    }),
  ];
}

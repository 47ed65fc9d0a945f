import { mcpRegistrySettings, mcpServerSettings } from "@mh/core/extensions/settings.ts";
import { defineFeature } from "@mh/core/feature.ts";
import type { HomeParts } from "../wiring/home-parts.ts";
import { mcpSkills } from "./mcp-skills.ts";
import { packageSkills } from "./package-skills.ts";

/** Skills and MCP servers of third parties, each at the hash that the owner allowed. */
export const extensionsFeature = defineFeature<HomeParts>({
  name: "extensions",
  settings: [mcpServerSettings, mcpRegistrySettings],
  install(parts) {
    const packages = packageSkills(parts);
    const servers = parts.use(mcpSkills(parts));
    return {
      skills: [...packages.skills, ...servers.skills],
      waits: [packages.waits, servers.waits],
      opened() {
        packages.register();
        servers.register();
      },
    };
  },
});

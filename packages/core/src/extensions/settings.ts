import { mcpServerSchema } from "@mh/contract/values/mcp-server.ts";
import { z } from "zod";
import { defineSettings } from "../settings/section.ts";

/** Servers of the Model Context Protocol, each by its name; see mcp-server.ts. */
export const mcpServerSettings = defineSettings("mcpServers", z.record(z.string(), mcpServerSchema()).default({}));

/** Where servers are looked for by name; the official registry, where nothing is said. */
export const mcpRegistrySettings = defineSettings(
  "mcpRegistry",
  z
    .looseObject({
      url: z
        .url({ protocol: /^https?$/, error: "a URL begins with https:// or http://" })
        .default("https://registry.modelcontextprotocol.io/"),
    })
    .prefault({}),
  { values: ["url"] },
);

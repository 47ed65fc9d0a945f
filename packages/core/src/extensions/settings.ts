import { mcpServerSchema } from "@mh/contract/values/mcp-server.ts";
import { z } from "zod";
import { defineSettings } from "../settings/section.ts";

/** Servers of the Model Context Protocol, each by its name; see mcp-server.ts. */
export const mcpServerSettings = defineSettings("mcpServers", z.record(z.string(), mcpServerSchema).default({}));

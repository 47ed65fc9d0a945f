import { Fault } from "@mh/contract/values/fault.ts";
import { changedYaml } from "../settings/settings.ts";

/** The text of `config.yaml` with one MCP server set, or removed; comments and order stay. */
export function editMcpServers(text: string, name: string, server: Record<string, unknown> | undefined): string {
  const changed = changedYaml(text, (document) => {
    if (server === undefined) document.deleteIn(["mcpServers", name]);
    else document.setIn(["mcpServers", name], document.createNode(server));
  });
  if (changed !== undefined) return changed;
  throw new Fault("config.invalid", "config.yaml cannot be read as it is. `mh config edit` repairs it.");
}

import { editText } from "../settings/settings.ts";

/** The text of `config.yaml` with one MCP server set, or taken out; comments and order stay. Throws `args.invalid`. */
export function editMcpServers(text: string, name: string, server: Record<string, unknown> | undefined): string {
  return editText(text, (document) => {
    if (server === undefined) document.deleteIn(["mcpServers", name]);
    else document.setIn(["mcpServers", name], document.createNode(server));
  });
}

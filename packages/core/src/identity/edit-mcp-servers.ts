import { parseDocument } from "yaml";
import { Fault } from "../model/fault.ts";
import { parseSettings } from "./settings.ts";

/** The text of `config.yaml` with one MCP server set, or taken out; comments and order stay. Throws `args.invalid`. */
export function editMcpServers(text: string, name: string, server: Record<string, unknown> | undefined): string {
  const document = parseDocument(text, { logLevel: "error" });
  if (document.errors.length > 0) parseSettings(text);
  if (server === undefined) document.deleteIn(["mcpServers", name]);
  else document.setIn(["mcpServers", name], document.createNode(server));
  const changed = document.toString({ lineWidth: 0 });
  try {
    parseSettings(changed);
  } catch (cause) {
    const why = (cause as Error).message.replace(/^config\.yaml line \d+: | Mend it by hand; the rest works\.$/g, "");
    throw new Fault("args.invalid", `Nothing was changed: ${why}`, { cause });
  }
  return changed;
}

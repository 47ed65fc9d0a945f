import type { Command } from "@commander-js/extra-typings";
import { Fault } from "@mh/contract/values/fault.ts";
import { visible } from "@mh/contract/visible/visible.ts";
import { editMcpServers } from "@mh/core/extensions/edit-mcp-servers.ts";
import { actOnce, type Context } from "../command.ts";
import { consent } from "../consent.ts";
import { hang, table, wrap } from "../print.ts";

export function addFindCommand(parser: Command, context: Context): void {
  parser
    .command("find <words>")
    .description("Look for servers in the registry that the settings name (mcpRegistry).")
    .addHelpText("after", "\nExample:\n  mh mcp find weather")
    .action(async (words) => {
      const { print } = context;
      const found = await actOnce(context, "mcp.find", { words });
      if (print.isJson) return print.json(found);
      if (found.servers.length === 0) return print.line(`${visible(found.registry)} has none of that name.`);
      print.page();
      const rows = found.servers.map(({ name, version, description, isAddress }) => [
        visible(name),
        visible(version),
        isAddress ? "address" : "package",
        visible(description),
      ]);
      print.line(table(rows, print.width, { head: ["name", "version", "", "says of itself"].map(print.color.dim) }));
    });
}

/** Names a server by what the registry says of it, pinned by the hash of all of that. */
export async function addFromRegistry(
  context: Context,
  server: string,
  {
    registry: name,
    version,
    yes = false,
  }: { registry: string; version?: string | undefined; yes?: boolean | undefined },
): Promise<void> {
  const { print } = context;
  const entry = await actOnce(context, "mcp.entry", { name, ...(version !== undefined && { version }) });
  const { text, inForce } = await actOnce(context, "config.show", {}, { make: true });
  const known = ((inForce.mcpServers ?? {}) as Record<string, { registry?: { name: string; hash: string } }>)[server];
  if (known && known.registry?.name !== name)
    throw new Fault("usage", `${server} is in config.yaml already, as another server. \`mh config edit\` changes it.`);
  if (entry.status === "deleted")
    throw new Fault("mcp.failed", `${entry.registry} has taken ${name} away: it is not to be used any more.`);
  const way = entry.ways.find(({ why }) => why === null);
  if (!way?.url) {
    const whys = entry.ways.map(({ how, why }) => `${how}: ${why}`).join("; ") || "it says nowhere how";
    throw new Fault("mcp.failed", `${name} ${entry.version} cannot be reached from here. ${visible(whys)}.`);
  }
  const filled = (each: string) => each.replaceAll("{server}", server);
  const headers = Object.fromEntries(Object.entries(way.headers).map(([key, value]) => [key, filled(value)]));
  await consent(context, {
    tell: () => {
      const say = (label: string, words: string) =>
        print.line(hang(`  ${print.color.dim(label.padEnd(9))} `, visible(words), print.width));
      print.line(print.color.bold(visible(`${name} ${entry.version}`)));
      if (entry.status !== "active") say("careful", `the registry calls it ${entry.status}`);
      if (known?.registry)
        say("careful", known.registry.hash === entry.hash ? "nothing changed" : "it is not what you added before");
      say("says", entry.description);
      say("at", way.url ?? "");
      for (const [key, value] of Object.entries(headers)) say("with", `${key}: ${value}`);
      for (const note of way.notes) say("note", filled(note));
      say("pinned", `${entry.hash.slice(0, 12)}, as ${entry.registry} says it`);
    },
    question: `Name it ${visible(server)} in config.yaml?`,
    later: `mh mcp add ${server} --registry ${name} --version ${entry.version} --yes`,
    isDecided: yes,
  });
  const pinned = {
    url: way.url,
    ...(Object.keys(headers).length > 0 && { headers }),
    registry: { name, version: entry.version, hash: entry.hash },
  };
  await actOnce(context, "config.write", { text: editMcpServers(text, server, pinned) });
  if (print.isJson) return print.json({ server, ...pinned });
  print.line(
    wrap(
      `${visible(server)} is in config.yaml. \`mh mcp allow ${visible(server)}\` asks it what it offers.`,
      print.width,
    ),
  );
}

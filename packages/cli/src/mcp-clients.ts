import type { Command } from "@commander-js/extra-typings";
import { Fault } from "@mh/contract/values/fault.ts";
import { visible } from "@mh/contract/visible/visible.ts";
import { actOnce, type Context, valueFrom } from "./command.ts";
import { consent } from "./consent.ts";
import { listClients, revokeClient } from "./device-clients.ts";
import { wrap } from "./print.ts";

/** What a program reads at once, what it puts into the review list, and what it asks for each time. More is `mh grant give`. */
const reads = ["tool.list", "memory.search", "memory.ask", "task.list", "approval.mine"] as const;
const proposes = ["proposal.make"] as const;
const asks = ["task.add"] as const;

/** `mh mcp serve` and `mh mcp client …`: mh as the server of other programs' models. */
export function serverCommands(parser: Command, context: Context): void {
  parser
    .command("serve <client>")
    .description("Serve a program of yours over standard input and output: what its configuration starts.")
    .addHelpText(
      "after",
      `\nExample:\n  mh mcp serve claude\n\nAs the program's configuration names it:\n${indent(stdioConfig("mh", [], "claude"))}`,
    )
    .action((client) => serve(context, client));
  const clients = parser.command("client").description("Programs whose models use mh over MCP.");
  clients.addHelpText("after", "\nExample:\n  mh mcp client add claude");
  clients
    .command("list", { isDefault: true })
    .description("Which programs there are.")
    .addHelpText("after", "\nExample:\n  mh mcp client list")
    .action(() => listClients(context));
  clients
    .command("add <name>")
    .description("Let a program search, ask and list tasks, propose memories for your review, and ask to add tasks.")
    .option("--read-only", "it proposes nothing, and asks for nothing")
    .option("--yes", "do not show it and ask")
    .addHelpText("after", "\nExamples:\n  mh mcp client add claude\n  mh mcp client add editor --read-only")
    .action((name, options) => add(context, name, options));
  clients
    .command("revoke <client>")
    .description("Take its token, its grants and its trust back, at once.")
    .addHelpText("after", "\nExample:\n  mh mcp client revoke claude")
    .action((name) => revokeClient(context, name));
}

async function serve(context: Context, name: string): Promise<void> {
  const { print, root, signal } = context;
  if (process.stdin.isTTY) {
    const next = `\`mh mcp serve --help\` shows what to write into its configuration`;
    throw new Fault("usage", `A program starts this, and speaks MCP with it. ${next}.`);
  }
  const { serveMcpStdio } = await import("@mh/host/serve/mcp/serve-stdio.ts");
  await serveMcpStdio({
    ...{ root, name, signal, input: process.stdin, output: process.stdout },
    note: (text) => print.note(visible(text)),
    connect: () => context.connect(),
  });
}

async function add(context: Context, name: string, options: { readOnly?: boolean; yes?: boolean }): Promise<void> {
  const { print } = context;
  const may = options.readOnly ? [] : asks;
  const uses = options.readOnly ? reads : [...reads, ...proposes];
  const principal = `client:${name}`;
  await consent(context, {
    tell: () => {
      print.line(wrap(`${visible(principal)} may use at once: ${uses.join(", ")}.`, print.width));
      if (may.length === 0) return;
      print.line(
        wrap("What it proposes waits in your review list, and is no memory before: `mh proposal`.", print.width),
      );
      print.line(wrap(`It may ask, each time for your approval: ${may.join(", ")}.`, print.width));
      print.line(wrap("For that it is trusted as far as `suggest`.", print.width));
    },
    question: `Let ${visible(name)} in?`,
    later: `mh mcp client add ${name}${options.readOnly ? " --read-only" : ""} --yes`,
    isDecided: options.yes ?? false,
  });
  await using client = await context.connect();
  const { token } = valueFrom(
    context,
    await client.act("client.add", { name, ...(may.length > 0 && { may: [...may] }) }),
  );
  for (const skill of uses) valueFrom(context, await client.act("grant.give", { principal, skill }));
  if (may.length > 0) valueFrom(context, await client.act("trust.set", { principal, level: "suggest" }));
  const url = await addressOf(context);
  if (print.isJson) return print.json({ name, principal, token, url });
  // What is built into a clone is no program of its own, and the program that starts it may have another Node, or none.
  const mh = process.argv[1] ?? "mh";
  print.line("\nWhere the program starts its servers itself:");
  print.line(stdioConfig(process.execPath, [mh, "--home", context.root], name));
  print.line("\nWhere it reaches them at an address, while the daemon runs:");
  print.line(httpConfig(url, token));
  print.note(
    `\nThe token is shown this once. More: mh grant give ${visible(principal)} SKILL. Back: mh mcp client revoke ${visible(name)}`,
  );
}

async function addressOf(context: Context): Promise<string> {
  const { findDaemon } = await import("@mh/host/daemon/daemon-file.ts");
  const running = findDaemon(context.root)?.url;
  if (running !== undefined) return `${running}/mcp`;
  const { inForce } = await actOnce(context, "config.show", {});
  const { daemonAddress } = await import("@mh/core/devices/device.ts");
  return `${daemonAddress(inForce.daemon as Parameters<typeof daemonAddress>[0])}mcp`;
}

/** As Claude, VS Code and most others read it, but for the name of the outermost field. */
function stdioConfig(mh: string, options: readonly string[], name: string): string {
  return configOf({ command: mh, args: [...options, "mcp", "serve", name] });
}

const httpConfig = (url: string, token: string): string =>
  configOf({ type: "http", url, headers: { Authorization: `Bearer ${token}` } });

const configOf = (server: object): string => JSON.stringify({ mcpServers: { mh: server } }, null, 2);

const indent = (text: string): string => text.replace(/^/gm, "  ");

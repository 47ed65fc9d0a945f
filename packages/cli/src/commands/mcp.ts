import { Option } from "@commander-js/extra-typings";
import type { McpView } from "@mh/contract/mcp.ts";
import { type Effect, effects, type Risk, risks } from "@mh/contract/values/effect.ts";
import { Fault } from "@mh/contract/values/fault.ts";
import { visible } from "@mh/contract/visible/visible.ts";
import { editMcpServers } from "@mh/core/extensions/edit-mcp-servers.ts";
import { actOnce, type CommandModule, type Context } from "../command.ts";
import { consent } from "../consent.ts";
import { addImportCommand } from "../mcp/import.ts";
import { addLoginCommands, forgetSignIn } from "../mcp/login.ts";
import { addFindCommand, addFromRegistry } from "../mcp/registry.ts";
import { serverCommands } from "../mcp-clients.ts";
import { tellServer } from "../mcp-view.ts";
import { counted } from "../numbers.ts";
import { each } from "../options.ts";
import { table, wrap } from "../print.ts";

interface AddOptions {
  url?: string;
  registry?: string;
  version?: string;
  yes?: boolean;
  env?: string[];
  header?: string[];
  read?: string[];
  write?: string[];
  network?: string[];
}

interface AllowOptions {
  yes?: boolean;
  tool?: string[];
  effect?: Exclude<Effect, "admin">;
  risk?: Risk;
  control?: string;
}

export const command: CommandModule = {
  uses: [
    ...["mcp.list", "mcp.look", "mcp.allow", "mcp.remove", "config.show", "config.write"],
    ...["mcp.discover", "mcp.sign-in", "mcp.signed-in", "mcp.sign-out", "mcp.find", "mcp.entry"],
    ...["secret.list", "secret.set"],
    ...["client.list", "client.add", "client.revoke", "grant.give", "trust.set"],
    // What it serves, it serves as somebody lesser, who has what the owner granted.
    "*",
  ],
  build(parser, context) {
    parser.addHelpText(
      "after",
      "\nExamples:\n  mh mcp add notes --read ~/notes -- node /opt/notes/server.js\n  mh mcp allow notes\n  mh mcp list",
    );
    parser
      .command("list", { isDefault: true })
      .description("MCP servers: which your settings name, and which tools of each you allowed.")
      .addHelpText("after", "\nExample:\n  mh mcp list")
      .action(() => list(context));
    parser
      .command("show <server>")
      .description("Ask a server what it offers, and show what differs from what you allowed.")
      .addHelpText("after", "\nExample:\n  mh mcp show notes")
      .action((server) => show(context, server));
    parser
      .command("add <server> [command...]")
      .description(
        "Name a server in config.yaml: a program in a sandbox, or an address. It is not used before `allow`.",
      )
      .option("--url <url>", "an address, instead of a program")
      .option("--registry <name>", "what the registry says of a server, instead of both")
      .option("--version <version>", "of the registry: this one; the latest without")
      .option("--yes", "of the registry: do not show it and ask")
      .option("--env <NAME=value>", "a variable; {{secret:NAME}} stands for a secret", each)
      .option("--header <Name: value>", "a header, for an address", each)
      .option("--read <path>", "a folder or file that it may read", each)
      .option("--write <path>", "a folder that it may change", each)
      .option("--network <host>", "a host that it may reach; it has no network without", each)
      .addHelpText(
        "after",
        "\nExamples:\n  mh mcp add notes --read ~/notes -- node /opt/notes/server.js\n  mh mcp add wiki --url https://wiki.example/mcp\n  mh mcp add notes --registry io.github.somebody/notes",
      )
      .action((server, words, options) => add(context, server, words, options));
    parser
      .command("allow <server>")
      .description("Allow its tools, each as it describes itself now. What it says of their effects is a hint only.")
      .option("--tool <name>", "this tool only; may be given again", each)
      .addOption(
        new Option("--effect <effect>", "what these tools do").choices(effects.filter((each) => each !== "admin")),
      )
      .addOption(new Option("--risk <risk>", "how bad it can be").choices(risks))
      .option("--control <names>", "arguments that control the effect, with commas; all of them, if you do not say")
      .option("--yes", "do not show them and ask")
      .addHelpText(
        "after",
        "\nExamples:\n  mh mcp allow notes\n  mh mcp allow notes --tool search --effect read --risk low --control ''",
      )
      .action((server, options) => allow(context, server, options));
    addFindCommand(parser, context);
    addImportCommand(parser, context);
    addLoginCommands(parser, context);
    parser
      .command("remove <server>")
      .description("Remove its tools, and its name from config.yaml.")
      .addHelpText("after", "\nExample:\n  mh mcp remove notes")
      .action((server) => remove(context, server));
    serverCommands(parser, context);
  },
};

async function list(context: Context): Promise<void> {
  const { print } = context;
  const { servers } = await actOnce(context, "mcp.list", {});
  if (print.isJson) return print.json({ servers });
  if (servers.length === 0) return print.line("No MCP servers. `mh mcp add` names one in config.yaml.");
  const { green, yellow, red, dim } = print.color;
  const colors = { on: green, off: yellow, changed: red, gone: red, refused: red };
  const rows = servers.map((each) => [
    visible(each.server),
    colors[each.state](each.state),
    each.tools.length > 0 ? counted(each.tools.length, "tool") : "",
    visible([each.how, ...each.reaches].filter(Boolean).join("; ")),
  ]);
  print.page();
  print.line(table(rows, print.width, { head: ["server", "state", "", "how it is reached"].map(dim) }));
  for (const { server, state, fault } of servers) {
    if (state === "off") print.note(`${visible(server)} waits for your permission: mh mcp allow ${visible(server)}`);
    if (state === "changed")
      print.note(`${visible(server)} is reached differently now, and is not used: mh mcp allow ${visible(server)}`);
    if (fault !== null) print.note(visible(fault));
  }
}

async function show(context: Context, server: string): Promise<void> {
  const { print } = context;
  const { server: view } = await actOnce(context, "mcp.look", { server });
  if (print.isJson) return print.json({ server: view });
  print.page();
  tellServer(print, view);
}

async function add(context: Context, name: string, words: string[], options: AddOptions): Promise<void> {
  const { print } = context;
  const [program, ...args] = words;
  if (!/^[a-z0-9]+(-[a-z0-9]+)*$/.test(name))
    throw new Fault("usage", "A server's name is small letters, digits and dashes.");
  const { registry, version, yes } = options;
  if (registry !== undefined) return addFromRegistry(context, name, { registry, version, yes });
  if ((program === undefined) === (options.url === undefined))
    throw new Fault("usage", "Give the server's program after `--`, or its address with --url.");
  const { absoluteFolder } = await import("@mh/host/places.ts");
  const whole = (paths: string[] = []) => paths.map((each) => absoluteFolder(each) ?? each);
  const server = {
    ...(program === undefined ? { url: options.url } : { command: program, ...(args.length > 0 && { args }) }),
    ...(options.env && { env: pairs(options.env, "=") }),
    ...(options.header && { headers: pairs(options.header, ":") }),
    ...(options.read && { read: whole(options.read) }),
    ...(options.write && { write: whole(options.write) }),
    ...(options.network && { network: options.network.map((host) => host.toLowerCase()) }),
  };
  const { text, inForce } = await actOnce(context, "config.show", {}, { make: true });
  if (Object.hasOwn((inForce.mcpServers ?? {}) as object, name))
    throw new Fault("usage", `${name} is in config.yaml already. \`mh config edit\` changes it.`);
  await actOnce(context, "config.write", { text: editMcpServers(text, name, server) });
  if (print.isJson) return print.json({ server: name });
  print.line(
    wrap(
      `${visible(name)} is in config.yaml. \`mh mcp allow ${visible(name)}\` asks it what it offers, and allows its tools.`,
      print.width,
    ),
  );
}

function pairs(given: readonly string[], sign: string): Record<string, string> {
  const parted = given.map((each) => {
    const at = each.indexOf(sign);
    if (at < 1) throw new Fault("usage", `${visible(each.slice(0, 40))} has no \`${sign}\`.`);
    return [each.slice(0, at).trim(), each.slice(at + 1).trimStart()];
  });
  return Object.fromEntries(parted);
}

async function allow(context: Context, server: string, options: AllowOptions): Promise<void> {
  const { print } = context;
  const { stage, hash, server: view } = await actOnce(context, "mcp.look", { server });
  const tools =
    options.tool ?? view.tools.filter(({ state }) => ["on", "new", "changed"].includes(state)).map(({ tool }) => tool);
  const control = options.control
    ?.split(",")
    .map((name) => name.trim())
    .filter(Boolean);
  const said = {
    ...(options.effect && { effect: options.effect }),
    ...(options.risk && { risk: options.risk }),
    ...(control && { control }),
  };
  const judged = Object.keys(said).length > 0 ? { judged: Object.fromEntries(tools.map((tool) => [tool, said])) } : {};
  await consent(context, {
    tell: () => tellServer(print, asSaid(view, said), tools),
    question: `Allow ${counted(tools.length, "tool")}?`,
    later: ["mh mcp allow", server, ...again(options), "--yes"].join(" "),
    isDecided: options.yes ?? false,
  });
  const value = await actOnce(context, "mcp.allow", {
    stage,
    hash,
    tools,
    ...judged,
  });
  if (print.isJson) return print.json(value);
  print.line(wrap(`In: ${visible(value.skills.join(", ") || "nothing")}.`, print.width));
}

const again = ({ tool = [], effect, risk, control }: AllowOptions): string[] => [
  ...tool.map((name) => `--tool ${name}`),
  ...(effect === undefined ? [] : [`--effect ${effect}`]),
  ...(risk === undefined ? [] : [`--risk ${risk}`]),
  ...(control === undefined ? [] : [`--control '${control}'`]),
];

/** What is asked about is what will be allowed: with what the owner says of it. */
const asSaid = (view: McpView, said: object): McpView => ({
  ...view,
  tools: view.tools.map((tool) => ({ ...tool, ...said })),
});

async function remove(context: Context, server: string): Promise<void> {
  const { print } = context;
  const { servers } = await actOnce(context, "mcp.list", {});
  const view = servers.find((each) => each.server === server);
  if (!view)
    throw new Fault("skill.unknown", `There is no MCP server ${server}. \`mh mcp list\` shows which there are.`);
  if (!["off", "refused"].includes(view.state)) await actOnce(context, "mcp.remove", { server });
  if (/^https?:/.test(view.how)) await forgetSignIn(context, server);
  if (view.state !== "gone") {
    const { text } = await actOnce(context, "config.show", {});
    await actOnce(context, "config.write", { text: editMcpServers(text, server, undefined) });
  }
  if (print.isJson) return print.json({ server });
  print.line(`${visible(server)} is out, and nobody may use its tools any more.`);
}

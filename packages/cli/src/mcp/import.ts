import type { Command } from "@commander-js/extra-typings";
import { Fault } from "@mh/contract/values/fault.ts";
import { visible } from "@mh/contract/visible/visible.ts";
import type { ClientConfig } from "@mh/core/extensions/clients/read-client-config.ts";
import type { BesideConfig } from "@mh/core/extensions/clients/servers-beside.ts";
import { editMcpServers } from "@mh/core/extensions/edit-mcp-servers.ts";
import { actOnce, actUnlocked, type Context, valueFrom } from "../command.ts";
import { consent } from "../consent.ts";
import { counted } from "../numbers.ts";
import { hang, wrap } from "../print.ts";

type Taken = ClientConfig["taken"][number];

/** What a file would bring, beside what is here already. */
interface Plan extends BesideConfig {
  file: string;
}

export function addImportCommand(parser: Command, context: Context): void {
  parser
    .command("import [file]")
    .description(
      "Take over the servers that another program names: Claude, Cursor, VS Code and others. None is started.",
    )
    .option("--yes", "do not ask")
    .addHelpText("after", "\nExamples:\n  mh mcp import\n  mh mcp import ~/.cursor/mcp.json")
    .action((file, { yes }) => importServers(context, file, yes ?? false));
}

async function importServers(context: Context, file: string | undefined, yes: boolean): Promise<void> {
  const { print, environment } = context;
  const { readClientConfig } = await import("@mh/core/extensions/clients/read-client-config.ts");
  const { clientFiles, ownersFolder, readClientFile } = await import("@mh/host/extensions/client-files.ts");
  const { text, inForce } = await actOnce(context, "config.show", {}, { make: true });
  const files = file === undefined ? clientFiles(environment, process.cwd()) : [file];
  if (files.length === 0)
    throw new Fault(
      "file.not-found",
      "No program here names MCP servers where mh looks. `mh mcp import FILE` names one.",
    );
  const servers = (inForce.mcpServers ?? {}) as Record<string, unknown>;
  const { SecretNames } = await import("@mh/core/extensions/clients/secret-names.ts");
  const { serversBeside } = await import("@mh/core/extensions/clients/servers-beside.ts");
  const secrets = new SecretNames(await actOnce(context, "secret.list", {}));
  const plans: Plan[] = [];
  const named = new Map(Object.entries(servers));
  for (const each of files) {
    try {
      const config = readClientConfig(readClientFile(each), { home: ownersFolder(environment) });
      const plan = { file: each, ...serversBeside(config, { named, secrets }) };
      for (const { name, server } of plan.taken) named.set(name, server);
      plans.push(plan);
    } catch (error) {
      // Of a file that nobody named, only that it is none of these.
      if (!(error instanceof Fault) || file !== undefined) throw error;
    }
  }
  const taken = plans.flatMap((plan) => plan.taken);
  if (print.isJson && taken.length === 0) return print.json(reported(plans));
  // What is left out is told whether it is asked or not.
  if (!print.isJson) tell(context, plans);
  if (taken.length > 0)
    await consent(context, {
      tell: () => undefined,
      question: `Write ${counted(taken.length, "server")} into config.yaml?`,
      later: ["mh mcp import", ...(file === undefined ? [] : [`'${file}'`]), "--yes"].join(" "),
      isDecided: yes,
    });
  if (taken.length > 0) await take(context, text, taken);
  if (print.isJson) return print.json(reported(plans));
  if (taken.length === 0) return print.line("Nothing to take over.");
  const names = taken.map(({ name }) => name);
  print.line(
    wrap(
      `In config.yaml now: ${visible(names.join(", "))}. None was started: \`mh mcp allow NAME\` looks at one.`,
      print.width,
    ),
  );
}

/** Secrets first: the settings never name one that is not there. One that was kept before it was cut off is told of next time. */
async function take(context: Context, text: string, taken: readonly Taken[]): Promise<void> {
  const { root, environment } = context;
  const { offerSecret } = await import("@mh/host/secrets/offer-secret.ts");
  await using client = await context.connect();
  for (const { name, value } of taken.flatMap(({ secrets }) => secrets)) {
    const offer = offerSecret(root, environment, value);
    try {
      valueFrom(context, await actUnlocked(context, client, "secret.set", { name, offer: offer.id }));
    } finally {
      offer.withdraw();
    }
  }
  const changed = taken.reduce((edited, { name, server }) => editMcpServers(edited, name, server), text);
  valueFrom(context, await actUnlocked(context, client, "config.write", { text: changed }));
}

function tell({ print }: Context, plans: readonly Plan[]): void {
  const { bold, dim, green, yellow } = print.color;
  const say = (label: string, text: string) =>
    print.line(hang(`    ${dim(label.padEnd(7))} `, visible(text), print.width));
  for (const { file, taken, left, known } of plans) {
    print.line(bold(visible(file)));
    for (const { name, server, secrets, notes } of taken) {
      print.line(`  ${green("+")} ${visible(name)}`);
      say("by", server.url ?? [server.command, ...(server.args ?? [])].join(" "));
      for (const [key, value] of Object.entries({ ...server.env, ...server.headers })) say("with", `${key}: ${value}`);
      if (secrets.length > 0) say("secrets", `kept apart: ${secrets.map((each) => each.name).join(", ")}`);
      for (const note of notes) say("note", note);
    }
    if (known.length > 0) print.line(dim(`  = ${visible(known.join(", "))}: here already`));
    for (const { name, why } of left) print.line(hang(`  ${yellow("-")} `, visible(`${name}: ${why}`), print.width));
  }
}

/** Without the values of secrets. */
const reported = (plans: readonly Plan[]) => ({
  files: plans.map(({ file, taken, left, known }) => ({
    file,
    taken: taken.map(({ name, server, secrets, notes }) => ({
      name,
      server,
      secrets: secrets.map((each) => each.name),
      notes,
    })),
    ...{ left, known },
  })),
});

import type { Command } from "@commander-js/extra-typings";
import type { LeftBehind } from "@mh/contract/devices.ts";
import { visible } from "@mh/contract/visible/visible.ts";
import { actOnce, type Context, exitCodes, valueFrom } from "./command.ts";
import { counted } from "./numbers.ts";
import { shortId, table } from "./print.ts";

/** `mh device client …`: programs that are nobody's device, each a principal of its own. */
export function clientCommands(parser: Command, context: Context): void {
  const { print } = context;
  parser.addHelpText("after", "\nExample:\n  mh device client add notebook");
  parser
    .command("list", { isDefault: true })
    .description("Which programs have tokens.")
    .addHelpText("after", "\nExample:\n  mh device client list")
    .action(() => listClients(context));
  parser
    .command("add <name>")
    .description("Give a program a token of its own: it observes, and uses what you grant it.")
    .addHelpText("after", "\nExample:\n  mh device client add notebook")
    .action(async (name) => {
      await using client = await context.connect();
      const outcome = await client.act("client.add", { name });
      if (outcome.status === "repeated") {
        print.note(`The token was lost on its way. Next: mh device client revoke ${visible(name)}, then add it again.`);
        process.exitCode = exitCodes.failed;
        return;
      }
      const value = valueFrom(context, outcome);
      if (print.isJson) return print.json(value);
      print.line(value.token);
      print.note(`It is shown this once. Next: mh grant give ${visible(value.principal)} memory.search`);
    });
  parser
    .command("revoke <client>")
    .description("Take a program's token back, at once.")
    .addHelpText("after", "\nExample:\n  mh device client revoke notebook")
    .action((name) => revokeClient(context, name));
}

export async function listClients(context: Context): Promise<void> {
  const { print } = context;
  const { clients } = await actOnce(context, "client.list", {});
  if (print.isJson) return print.json({ clients });
  if (clients.length === 0) return print.line("No programs. `mh device client add notebook` gives one a token.");
  const rows = clients.map(({ id, principal, addedAt }) => [
    ...[shortId(id), visible(principal), `since ${print.day(addedAt)}`],
  ]);
  print.line(table(rows, print.width));
}

export async function revokeClient(context: Context, name: string): Promise<void> {
  const { print } = context;
  const value = await actOnce(context, "client.revoke", { client: name });
  if (print.isJson) return print.json(value);
  print.line(`${visible(value.name)} is shut out.`);
  if (value.left) printLeft(print, value.left);
}

/** What stands of whom was shut out, with the next step. */
export function printLeft(print: Context["print"], { principal, did, waiting }: LeftBehind): void {
  if (did.length > 0) {
    print.note(`What it did stands: ${did.map(({ skill, count }) => `${count} × ${visible(skill)}`).join(", ")}.`);
    print.note(
      `Next: mh history --agent ${visible(principal)} and mh undo; mh grant list; mh agent list; mh config show`,
    );
  }
  if (waiting > 0)
    print.note(`${counted(waiting, "approval request")} of it ${waiting === 1 ? "waits" : "wait"}: mh approvals list`);
}

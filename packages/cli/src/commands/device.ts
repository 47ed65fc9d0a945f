import type { DeviceRole } from "@mh/contract/values/role.ts";
import { visible } from "@mh/contract/visible/visible.ts";
import { actOnce, type CommandModule, type Context, exitCodes, valueFrom } from "../command.ts";
import { clientCommands, printLeft } from "../device-clients.ts";
import { asWhom, roleOption } from "../device-role.ts";
import { shortId, table } from "../print.ts";

export const command: CommandModule = {
  uses: ["device.list", "device.add", "device.revoke", "passkey.remove", "client.add", "client.list", "client.revoke"],
  build(parser, context) {
    const { print } = context;
    parser.addHelpText("after", "\nExamples:\n  mh device add phone\n  mh device revoke phone");
    parser
      .command("list", { isDefault: true })
      .description("Which of your devices may come in.")
      .option("--all", "revoked ones, too")
      .addHelpText("after", "\nExample:\n  mh device list --all")
      .action(({ all }) => list(context, all ?? false));
    parser
      .command("add <name>")
      .description("Add a device: shows the address to open there, once.")
      .addOption(roleOption())
      .addHelpText("after", "\nExamples:\n  mh device add phone\n  mh device add kitchen-tablet --role viewer")
      .action((name, { role }) => add(context, name, role));
    parser
      .command("revoke <device>")
      .description("Shut a device out, at once.")
      .addHelpText("after", "\nExample:\n  mh device revoke phone")
      .action(async (device) => {
        const value = await actOnce(context, "device.revoke", { device });
        if (print.isJson) return print.json(value);
        print.line(`${visible(value.name)} is shut out.`);
        if (value.left) printLeft(print, value.left);
      });
    parser
      .command("passkey")
      .description("The passkeys of your devices: each adds its own, on the page.")
      .addHelpText("after", "\nExample:\n  mh device passkey remove phone")
      .command("remove <device>")
      .description("Take a device's passkey away, so that it can add another.")
      .addHelpText("after", "\nExample:\n  mh device passkey remove phone")
      .action(async (device) => {
        const value = await actOnce(context, "passkey.remove", { device });
        if (print.isJson) return print.json(value);
        print.line(`${visible(value.name)} has no passkey.`);
      });
    clientCommands(parser.command("client").description("Programs that have tokens of their own."), context);
  },
};

async function list(context: Context, all: boolean): Promise<void> {
  const { print } = context;
  const { devices } = await actOnce(context, "device.list", { all });
  if (print.isJson) return print.json({ devices });
  if (devices.length === 0) return print.line("No devices. `mh device add phone` adds one.");
  const rows = devices.map(({ id, name, addedAt, revokedAt, isSubscribed, hasPasskey, role }) => [
    shortId(id),
    visible(name),
    role,
    `since ${print.day(addedAt)}`,
    revokedAt
      ? `revoked ${print.day(revokedAt)}`
      : [isSubscribed && "gets notifications", hasPasskey && "has a passkey"].filter(Boolean).join(", "),
  ]);
  print.page();
  print.line(table(rows, print.width));
}

async function add(context: Context, name: string, role: DeviceRole): Promise<void> {
  const { print } = context;
  await using client = await context.connect();
  const outcome = await client.act("device.add", { name, role });
  if (outcome.status === "repeated") {
    // The connection broke, and what was asked again under the same id is given no second time.
    print.note(`The token was lost on its way. Next: mh device revoke ${visible(name)}, then add it again.`);
    process.exitCode = exitCodes.failed;
    return;
  }
  const value = valueFrom(context, outcome);
  const { id, token, address } = value;
  // Behind the #, a browser keeps it to itself: no server and no log sees it.
  const url = `${address}#token=${token}`;
  if (print.isJson) return print.json({ id, name: value.name, address, token, url });
  const { renderUnicodeCompact } = await import("uqr");
  print.line(renderUnicodeCompact(url, { border: 2 }));
  print.line(url);
  print.note(`\nOpen it on ${visible(value.name)}. It is shown this once; whoever has it is ${asWhom[role]}.`);
  if (/^https?:\/\/(localhost|127\.|\[::1\])/.test(address)) {
    print.note("Only this machine reaches that address. Others: daemon.bind and daemon.tls in config.yaml.");
  }
}

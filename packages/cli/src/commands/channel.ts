import { Argument } from "@commander-js/extra-typings";
import type { ValueFor } from "@mh/contract/contracts.ts";
import { type MessengerName, messengerNames } from "@mh/contract/values/messenger.ts";
import type { DeviceRole } from "@mh/contract/values/role.ts";
import { visible } from "@mh/contract/visible/visible.ts";
import type { Finding } from "@mh/host/home/check-home.ts";
import { actOnce, type CommandModule, type Context, Exit, exitCodes, valueFrom } from "../command.ts";
import { asWhom, roleOption } from "../device-role.ts";
import { showFinding } from "../finding-view.ts";
import { hang, shortId, table, wrap } from "../print.ts";

export const command: CommandModule = {
  uses: ["channel.list", "channel.pair", "channel.test"],
  build(parser, context) {
    parser.addHelpText("after", "\nExamples:\n  mh channel pair telegram\n  mh channel list");
    parser
      .command("list", { isDefault: true })
      .description("Messengers, what is paired with them, and what they refused.")
      .addHelpText("after", "\nExample:\n  mh channel list")
      .action(() => list(context));
    parser
      .command("pair")
      .addArgument(new Argument("<messenger>", "by what").choices(messengerNames))
      .description("Pair your phone: shows a code to send to your bot, once, for ten minutes.")
      .option("--name <name>", "what to call the device", "phone")
      .addOption(roleOption())
      .addHelpText(
        "after",
        "\nExamples:\n  mh channel pair telegram\n  mh channel pair telegram --name tablet --role viewer",
      )
      .action((messenger, options) => pair(context, messenger as MessengerName, options));
    parser
      .command("doctor")
      .description("Whether your bots answer, somebody listens, and a device is paired; and what to do where not.")
      .addHelpText("after", "\nExample:\n  mh channel doctor")
      .action(() => doctor(context));
  },
};

async function pair(
  context: Context,
  channel: MessengerName,
  { name, role }: { name: string; role: DeviceRole },
): Promise<void> {
  const { print, root } = context;
  await using client = await context.connect();
  const bot = valueFrom(context, await client.act("channel.test", { channel }));
  const outcome = await client.act("channel.pair", { channel, name, role });
  if (outcome.status === "repeated") {
    print.note("The code was lost on its way. Give the command again: the code before is good for nothing.");
    throw new Exit(exitCodes.failed);
  }
  const { code, expiresAt } = valueFrom(context, outcome);
  const url = `https://t.me/${encodeURIComponent(bot.name)}?start=${code}`;
  if (print.isJson) return print.json({ code, expiresAt, name, role, bot: bot.name, url });
  const { renderUnicodeCompact } = await import("uqr");
  print.line(renderUnicodeCompact(url, { border: 2 }));
  print.line(`Send ${code} to @${visible(bot.name)}, in a private chat: until ${print.moment(expiresAt)}`);
  print.note(
    wrap(
      `The first who sends it is ${visible(name)}: ${asWhom[role]}. Telegram reads what is sent through it, your approval requests and answers too; it is not encrypted from end to end.`,
      print.width,
    ),
  );
  const { findDaemon } = await import("@mh/host/daemon/daemon-file.ts");
  if (!findDaemon(root)) print.note("Nobody listens yet: `mh up` does, in another terminal.");
}

type Listed = ValueFor<"channel.list">["channels"][number];

async function list(context: Context): Promise<void> {
  const { print } = context;
  const { channels } = await actOnce(context, "channel.list", {});
  if (print.isJson) return print.json({ channels });
  print.page();
  for (const { channel, state, devices, refused } of channels) {
    print.line(hang(`${channel}  `, visible(state), print.width));
    const rows = devices.map(({ id, name, role, addedAt }) => [
      shortId(id),
      visible(name),
      role,
      `since ${print.day(addedAt)}`,
    ]);
    if (rows.length > 0) print.line(table(rows, print.width));
    for (const each of refused)
      print.line(`  refused  ${each.count} × ${each.reason}, the last ${print.moment(each.lastAt)}`);
  }
  if (channels.some(({ devices }) => devices.length > 0)) print.note("`mh device revoke NAME` shuts one out.");
}

async function doctor(context: Context): Promise<void> {
  const { print } = context;
  await using client = await context.connect();
  const { channels } = valueFrom(context, await client.act("channel.list", {}));
  const findings: Finding[] = [];
  for (const each of channels) {
    const bot = messengerNames.find((name) => name === each.channel);
    // Browsers come to the daemon by themselves: nothing listens.
    if (!bot) continue;
    if (each.isSetUp) findings.push(asked(bot, await client.act("channel.test", { channel: bot })));
    findings.push(...findingsOf(each));
  }
  if (print.isJson) print.json({ findings });
  else for (const finding of findings) showFinding(print, finding);
  if (findings.some(({ level }) => level === "bad")) throw new Exit(exitCodes.failed);
}

function asked(
  what: string,
  outcome: { status: string; value?: { name: string }; fault?: { message: string } },
): Finding {
  if (outcome.value) return { level: "ok", what, message: `the bot is @${visible(outcome.value.name)}` };
  const next = "mh help phone";
  return { level: "bad", what, message: outcome.fault?.message ?? `it was not asked (${outcome.status})`, next };
}

function findingsOf({ channel, isSetUp, state, devices }: Listed): Finding[] {
  if (!isSetUp) return [{ level: "warn", what: channel, message: "not set up", next: "mh help phone" }];
  const listening: Finding = {
    level: /^listening/.test(state) ? "ok" : "warn",
    what: channel,
    message: visible(state),
  };
  const count = devices.length;
  if (count > 0)
    return [
      listening,
      { level: "ok", what: channel, message: `paired: ${devices.map(({ name }) => visible(name)).join(", ")}` },
    ];
  return [
    listening,
    { level: "warn", what: channel, message: "nothing is paired", next: `mh channel pair ${channel}` },
  ];
}

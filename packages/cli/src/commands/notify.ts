import { Option } from "@commander-js/extra-typings";
import { type ChannelName, channelNames, type Urgency, urgencies } from "@mh/contract/values/notification.ts";
import { visible } from "@mh/contract/visible/visible.ts";
import { actOnce, type CommandModule, type Context } from "../command.ts";
import { textOf } from "../input.ts";
import { counted } from "../numbers.ts";

interface Options {
  body?: string;
  urgency?: Urgency;
  url?: string;
  channel?: ChannelName;
  held?: boolean;
}

export const command: CommandModule = {
  uses: ["notify.send", "notify.flush"],
  build(parser, context) {
    parser
      .argument("[title...]", "what to tell you, in a line")
      .option("--body <text>", "more of it; - reads standard input")
      .addOption(new Option("--urgency <how>", "only high rings in quiet hours").choices(urgencies))
      .option("--url <address>", "opened when you follow it")
      .addOption(new Option("--channel <name>", "only there").choices(channelNames))
      .option("--held", "send what quiet hours held back, where they are over")
      .addHelpText(
        "after",
        '\nExamples:\n  mh notify "The backup is done"\n  make 2>&1 | tail -5 | mh notify "Build failed" --body - --urgency high',
      )
      .action((words, { held, ...options }) => {
        if (held && words.length === 0) return flush(context);
        if (held || words.length === 0) parser.error("error: say what to tell you, or --held");
        return send(context, words.join(" "), options);
      });
  },
};

async function send(context: Context, title: string, { body, ...options }: Options): Promise<void> {
  const { print } = context;
  const args = { title, ...(body !== undefined && { body: textOf([body]) }), ...options };
  const value = await actOnce(context, "notify.send", args);
  if (print.isJson) return print.json(value);
  if (value.held) {
    print.line(`Held until ${print.moment(value.held)}: it is quiet now. The daemon sends it then.`);
    return print.note("Without a daemon: mh notify --held");
  }
  const whereTo = (how: string) =>
    value.deliveries.filter((each) => each.how === how).map((each) => ({ ...each, to: each.device ?? each.channel }));
  print.line(
    `Sent: ${whereTo("sent")
      .map(({ to }) => visible(to))
      .join(", ")}.`,
  );
  for (const { to, why = "" } of whereTo("failed")) print.note(`Not by ${visible(to)}: ${visible(why)}`);
}

async function flush(context: Context): Promise<void> {
  const { print } = context;
  const value = await actOnce(context, "notify.flush", {});
  if (print.isJson) return print.json(value);
  const { sent, failed, lost, waiting, until } = value;
  if (until) return print.line(`Quiet until ${print.moment(until)}. ${counted(waiting, "notification")} waiting.`);
  print.line(sent > 0 ? `Sent ${counted(sent, "notification")}.` : "Nothing was held.");
  if (failed > 0) print.note(`${counted(failed, "notification")} went nowhere and wait for the next time.`);
  if (lost > 0) print.note(`${counted(lost, "notification")} given up after a week.`);
}

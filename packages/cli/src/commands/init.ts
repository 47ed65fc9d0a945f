import { trustLevels } from "@mh/contract/values/effect.ts";
import { createHome, homeExists, machineSettings } from "@mh/host/home/home-file.ts";
import { type CommandModule, type Context, Exit, exitCodes } from "../command.ts";
import { wrap } from "../print.ts";

interface Options {
  yes?: boolean;
  name?: string;
  timeZone?: string;
}

export const command: CommandModule = {
  uses: [],
  build(parser, context) {
    parser
      .option("--yes", "ask nothing: your login name, this machine's time zone")
      .option("--name <name>", "what agents call you")
      .option("--time-zone <zone>", "as in Europe/Berlin")
      .addHelpText("after", "\nExample:\n  mh init --yes --home ~/mh-home")
      .action((options: Options) => init(context, options));
  },
};

async function init(context: Context, options: Options): Promise<void> {
  const { print, root, environment } = context;
  const say = (text: string) => print.line(wrap(text, print.width));
  if (homeExists(root)) {
    if (print.isJson) return print.json({ home: root, created: false });
    return say(`There is a home at ${root} already; nothing was changed. Settings: ${root}/config.yaml`);
  }
  const wanted = await wants(context, options);
  const home = createHome(root, environment, wanted);
  // The first opening makes the index and journals the rules in force.
  await using _client = await context.connect();
  if (print.isJson) return print.json({ home: root, created: true, id: home.id });
  print.line(`Your home: ${root}`);
  say("Everything stays on this machine, in files you can read. Nothing is encrypted at rest.");
  say(`New agents start at \`suggest\` (of ${trustLevels.join(", ")}): what matters waits for your approval.`);
  print.line('\nNext: mh capture "Met with Sarah about the ML project"\n      mh import ~/notes');
}

async function wants(
  { print, environment }: Context,
  { yes, name, timeZone }: Options,
): Promise<{ owner: string; timeZone: string }> {
  const machine = machineSettings(environment);
  const guess = { owner: name ?? machine.owner, timeZone: timeZone ?? machine.timeZone };
  if (yes || !print.canAsk) return guess;
  const { askText } = await import("../prompt.ts");
  const owner = await askText("What shall agents call you?", guess.owner);
  const zone = owner === undefined ? undefined : await askText("Your time zone?", guess.timeZone);
  if (owner === undefined || zone === undefined) throw new Exit(exitCodes.interrupted);
  return { owner, timeZone: zone };
}

import { trustLevels } from "@mh/contract/values/effect.ts";
import { encryptHome } from "@mh/host/encryption/switch-on.ts";
import { createHome, homeExists, machineSettings } from "@mh/host/home/home-file.ts";
import { type CommandModule, type Context, Exit, exitCodes } from "../command.ts";
import { wrap } from "../print.ts";
import { newPassphrase } from "../unlock.ts";

interface Options {
  yes?: boolean;
  name?: string;
  timeZone?: string;
  encrypt?: boolean;
}

export const command: CommandModule = {
  uses: [],
  build(parser, context) {
    parser
      .option("--yes", "ask nothing: your login name, this machine's time zone")
      .option("--name <name>", "what agents call you")
      .option("--time-zone <zone>", "as in Europe/Berlin")
      .option("--encrypt", "encrypt all of it at rest; asks for a passphrase, or reads one from standard input")
      .addHelpText("after", "\nExamples:\n  mh init --yes --home ~/mh-home\n  mh init --encrypt")
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
  const passphrase = options.encrypt ? await newPassphrase(context, "this home") : undefined;
  const home = createHome(root, environment, wanted);
  if (passphrase !== undefined) await encryptHome(root, environment, passphrase);
  // The first opening makes the index and journals the rules in force.
  await using _client = await context.connect();
  if (print.isJson) return print.json({ home: root, created: true, id: home.id });
  print.line(`Your home: ${root}`);
  say(passphrase === undefined ? inTheClear : encrypted);
  say(`New agents start at \`suggest\` (of ${trustLevels.join(", ")}): what matters waits for your approval.`);
  print.line('\nNext: mh capture "Met with Sarah about the ML project"\n      mh import ~/notes');
}

const inTheClear =
  "Everything stays on this machine, in files you can read. Nothing is encrypted at rest; `mh encrypt` changes that.";
const encrypted =
  "Everything stays on this machine, encrypted. It is unlocked now: `mh lock` closes it, `mh unlock` asks for the passphrase. Keep a copy of the key folder (mh doctor names it): the passphrase alone opens nothing.";

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

import { Fault } from "@mh/core/model/fault.ts";
import { visible } from "@mh/core/model/visible.ts";
import { offerSecret } from "@mh/host/offer-secret.ts";
import { actOnce, type CommandModule, type Context, Exit, exitCodes, valueFrom } from "../command.ts";
import { isStdinTyped, readStdin } from "../input.ts";

export const command: CommandModule = {
  uses: ["secret.list", "secret.set", "secret.remove"],
  build(parser, context) {
    const { print } = context;
    parser.addHelpText("after", "\nExamples:\n  mh secret set ntfy\n  pass show mail/work | mh secret set work-mail");
    parser
      .command("list", { isDefault: true })
      .description("The names of your passwords and tokens. Their values are shown to nobody.")
      .addHelpText("after", "\nExample:\n  mh secret list")
      .action(async () => {
        const value = await actOnce<{ names: string[] }>(context, "secret.list", {});
        if (print.isJson) return print.json(value);
        if (value.names.length === 0) return print.line("No secrets. `mh secret set NAME` keeps one.");
        for (const name of value.names) print.line(visible(name));
      });
    parser
      .command("set <name>")
      .description("Keep a password or token: asked for unseen, or read from standard input.")
      .addHelpText("after", "\nExample:\n  mh secret set ntfy")
      .action((name: string) => set(context, name));
    parser
      .command("rm <name>")
      .description("Throw a password or token away.")
      .addHelpText("after", "\nExample:\n  mh secret rm ntfy")
      .action(async (name: string) => {
        const value = await actOnce<{ name: string }>(context, "secret.remove", { name });
        if (print.isJson) return print.json(value);
        print.line(`${visible(value.name)} is thrown away.`);
      });
  },
};

async function set(context: Context, name: string): Promise<void> {
  const { print, root, environment } = context;
  const value = await given(context, name);
  const offer = offerSecret(root, environment, value);
  let isParked = false;
  try {
    await using client = await context.connect();
    const outcome = await client.act("secret.set", { name, offer: offer.id });
    isParked = outcome.status === "parked";
    valueFrom(context, outcome);
  } finally {
    // A question keeps it waiting for the yes; any other end has no more use for it.
    if (!isParked) offer.withdraw();
  }
  if (print.isJson) return print.json({ name });
  print.line(`${visible(name)} is kept.`);
}

async function given({ print }: Context, name: string): Promise<string> {
  if (!print.canAsk && isStdinTyped()) {
    throw new Fault("usage", "What you type would be seen. Leave --json away, or give it by a pipe.");
  }
  const value = print.canAsk ? await asked(name) : readStdin().replace(/\r?\n$/, "");
  if (value === "") throw new Fault("usage", "Nothing was given, so nothing is kept.");
  return value;
}

async function asked(name: string): Promise<string> {
  const { askHidden } = await import("../prompt.ts");
  const answer = await askHidden(`The secret ${visible(name)}`);
  if (answer === undefined) throw new Exit(exitCodes.interrupted);
  return answer;
}

import type { ValueFor } from "@mh/contract/contracts.ts";
import { visible } from "@mh/contract/visible/visible.ts";
import { absolutePath } from "@mh/host/places.ts";
import { actOnce, actUnlocked, type CommandModule, type Context, Exit, explainEnd, valueFrom } from "../command.ts";
import { answered } from "../consent.ts";
import { upgradeSelf } from "../self-upgrade.ts";
import { tellCompared, tellExported, tellTaken } from "../self-view.ts";

interface ImportOptions {
  preview?: boolean;
  key?: string;
  newer?: boolean;
}

export const command: CommandModule = {
  uses: ["self.export", "self.preview", "self.import"],
  build(parser, context) {
    parser.addHelpText("after", help);
    parser
      .command("export <file>")
      .description("Write everything that is yours into one archive: no key, no password, nothing of this machine.")
      .addHelpText("after", "\nExample:\n  mh self export /media/stick/self.zip")
      .action((file) => exportSelf(context, file));
    parser
      .command("import <file>")
      .description("Take in an archive of yours. What is here stays; what gives rights waits for you.")
      .option("--preview", "say what would come, what differs and what is yours to decide; take nothing")
      .option("--key <key>", "the key that the export printed; without it you are shown the archive's and asked")
      .option("--newer", "take what was changed later there as a new revision of what is here")
      .addHelpText("after", "\nExample:\n  mh self import /media/stick/self.zip --preview")
      .action((file, options: ImportOptions) => importSelf(context, file, options));
    parser
      .command("upgrade")
      .description("Bring the home to the newest format. Every command does; this shows it, and goes back.")
      .option("--preview", "say what would be done; change nothing")
      .option("--back", "put the home of before in place again, for the mh of before")
      .option("--done", "let go of the home of before")
      .addHelpText("after", "\nExample:\n  mh self upgrade --preview")
      .action((options) => upgradeSelf(context, options));
  },
};

const help = `
The archive is a zip: memories with all they said before, tasks, notes, persona, settings, rules, agents, skills, grants
and the log with its chain, with a manifest that your home's key signed. It is not encrypted: keep it where only you look.
What you forgot in one home comes back in the other by no import of the same source; what is still there is named.

Examples:
  mh self export /media/stick/self.zip
  mh self import /media/stick/self.zip --preview`;

async function exportSelf(context: Context, file: string): Promise<void> {
  await using client = await context.connect();
  const args = { path: absolutePath(file) };
  const value = valueFrom(context, await actUnlocked(context, client, "self.export", args, { doing: "Exporting" }));
  if (context.print.isJson) return context.print.json(value);
  tellExported(context.print, value);
}

async function importSelf(context: Context, file: string, { preview, key, newer }: ImportOptions): Promise<void> {
  const { print } = context;
  const path = absolutePath(file);
  if (preview) {
    const seen = await actOnce(context, "self.preview", { path }, { make: true, doing: "Reading" });
    return print.isJson ? print.json(seen) : tellCompared(print, seen);
  }
  await using client = await context.connect({ make: true });
  const named = key ?? (await keyAgreed(context, client, path));
  const args = { path, key: named, ...(newer && { newer }) };
  const outcome = await actUnlocked(context, client, "self.import", args, { doing: "Importing" });
  if (outcome.status === "interrupted") {
    const code = explainEnd(print, outcome);
    print.note("Run the same command again, and it goes on where it stopped.");
    throw new Exit(code);
  }
  const value = valueFrom(context, outcome);
  return print.isJson ? print.json(value) : tellTaken(print, value);
}

/** Shows the archive and asks whether its key is the owner's own. */
async function keyAgreed(
  context: Context,
  client: Awaited<ReturnType<Context["connect"]>>,
  path: string,
): Promise<string> {
  const { print } = context;
  const outcome = await actUnlocked(context, client, "self.preview", { path }, { doing: "Reading" });
  const seen: ValueFor<"self.preview"> = valueFrom(context, outcome);
  if (!print.isJson) tellCompared(print, seen);
  const question = `Did your own export print the key ${seen.key}?`;
  if (print.canAsk && (await answered(print, question, ""))) return seen.key;
  print.note(`Nothing was taken in. Where that is your key: mh self import ${visible(path)} --key ${seen.key}`);
  throw new Exit(2);
}

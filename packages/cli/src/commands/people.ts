import { visible } from "@mh/contract/visible/visible.ts";
import { actOnce, type CommandModule, type Context } from "../command.ts";
import { about } from "../memory/known.ts";
import { counted } from "../numbers.ts";
import { wholeNumber } from "../options.ts";
import { table } from "../print.ts";

export const command: CommandModule = {
  uses: ["relationship.list", "memory.about"],
  build(parser, context) {
    parser.addHelpText(
      "after",
      "\nWhat it says comes of memories and facts: `mh memory fact Sarah nickname Saz` adds a name, `mh memory forget` takes out.\n\nExample:\n  mh people show Sarah",
    );
    parser
      .command("list", { isDefault: true })
      .option("-n <number>", "how many", wholeNumber(1, 1000), 50)
      .description("The people your memories speak of, with your last contact.")
      .addHelpText("after", "\nExample:\n  mh people list")
      .action(({ n }) => list(context, n));
    parser
      .command("show <name>")
      .option("-n <number>", "how many of the latest memories", wholeNumber(1, 100), 5)
      .description("Somebody by any of their names: last contact, topics, relationships, last mentions.")
      .addHelpText("after", "\nExample:\n  mh people show Sarah")
      .action((name, { n }) => about(context, name, n));
  },
};

async function list(context: Context, limit: number): Promise<void> {
  const { print } = context;
  const { people } = await actOnce(context, "relationship.list", { limit });
  if (print.isJson) return print.json({ people });
  if (people.length === 0) return print.line("Your memories speak of nobody yet.");
  print.page();
  const rows = people.map(({ name, mentions, lastContact }) => [
    visible(name),
    `in ${counted(mentions, "memory", "memories")}`,
    lastContact ? `${lastContact.how}, ${print.day(lastContact.at)}` : "",
  ]);
  print.line(table(rows, print.width));
}

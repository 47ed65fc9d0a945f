import type { CommandUnknownOpts } from "@commander-js/extra-typings";
import type { CommandModule, Context } from "../command.ts";
import { describeAll } from "../describe.ts";
import { manPage } from "../help/man.ts";
import { overview } from "../help/overview.ts";
import { topics } from "../help/topics.ts";
import { buildParser, unknown } from "../parser.ts";
import { narrow } from "../print.ts";

export const command: CommandModule = {
  uses: [],
  build(parser, context) {
    parser
      .argument("[words...]", "a topic, a command and its subcommand, or a skill")
      .option("--man", "everything as one manual page (roff), for man -l")
      .addHelpText(
        "after",
        "\nExamples:\n  mh help undo\n  mh help memory list\n  mh help task.add\n  mh help --man | man -l -",
      )
      .action((words: string[], { man }: { man?: boolean }) => (man ? printMan(context) : help(context, words)));
  },
};

/** A topic, a command, or both where they are called the same. */
async function help(context: Context, words: readonly string[]): Promise<void> {
  const { print, commands } = context;
  const [name, sub] = words;
  if (name === undefined) return printOverview(context);
  if (/^[a-z][\w-]*\.[\w-]+$/.test(name)) return printSkill(context, name);
  const topic = words.length === 1 && Object.hasOwn(topics, name) ? topics[name] : undefined;
  const text = topic && (await topic.load()).text;
  const isCommand = Object.hasOwn(commands, name);
  if (!text && !isCommand) {
    throw unknown(`There is no command and no topic ${name}.`, name, [
      ...Object.keys(commands),
      ...Object.keys(topics),
    ]);
  }
  const usage = isCommand ? await usageOf(context, name, sub) : undefined;
  if (print.isJson) return print.json({ name, topic: text ?? null, usage: usage ?? null });
  print.page();
  print.line([text, usage].filter(Boolean).join("\n\n"));
}

/** What a shipped skill's contract says. */
async function printSkill({ print }: Context, name: string): Promise<void> {
  const { shippedContracts } = await import("../contracts.ts");
  const found = shippedContracts.find((contract) => contract.name === name);
  if (!found)
    throw unknown(
      `There is no skill ${name} in mh itself.`,
      name,
      shippedContracts.map((each) => each.name),
    );
  const { skillHelp } = await import("../skill-help.ts");
  const text = skillHelp(found, print.width);
  if (print.isJson) return print.json({ name, topic: null, usage: text });
  print.page();
  print.line(text);
}

async function usageOf(context: Context, name: string, sub: string | undefined): Promise<string> {
  const parser = await buildParser(name, context);
  if (sub === undefined) return whole(parser, context.print.width);
  const found = parser.commands.find((each) => each.name() === sub);
  const subs = parser.commands.map((each) => each.name());
  if (!found) throw unknown(`There is no command ${name} ${sub}.`, sub, subs);
  return whole(found, context.print.width);
}

/** With the examples, which commander shows only where it prints itself. */
function whole(command: CommandUnknownOpts, width: number): string {
  let text = "";
  const writeOut = (more: string) => {
    text += more;
  };
  command.configureOutput({ writeOut }).outputHelp();
  return narrow(text.trimEnd(), width);
}

function printOverview({ print, commands }: Context): void {
  const list = (from: Record<string, { summary: string }>) =>
    Object.entries(from).map(([name, { summary }]) => ({ name, summary }));
  if (print.isJson) return print.json({ commands: list(commands), topics: list(topics) });
  print.page();
  print.line(overview(commands, print.color.bold));
}

async function printMan(context: Context): Promise<void> {
  const { print } = context;
  const texts = await Promise.all(
    Object.entries(topics).map(async ([name, { load }]) => ({ name, text: (await load()).text })),
  );
  const roff = manPage(await describeAll(context), texts);
  if (print.isJson) return print.json({ roff });
  print.line(roff.trimEnd());
}

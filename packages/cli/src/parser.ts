import { Command } from "commander";
import { type CommandModule, type Context, exitCodes } from "./command.ts";
import type { Printer } from "./print.ts";

/** Parses a command's own options and runs it. Apart from main, because the parser costs 6 ms to load. */
export async function runParsed(what: {
  name: string;
  summary: string;
  command: CommandModule;
  args: readonly string[];
  context: Context;
}): Promise<number> {
  const { name, summary, command, args, context } = what;
  const parser = new Command(`mh ${name}`).description(`${summary}.`);
  command.build(parser, context);
  settle(parser, context.print);
  await parser.parseAsync([...args], { from: "user" });
  return context.signal.aborted ? exitCodes.interrupted : Number(process.exitCode ?? exitCodes.done);
}

/** Settings that subcommands do not inherit. */
function settle(command: Command, print: Printer): void {
  command
    .helpOption("-h, --help", "this help")
    .showHelpAfterError("(--help shows how it is meant)")
    .configureOutput({
      writeOut: (text) => print.line(text.trimEnd()),
      writeErr: (text) => print.error(text.trimEnd()),
    })
    .exitOverride()
    .helpCommand(false);
  for (const sub of command.commands) settle(sub, print);
}

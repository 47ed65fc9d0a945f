import { Command, CommanderError, type CommandUnknownOpts } from "@commander-js/extra-typings";
import { Fault } from "@mh/contract/values/fault.ts";
import type { Context } from "./command.ts";
import { exitCodes } from "./exit.ts";
import { narrow, type Printer } from "./print.ts";

/** Parses a command's own options and runs it. Apart from main, because the parser costs 6 ms to load. */
export async function runCommand(name: string, args: readonly string[], context: Context): Promise<number> {
  const { commands } = context;
  if (!Object.hasOwn(commands, name)) throw unknown(`There is no command ${name}.`, name, Object.keys(commands));
  const parser = await buildParser(name, context);
  refuseUnknownSub(parser, name, args);
  await parser.parseAsync([...args], { from: "user" });
  return Number(process.exitCode ?? exitCodes.done);
}

/** A command with all that it declares, ready to parse, or to be described. */
export async function buildParser(name: string, context: Context): Promise<Command> {
  const listed = context.commands[name];
  if (!listed) throw new Fault("usage", `There is no command ${name}. \`mh help\` lists them.`);
  const parser = new Command(`mh ${name}`).description(`${listed.summary}.`);
  const { command } = await listed.load();
  command.build(parser, context);
  settle(parser, context.print);
  return parser;
}

/** Settings that subcommands do not inherit. */
function settle(command: CommandUnknownOpts, print: Printer): void {
  command
    .helpOption("-h, --help", "this help")
    .showHelpAfterError("(--help shows how it is meant)")
    .configureHelp({ helpWidth: Math.min(print.width, 100), subcommandTerm })
    .configureOutput({
      writeOut: (text) => {
        print.page();
        print.line(narrow(text.trimEnd(), print.width));
      },
      writeErr: (text) => print.error(text.trimEnd()),
    })
    .exitOverride()
    .helpCommand(false);
  command.hook("preAction", (_this, acting) => refuseEmpty(acting));
  for (const sub of command.commands) settle(sub, print);
}

/**
 * What a script's unset variable leaves is no name: `mh undo "$id"` must not take back something else. A text may be
 * empty where its command says what that means.
 */
function refuseEmpty(command: CommandUnknownOpts): void {
  for (const [n, argument] of command.registeredArguments.entries()) {
    const given = argument.variadic ? command.args.slice(n) : command.args.slice(n, n + 1);
    if (textArguments.has(argument.name()) || given.every((word) => word.trim() !== "")) continue;
    throw new Fault("usage", `${argument.name()} is empty: name one, or see \`${parents(command)} --help\`.`);
  }
}

const textArguments = new Set([
  "command",
  "json",
  "object",
  "option",
  "path",
  "query",
  "question",
  "text",
  "title",
  "value",
  "words",
]);

const parents = (command: CommandUnknownOpts): string =>
  command.parent ? `${parents(command.parent)} ${command.name()}` : command.name();

/** With its arguments, where that leaves room for what it does; its own help has them all. */
function subcommandTerm(sub: CommandUnknownOpts): string {
  const args = sub.registeredArguments.map((arg) => {
    const name = `${arg.name()}${arg.variadic ? "..." : ""}`;
    return arg.required ? `<${name}>` : `[${name}]`;
  });
  const whole = [sub.name(), ...args].join(" ");
  return whole.length <= 26 ? whole : `${sub.name()} ...`;
}

/** Where one subcommand is the default, commander would take a mistyped one for its argument. */
function refuseUnknownSub(parser: CommandUnknownOpts, name: string, [word]: readonly string[]): void {
  const subs = parser.commands.map((sub) => sub.name());
  if (subs.length === 0 || word === undefined || word.startsWith("-") || subs.includes(word)) return;
  // A command that takes words itself is given a sentence.
  if (parser.registeredArguments.length > 0 && /\s/.test(word.trim())) return;
  throw unknown(`There is no command ${name} ${word.trim() || '""'}.`, word, subs);
}

/** Says that there is no such thing, and what was most likely meant. */
export function unknown(message: string, word: string, names: readonly string[]): Fault {
  const meant = nearest(word, names);
  return new Fault("usage", `${message} ${meant ? `Did you mean ${meant}?` : "`mh help` lists them."}`);
}

/** What was most likely meant, by commander's own measure, which it keeps to itself. */
function nearest(word: string, names: readonly string[]): string | undefined {
  const asker = new Command().exitOverride().configureOutput({ writeErr: () => undefined });
  for (const name of new Set(names)) asker.command(name);
  try {
    asker.parse([word], { from: "user" });
  } catch (error) {
    if (!(error instanceof CommanderError)) throw error;
    return /\(Did you mean (?:one of )?(.+)\?\)/.exec(error.message)?.[1];
  }
  return undefined;
}

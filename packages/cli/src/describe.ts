import type { Argument, CommandUnknownOpts, Option } from "@commander-js/extra-typings";
import type { Context } from "./command.ts";
import { buildParser } from "./parser.ts";

/** What completes a word: given words, the names of files, or nothing that is known beforehand. */
export type Value = { kind: "words"; words: readonly string[] } | { kind: "file" } | { kind: "text" };

export interface DescribedOption {
  /** As in `["-n"]`, `["-q", "--quiet"]`. */
  flags: string[];
  summary: string;
  /** How a value is called, as in `<number>`; undefined for a switch. */
  metavar: string | undefined;
  value: Value | undefined;
}

/** A command or subcommand as its own file declares it: what completion and the manual page are made from. */
export interface Described {
  /** Without `mh`, as in `memory list`. */
  path: string;
  summary: string;
  usage: string;
  options: DescribedOption[];
  args: { name: string; isVariadic: boolean; value: Value }[];
  subs: Described[];
}

export async function describeAll(context: Context): Promise<Described[]> {
  const skills = await skillsOf(context);
  const described: Described[] = [];
  for (const name of Object.keys(context.commands)) {
    described.push(describe(await buildParser(name, context), name, skills));
  }
  return described;
}

/** Those that commands act through; whoever needs another one knows its name. */
async function skillsOf({ commands }: Context): Promise<string[]> {
  const loaded = await Promise.all(Object.values(commands).map(({ load }) => load()));
  const skills = new Set(loaded.flatMap(({ command }) => command.uses));
  return [...skills].filter((skill) => skill !== "*").sort();
}

function describe(command: CommandUnknownOpts, path: string, skills: readonly string[]): Described {
  return {
    path,
    summary: command.description().replace(/\.$/, ""),
    usage: command.usage(),
    options: command.options.map((option) => describeOption(option, skills)),
    args: command.registeredArguments.map((arg) => ({
      name: arg.name(),
      isVariadic: arg.variadic,
      value: valueKind(arg, arg.name(), skills),
    })),
    subs: command.commands.map((sub) => describe(sub, `${path} ${sub.name()}`, skills)),
  };
}

function describeOption(option: Option, skills: readonly string[]): DescribedOption {
  const [, metavar, name = ""] = /([<[]([\w-]+)[^>\]]*[>\]])/.exec(option.flags) ?? [];
  return {
    flags: [option.short, option.long].filter((flag) => flag !== undefined),
    summary: option.description,
    metavar,
    value: metavar ? valueKind(option, name, skills) : undefined,
  };
}

/** Choices where there are some; else by what the value is called. */
function valueKind({ argChoices }: Argument | Option, name: string, skills: readonly string[]): Value {
  if (argChoices) return { kind: "words", words: argChoices };
  if (name === "skill") return { kind: "words", words: skills };
  if (name === "principal") return { kind: "words", words: principals };
  return fileNames.has(name) ? { kind: "file" } : { kind: "text" };
}

const fileNames = new Set(["path", "file", "folder", "notes", "checkpoint"]);
const principals = ["agent:", "client:", "mcp:", "module:", "peer:", "skill:"];

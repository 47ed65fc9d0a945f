import type { Described, Value } from "../describe.ts";
import { globalFlags } from "../global-options.ts";
import { topics } from "../help/topics.ts";

/** What may stand at one place of the command line: behind `mh`, behind `mh memory`, behind `mh memory list`. */
export interface CompletionNode {
  /** The words so far, without `mh`; empty at the beginning. */
  path: string;
  subs: { name: string; summary: string }[];
  flags: { flag: string; summary: string; value: Value | undefined }[];
  /** What the last argument is, and those before it. */
  args: Value[];
}

/** Flattens the commands, so that a shell script is one table. The global options are everywhere. */
export function completionNodes(commands: readonly Described[]): CompletionNode[] {
  const root: CompletionNode = {
    path: "",
    subs: commands.map(({ path, summary }) => ({ name: path, summary })),
    flags: [...everywhere, { flag: "--version", summary: "the version", value: undefined }],
    args: [],
  };
  return [root, ...commands.flatMap((command) => nodesOf(command, commands))];
}

function nodesOf(described: Described, all: readonly Described[]): CompletionNode[] {
  const { path, options, args, subs } = described;
  const flags = options.flatMap(({ flags, summary, value }) => flags.map((flag) => ({ flag, summary, value })));
  const names = [...all.map((command) => command.path), ...Object.keys(topics)];
  const helped: Value[] = [{ kind: "words", words: [...new Set(names)] }];
  const node: CompletionNode = {
    path,
    subs: subs.map((sub) => ({ name: sub.path.slice(path.length + 1), summary: sub.summary })),
    flags: [...flags, ...everywhere],
    args: path === "help" ? helped : args.map(({ value }) => value),
  };
  return [node, ...subs.flatMap((sub) => nodesOf(sub, all))];
}

const everywhere: CompletionNode["flags"] = [
  ...globalFlags.flatMap(([flags, summary]) =>
    flags.split(", ").map((each) => {
      const [flag = "", metavar] = each.split(" ");
      return { flag, summary, value: metavar ? ({ kind: "file" } as const) : undefined };
    }),
  ),
  { flag: "--help", summary: "this help", value: undefined },
];

import type { CompletionNode } from "./nodes.ts";
import { quoted, written } from "./shell-words.ts";

export function fishScript(nodes: readonly CompletionNode[]): string {
  const taking = new Set(nodes.flatMap(({ flags }) => flags.flatMap(({ flag, value }) => (value ? [flag] : []))));
  return `# fish completion for mh. Made by \`mh completion fish\`.
# Whether the words so far are those of a command, and how many arguments came after them, where that is asked.
function __mh_at
    set -l path
    set -l count 0
    set -l tokens (commandline -opc)
    set -e tokens[1]
    set -l skip 0
    for token in $tokens
        if test $skip = 1
            set skip 0
        else if string match -q -- '-*' $token
            contains -- $token ${[...taking].map(quoted).join(" ")}; and set skip 1
        else if contains -- (string join ' ' $path $token) $__mh_paths
            set -a path $token
        else
            set count (math $count + 1)
        end
    end
    test "$path" = "$argv[1]"; or return 1
    set -q argv[2]; or return 0
    test $count = $argv[2]; or begin; test "$argv[3]" = last; and test $count -ge $argv[2]; end
end

set -g __mh_paths ${nodes
    .filter(({ path }) => path !== "")
    .map(({ path }) => quoted(path))
    .join(" ")}
complete -c mh -f
${nodes.flatMap(entries).join("\n")}
`;
}

function entries({ path, subs, flags, args }: CompletionNode): string[] {
  const rule = (where: string, what: string) =>
    `complete -c mh -n ${quoted(`__mh_at ${quoted(path)}${where}`)} ${what}`;
  return [
    ...subs.map(({ name, summary }) => rule(" 0", `-a ${quoted(name)} -d ${quoted(summary)}`)),
    ...flags.map(({ flag, summary, value }) => {
      const name = flag.startsWith("--") ? `-l ${flag.slice(2)}` : `-s ${flag.slice(1)}`;
      const takes = value ? ` -r${value.kind === "file" ? " -F" : ""}` : "";
      const words = value?.kind === "words" ? ` -a ${quoted(written(value))}` : "";
      return rule("", `${name}${takes}${words} -d ${quoted(summary)}`);
    }),
    ...args.flatMap((value, n) => {
      const where = ` ${n}${n === args.length - 1 ? " last" : ""}`;
      if (value.kind === "file") return [rule(where, "-F")];
      return value.kind === "words" ? [rule(where, `-a ${quoted(written(value))}`)] : [];
    }),
  ];
}

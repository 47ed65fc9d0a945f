import { actOnce, type CommandModule } from "./command.ts";
import { counted } from "./numbers.ts";
import { wrap } from "./print.ts";

/** `mh undo` and `mh redo`: the same thing in two directions. */
export function takeBackCommand({
  verb,
  skill,
  done,
}: {
  verb: string;
  skill: "history.undo" | "history.redo";
  done: string;
}): CommandModule {
  return {
    uses: [skill],
    build(parser, context) {
      const { print } = context;
      parser
        .argument("[id]", "what, as mh history shows it; the last thing without it")
        .option("--agent <principal>", "the last thing that somebody else did: agent:NAME, …")
        .addHelpText("after", `\nExample:\n  mh ${verb}`)
        .action(async (id: string | undefined, { agent }: { agent?: string }) => {
          const args = { ...(id && { id }), ...(agent && { principal: agent }) };
          const taken = await actOnce(context, skill, args);
          if (print.isJson) return print.json(taken);
          const { memories, files, commands } = taken;
          const what = [
            memories > 0 && counted(memories, "memory", "memories"),
            files.length > 3 ? counted(files.length, "file") : files.join(", "),
          ];
          const many = commands.length > 1 ? `, ${commands.length} commands` : "";
          print.line(wrap(`${done}: ${taken.skill} (${what.filter(Boolean).join(", ")}${many}).`, print.width));
          if (files.some((file) => file.startsWith("persona/policy/")))
            print.note("A rule that went or is looser now stays in force until `mh policy adopt`.");
        });
    },
  };
}

import type { CommandModule } from "../command.ts";
import { takeBack } from "../take-back.ts";

export const command: CommandModule = {
  uses: ["history.redo"],
  build(parser, context) {
    parser
      .argument("[id]", "what, as mh history shows it; the last thing without it")
      .option("--agent <principal>", "the last thing that somebody else did: agent:NAME, …")
      .addHelpText("after", "\nExample:\n  mh redo")
      .action((id: string | undefined, { agent }: { agent?: string }) =>
        takeBack(context, { skill: "history.redo", done: "Done again" }, { id, agent }),
      );
  },
};

import { actOnce, type CommandModule } from "../command.ts";
import { parseArgs } from "../json-args.ts";
import { lesser, uuid } from "../options.ts";

interface ActingOptions {
  as?: string;
  words?: string;
  task?: string;
  id?: string;
}

export const command: CommandModule = {
  uses: ["*"],
  build(parser, context) {
    parser
      .argument("<skill>", "as in memory.capture")
      .argument("[json]", "its arguments as one JSON object")
      .option("--as <principal>", "as somebody lesser than you: agent:NAME, client:NAME, …", lesser)
      .option("--words <text>", "what was asked for, in the words of the one who asked")
      .option("--task <uuid>", "the task that it belongs to: its plans hold, and it is undone with the rest", uuid)
      .option("--id <uuid>", "the command's id: the same id is never done twice", uuid)
      .addHelpText("after", '\nExample:\n  mh act memory.capture \'{"text":"hi"}\' --as agent:organizer')
      .action(async (skill: string, json: string | undefined, options: ActingOptions) => {
        context.print.json(await actOnce(context, skill, parseArgs(json), options));
      });
  },
};

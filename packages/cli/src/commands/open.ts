import type { CommandModule } from "../command.ts";
import { openDaemonPage } from "../daemon-page.ts";

export const command: CommandModule = {
  uses: [],
  build(parser, context) {
    parser
      .option("--print", "show the link instead of opening it")
      .addHelpText(
        "after",
        "\nThe link signs one browser in, once and within ten minutes.\n\nExamples:\n  mh open\n  mh open --print",
      )
      .action(({ print }: { print?: boolean }) => openDaemonPage(context, print ?? false));
  },
};

import { raiseStop } from "@mh/host/home/raise-stop.ts";
import { type CommandModule, explainEnd } from "../command.ts";

export const command: CommandModule = {
  uses: ["kernel.stop"],
  build(parser, context) {
    const { print, root } = context;
    parser.addHelpText("after", "\nExample:\n  mh stop").action(async () => {
      raiseStop(root);
      if (!print.isJson) print.line("Stopped. Everyone but you is denied until `mh resume`.");
      await using client = await context.connect();
      const outcome = await client.act("kernel.stop", {});
      if (outcome.status === "done") return print.isJson ? print.json({ stopped: true }) : undefined;
      process.exitCode = explainEnd(print, outcome);
    });
  },
};

import { actOnce, type CommandModule } from "../command.ts";

export const command: CommandModule = {
  uses: ["kernel.resume"],
  build(parser, context) {
    const { print } = context;
    parser.addHelpText("after", "\nExample:\n  mh resume").action(async () => {
      const value = await actOnce(context, "kernel.resume", {});
      if (print.isJson) return print.json(value);
      print.line("Going on. Everyone may act again within the rules.");
    });
  },
};

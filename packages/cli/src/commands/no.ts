import { visible } from "@mh/contract/visible/visible.ts";
import { actOnce, type CommandModule } from "../command.ts";
import { textOf } from "../input.ts";
import { hang, shortId } from "../print.ts";

export const command: CommandModule = {
  uses: ["decision.teach"],
  build(parser, context) {
    parser
      .argument("<words...>", "what you would rather have had, and perhaps why")
      .option("--about <id>", "the decision, or the command of an agent; else the last decision of the day")
      .addHelpText(
        "after",
        [
          "\nIt is kept as a preference of yours, in your words. It undoes nothing (`mh undo` does) and changes no",
          "verdict: preferences rank what could be done.",
          '\nExamples:\n  mh no "archive it instead, because I read these on Fridays"\n  mh no "call her instead" --about a1b2c3d4',
        ].join("\n"),
      )
      .action(async (words: string[], { about }: { about?: string }) => {
        const { print } = context;
        const args = { said: `no, ${textOf(words)}`, ...(about !== undefined && { about }) };
        const value = await actOnce(context, "decision.teach", args);
        if (print.isJson) return print.json(value);
        const { preference, answered, about: of } = value;
        print.line(hang("Noted: ", visible(preference.text.replaceAll("\n", " ")), print.width));
        if (of) print.note(`About the ${of.type} ${shortId(of.id)}${of.did === "" ? "" : `: ${visible(of.did)}`}.`);
        if (answered !== null) print.note(`It counts as your answer there: ${visible(answered)}.`);
        print.note(`A preference of yours: ${visible(preference.path)}. \`mh undo\` takes it back.`);
      });
  },
};

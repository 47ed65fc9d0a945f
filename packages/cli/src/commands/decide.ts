import { visible } from "@mh/contract/visible/visible.ts";
import { actOnce, type CommandModule } from "../command.ts";
import { quoted } from "../completion/shell-words.ts";
import { decisionPage } from "../decision-view.ts";
import { textOf } from "../input.ts";
import { each } from "../options.ts";
import { shortId } from "../print.ts";

export const command: CommandModule = {
  uses: ["decision.make"],
  build(parser, context) {
    parser
      .argument("<situation...>", "what is to be decided, in plain words; - reads standard input")
      .requiredOption("--option <name>", "what could be done; give it once for each", each)
      .addHelpText(
        "after",
        [
          "\nIt weighs the options by your preferences and by what you chose before. It does none of them.",
          "Where it is not sure, it is left to you: `mh decision answer` teaches it.",
          '\nExample:\n  mh decide "Sarah asks for a call on Friday evening" --option accept --option "propose Monday"',
        ].join("\n"),
      )
      .action(async (words: string[], { option }: { option: string[] }) => {
        const { print } = context;
        const options = option.map((name) => ({ name }));
        const view = await actOnce(context, "decision.make", { situation: textOf(words), options });
        if (print.isJson) return print.json(view);
        decisionPage(print, view);
        const id = shortId(view.id);
        if (view.outcome === "escalate")
          print.note(`\nWhat would you do?  mh decision answer ${id} ${quoted(visible(option[0] ?? ""))}`);
        else if (view.outcome === "choose") print.note(`\nNot so?  mh decision correct ${id} OPTION --reason "…"`);
      });
  },
};

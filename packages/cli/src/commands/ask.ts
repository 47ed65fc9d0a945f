import { visible } from "@mh/contract/visible/visible.ts";
import { actOnce, type CommandModule } from "../command.ts";
import { textOf } from "../input.ts";
import { dayTold } from "../memory/told.ts";
import { wholeNumber } from "../options.ts";
import { shortId, shortIds, wrap } from "../print.ts";

const wholeMax = 600;

export const command: CommandModule = {
  uses: ["memory.ask"],
  build(parser, context) {
    const { print } = context;
    parser
      .argument("<question...>", "in plain words; - reads standard input")
      .option("-k <number>", "how many memories to quote", wholeNumber(1, 50), 3)
      .addHelpText("after", '\nExample:\n  mh ask "When did I last meet Sarah?"')
      .action(async (words: string[], { k }: { k: number }) => {
        const q = textOf(words);
        const answer = await actOnce(context, "memory.ask", { q, k });
        if (print.isJson) return print.json(answer);
        const { bold, dim } = print.color;
        print.page();
        print.line(bold(wrap(visible(shortIds(answer.text)), print.width)));
        for (const citation of answer.citations) {
          const { id, speaker, origin, content, quote } = citation;
          print.line();
          // Of a long memory the part that answers; `mh memory show` has the whole.
          const shown = content.length > wholeMax ? `… ${quote} …` : content;
          print.line(wrap(`“${visible(shown, { multiline: true }).trim()}”`, print.width, "  "));
          const whose = speaker ?? placeIn(origin);
          const who = whose ? `${visible(whose)}, ` : "";
          print.line(dim(`  — ${who}${dayTold(print, citation)}  [${shortId(id)}]`));
        }
        if (answer.note) print.note(visible(answer.note));
        const chance =
          answer.citations.length > 0
            ? ` Of 100 such first quotes ${Math.round(100 * answer.chance)} answer the question.`
            : "";
        if (answer.model === null)
          print.note(dim(`\nNo model was asked. This is a template answer: it only quotes.${chance}`));
      });
  },
};

/** What stands in a place of the owner's may be anybody's words: it is told as from there. */
function placeIn(origin = ""): string | undefined {
  const [, name] = /^calendar:(.*)$/s.exec(origin) ?? [];
  return name && `from your calendar ${name}`;
}

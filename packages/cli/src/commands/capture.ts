import { visible } from "@mh/contract/visible/visible.ts";
import { actOnce, type CommandModule } from "../command.ts";
import { textOf } from "../input.ts";
import { each } from "../options.ts";
import { hang, shortId } from "../print.ts";
import { beginsAt } from "../told-time.ts";

export const command: CommandModule = {
  uses: ["memory.capture"],
  build(parser, context) {
    const { print } = context;
    parser
      .argument("<text...>", "what to remember; - reads standard input")
      .option("--at <time>", "when it was, if not now: yesterday, last friday 15:00")
      .option("--tag <tag>", "a tag to add; several: say it again", each)
      .option("--speaker <name>", "who said it, if not you")
      .option("--session <name>", "the conversation it belongs to")
      .addHelpText("after", '\nExample:\n  mh capture "Met with Sarah about the ML project"')
      .action(async (words: string[], options: { at?: string; tag?: string[]; speaker?: string; session?: string }) => {
        const { at, tag, speaker, session } = options;
        const text = textOf(words);
        const args = {
          text,
          ...(at && { at: await beginsAt(at) }),
          ...(tag && { tags: tag }),
          ...(speaker && { speaker }),
          ...(session && { session }),
        };
        const { id, entities, tags, eventAt, deduplicated, count } = await actOnce(context, "memory.capture", args, {
          make: true,
        });
        if (print.isJson) return print.json({ id, entities, tags, deduplicated });
        const { green, dim } = print.color;
        print.line(`${green(deduplicated ? `Known, told ${count} times today.` : "Remembered.")} ${dim(shortId(id))}`);
        const names = entities.map(({ name, kind }) => `${visible(name)} (${kind})`);
        if (names.length > 0) print.line(hang("  about  ", names.join(", "), print.width));
        if (tags.length > 0) print.line(hang("  tags   ", tags.map((t) => visible(t)).join(", "), print.width));
        for (const when of eventAt)
          print.line(hang("  when   ", `${visible(when.text)}: ${print.moment(when.from)}`, print.width));
      });
  },
};

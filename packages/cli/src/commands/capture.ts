import { visible } from "@mh/core/model/visible.ts";
import { actOnce, type CommandModule } from "../command.ts";
import { textOf } from "../input.ts";
import { instant } from "../options.ts";

interface Captured {
  id: string;
  entities: { name: string; kind: string }[];
  tags: string[];
  eventAt: { from: string; text: string }[];
  deduplicated: boolean;
  count: number;
}

export const command: CommandModule = {
  uses: ["memory.capture"],
  build(parser, context) {
    const { print } = context;
    parser
      .argument("<text...>", "what to remember; - reads standard input")
      .option("--at <time>", "when it was, if not now", instant)
      .option("--tag <tag...>", "tags to add")
      .option("--speaker <name>", "who said it, if not you")
      .option("--session <name>", "the conversation it belongs to")
      .addHelpText("after", '\nExample:\n  mh capture "Met with Sarah about the ML project"')
      .action(async (words: string[], options: { at?: string; tag?: string[]; speaker?: string; session?: string }) => {
        const { at, tag, speaker, session } = options;
        const text = textOf(words);
        const args = {
          text,
          ...(at && { at }),
          ...(tag && { tags: tag }),
          ...(speaker && { speaker }),
          ...(session && { session }),
        };
        const { id, entities, tags, eventAt, deduplicated, count } = await actOnce<Captured>(
          context,
          "memory.capture",
          args,
          { make: true },
        );
        if (print.isJson) return print.json({ id, entities, tags, deduplicated });
        const { green, dim } = print.color;
        print.line(`${green(deduplicated ? `Known, told ${count} times today.` : "Remembered.")} ${dim(id)}`);
        const names = entities.map(({ name, kind }) => `${visible(name)} (${kind})`);
        if (names.length > 0) print.line(`  about  ${names.join(", ")}`);
        if (tags.length > 0) print.line(`  tags   ${tags.map((t) => visible(t)).join(", ")}`);
        for (const when of eventAt)
          print.line(`  when   ${visible(when.text)}: ${when.from.slice(0, 16).replace("T", " ")} UTC`);
      });
  },
};

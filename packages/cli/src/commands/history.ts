import { visible } from "@mh/core/model/visible.ts";
import type { Done } from "@mh/core/skills/history.ts";
import { actOnce, type CommandModule } from "../command.ts";
import { wholeNumber } from "../options.ts";
import { shortId, table } from "../print.ts";

export const command: CommandModule = {
  uses: ["history.list"],
  build(parser, context) {
    const { print } = context;
    parser
      .option("-n <number>", "how many", wholeNumber(1, 1000), 20)
      .option("--agent <principal>", "what somebody else did: agent:NAME, …")
      .addHelpText("after", "\nExample:\n  mh history -n 50")
      .action(async ({ n, agent }: { n: number; agent?: string }) => {
        const args = { limit: n, ...(agent && { principal: agent }) };
        const { done } = await actOnce<{ done: Done[] }>(context, "history.list", args);
        if (print.isJson) return print.json({ done });
        if (done.length === 0) return print.line("Nothing was done yet.");
        const { dim, yellow } = print.color;
        const rows = done.map((each) => [
          dim(shortId(each.id)),
          print.day(each.at),
          ...(each.principal === "owner" ? [""] : [visible(each.principal)]),
          each.state === "done" ? "" : yellow(each.state),
          [each.title, countOf(each), visible(each.about.replaceAll(/\s+/g, " ").slice(0, 120))]
            .filter(Boolean)
            .join(": "),
        ]);
        print.page();
        print.line(table(rows, print.width));
      });
  },
};

const countOf = ({ memories, files }: Done): string =>
  memories + files.length > 1 ? `${memories + files.length} ×` : "";

import type { Done } from "@mh/contract/history.ts";
import { visible } from "@mh/contract/visible/visible.ts";
import { aboutText } from "../about-text.ts";
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
        const { done } = await actOnce(context, "history.list", args);
        if (print.isJson) return print.json({ done });
        if (done.length === 0) return print.line("Nothing was done yet.");
        const { dim, yellow } = print.color;
        const rows = done.map((each) => [dim(shortId(each.id)), print.day(each.at), said(each, yellow)]);
        print.page();
        print.line(table(rows, print.width));
      });
  },
};

function said(done: Done, warn: (text: string) => string): string {
  const { state, principal, title, about, memories, files } = done;
  const count = memories + files.length;
  const whose = principal === "owner" ? "" : `${visible(principal)}: `;
  const what = [title, count > 1 && `${count} ×`, aboutText(about)];
  const end = state === "done" ? "" : `  ${warn(state)}`;
  return `${whose}${what.filter(Boolean).join(": ")}${end}`;
}

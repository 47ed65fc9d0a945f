import { Argument } from "@commander-js/extra-typings";
import { type TrustLevel, trustLevels } from "@mh/contract/values/effect.ts";
import { visible } from "@mh/contract/visible/visible.ts";
import { actOnce, type CommandModule, type Context } from "../command.ts";
import { wholeNumber } from "../options.ts";
import { table } from "../print.ts";

export const command: CommandModule = {
  uses: ["trust.list", "trust.set", "trust.history"],
  build(parser, context) {
    const { print } = context;
    parser
      .argument("[principal]", "agent:NAME, client:NAME, mcp:NAME, module:NAME, peer:NAME or skill:NAME")
      .addArgument(new Argument("[level]", "how far").choices(trustLevels))
      .option("--history [days]", "the level, the answers and the drift of each week", wholeNumber(1, 366))
      .addHelpText(
        "after",
        "\nExamples:\n  mh trust\n  mh trust agent:organizer supervised_auto\n  mh trust agent:organizer --history",
      )
      .action(async (principal, level: TrustLevel | undefined, { history }) => {
        if (principal && history !== undefined) return showHistory(context, principal, history === true ? 90 : history);
        if (principal && level) {
          const value = await actOnce(context, "trust.set", { principal, level });
          if (print.isJson) return print.json(value);
          return print.line(`${value.principal} is now ${value.level}.`);
        }
        const { levels } = await actOnce(context, "trust.list", principal ? { principal } : {});
        if (print.isJson) return print.json({ levels });
        if (levels.length === 0) return print.line("Nobody has acted here but you. New agents start at suggest.");
        print.line(
          table(
            levels.map((row) => [visible(row.principal), row.level]),
            print.width,
          ),
        );
      });
  },
};

/** A line a week: what it did, what the owner answered, and how far the answers went against it. */
async function showHistory(context: Context, principal: string, days: number): Promise<void> {
  const { print } = context;
  const history = await actOnce(context, "trust.history", { principal, days });
  if (print.isJson) return print.json(history);
  print.page();
  const weeks = history.days.filter((_, n) => (history.days.length - 1 - n) % 7 === 0);
  const rows = weeks.map((last) => {
    const at = history.days.indexOf(last);
    const week = history.days.slice(Math.max(0, at - 6), at + 1);
    const sum = (what: "done" | "approved" | "refused" | "undone") => week.reduce((n, day) => n + day[what], 0);
    const counts = (["done", "approved", "refused", "undone"] as const).map((what) => String(sum(what)));
    return [last.day, last.level, ...counts, last.drift === null ? "–" : last.drift.toFixed(2)];
  });
  const head = ["week to", "trust", "done", "approved", "refused", "undone", "drift"].map(print.color.dim);
  print.line(table(rows, print.width, { head }));
  print.line(print.color.dim("Drift: of what you judged in fourteen days, the share that you decided otherwise."));
}

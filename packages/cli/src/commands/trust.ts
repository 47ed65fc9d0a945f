import { Argument } from "@commander-js/extra-typings";
import type { ValueFor } from "@mh/contract/contracts.ts";
import { type TrustLevel, trustLevels } from "@mh/contract/values/effect.ts";
import { visible } from "@mh/contract/visible/visible.ts";
import { actOnce, type CommandModule, type Context } from "../command.ts";
import { counted } from "../numbers.ts";
import { wholeNumber } from "../options.ts";
import { shortId, table, wrap } from "../print.ts";

export const command: CommandModule = {
  uses: ["trust.evidence", "trust.set", "trust.history"],
  build(parser, context) {
    const { print } = context;
    parser
      .argument("[principal]", "agent:NAME, client:NAME, mcp:NAME, module:NAME, peer:NAME or skill:NAME")
      .addArgument(new Argument("[level]", "how far").choices(trustLevels))
      .option("--history [days]", "the level, the answers and the drift of each week", wholeNumber(1, 366))
      .addHelpText(
        "after",
        "\nThe score is how surely you go along with it, by what you approved, refused and took back since its level was set.\nA level is proposed by it and never set; who reaches for what is yours alone falls at once.\n\nExamples:\n  mh trust\n  mh trust agent:organizer supervised_auto\n  mh trust agent:organizer --history",
      )
      .action(async (principal, level: TrustLevel | undefined, { history }) => {
        if (principal && history !== undefined) return showHistory(context, principal, history === true ? 90 : history);
        if (principal && level) {
          const value = await actOnce(context, "trust.set", { principal, level });
          if (print.isJson) return print.json(value);
          return print.line(`${value.principal} is now ${value.level}.`);
        }
        const { all } = await actOnce(context, "trust.evidence", principal ? { principal } : {});
        if (print.isJson) return print.json({ all });
        if (all.length === 0) return print.line("Nobody has acted here but you. New agents start at suggest.");
        const head = ["who", "trust", "score", "approved", "refused", "undone", "drift"].map(print.color.dim);
        print.line(table(all.map(evidenceRow), print.width, { head }));
        for (const each of all) showWhy(context, each);
      });
  },
};

type Evidence = ValueFor<"trust.evidence">["all"][number];

const evidenceRow = ({ principal, level, score, approved, refused, undone, drift }: Evidence): string[] => [
  ...[visible(principal), level, shareText(score)],
  ...[String(approved), String(refused), String(undone), shareText(drift)],
];

const shareText = (share: number | null): string => (share === null ? "–" : share.toFixed(2));

/** What its work bears, and that it fell: with what may be done about it. */
function showWhy({ print }: Context, each: Evidence): void {
  const who = visible(each.principal);
  if (each.fellBy && each.since) {
    print.line(wrap(`${who} fell, ${print.day(each.since)}: it reached for what is yours alone.`, print.width));
    print.note(`\`mh why ${shortId(each.fellBy)}\` says what it tried.`);
  }
  if (!each.proposed) return;
  const score = shareText(each.score);
  const isMore = each.lets.length > 0;
  const lets = each.lets.map(({ effect, when }) => `${effect}${when && ` (${when})`}`).join(", ");
  const why = isMore
    ? `its score is ${score} over ${counted(each.days, "day")}, ${shareText(each.needed)} is needed. Without asking it could then: ${lets}`
    : `you decided otherwise too often (score ${score})`;
  print.line(wrap(`Proposed for ${who}: ${each.proposed}, for ${why}.`, print.width));
  print.note(`\`mh trust ${who} ${each.proposed}\` sets it, \`mh trust ${who} ${each.level}\` begins the count again.`);
}

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

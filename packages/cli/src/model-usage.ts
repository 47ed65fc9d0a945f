import type { ValueFor } from "@mh/contract/contracts.ts";
import { moneyWords } from "@mh/contract/values/money.ts";
import { visible } from "@mh/contract/visible/visible.ts";
import { actOnce, type Context } from "./command.ts";
import { thousands } from "./numbers.ts";
import { table } from "./print.ts";

type Status = ValueFor<"home.status">;

/** What each used of models in the last day, what of that is only reserved, and what is left, each and together. */
export async function showUsage(context: Context): Promise<void> {
  const { print } = context;
  const { spent, reserved, shared, currency } = await actOnce(context, "home.status", {});
  if (print.isJson) return print.json({ spent, reserved, shared, currency });
  const words = ({ tokens, minor }: Status["reserved"]) =>
    `${thousands(tokens)} tokens${minor > 0 ? `, ${moneyWords(minor, currency)}` : ""}`;
  const rows = spent.map((each) => [
    visible(each.principal),
    words(each),
    each.reserved.tokens + each.reserved.minor > 0 ? words(each.reserved) : "",
    each.left ? words(each.left) : "no limit",
  ]);
  if (rows.length === 0) print.line("Nothing was asked of a model in the last day.");
  else
    print.line(
      table(rows, print.width, { head: ["who", "in a day", "of that reserved", "left"].map(print.color.dim) }),
    );
  print.line(`Left to agents together: ${words(shared.left)} in a day.`);
  print.note("Limits: spend.tokensPerDay, tokensPerDayEach, perDay, perDayEach, perWeek (`mh config show`).");
}

import type { Command } from "@commander-js/extra-typings";
import type { ValueFor } from "@mh/contract/contracts.ts";
import { visible } from "@mh/contract/visible/visible.ts";
import { actOnce, type Context } from "../command.ts";
import { wholeNumber } from "../options.ts";
import { hang, type Printer, shortId } from "../print.ts";

type Blocked = ValueFor<"approval.blocked">["blocked"][number];

/** `mh approvals blocked`: what rules denied and what nobody answered, each with what can be done about it. */
export function addBlockedCommand(parser: Command, context: Context): void {
  const { print } = context;
  parser
    .command("blocked")
    .description("What was denied or has expired, and what would make it ask instead.")
    .option("--days <number>", "how far back", wholeNumber(1, 3660), 30)
    .option("-n <number>", "how many kinds", wholeNumber(1, 200), 20)
    .addHelpText("after", "\nExample:\n  mh approvals blocked --days 7")
    .action(async ({ days, n }) => {
      const found = await actOnce(context, "approval.blocked", { days, limit: n });
      if (print.isJson) return print.json(found);
      const { blocked, more } = found;
      if (blocked.length === 0) return print.line(`Nothing was denied and nothing expired in ${days} days.`);
      print.page();
      for (const each of blocked) showBlocked(print, each);
      if (more) print.line(print.color.dim(`There is more: \`mh approvals blocked -n ${Math.min(200, n * 2)}\`.`));
    });
}

function showBlocked(print: Printer, each: Blocked): void {
  const { id, at, count, status, principal, skill, reason, rules, askInstead, next } = each;
  const short = shortId(id);
  const often = count > 1 ? `${count} ×, the last ` : "";
  const what = `${often}${print.day(at)}  ${status}  ${visible(principal)}: ${visible(skill)}`;
  print.line(hang(`${short}  `, what, print.width));
  const by = rules.length > 0 ? ` (${rules.map((rule) => visible(rule)).join(", ")})` : "";
  const line = (label: string, text: string) => print.line(hang(`          ${label}`, text, print.width));
  line("", `${visible(reason)}${by}`);
  if (askInstead) line("ask me instead: ", `mh approvals ask-instead ${short}`);
  else if (next) line("next: ", visible(next));
}

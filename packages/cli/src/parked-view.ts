import type { ValueFor } from "@mh/contract/contracts.ts";
import { visible } from "@mh/contract/visible/visible.ts";
import { showCard, showPage } from "./plan-view.ts";
import { hang, type Printer, wrap } from "./print.ts";

export type ParkedView = ValueFor<"approval.show">;

/**
 * The whole approval request, as every page shows it. No argument is shortened. A plan is shown by its card, with all of it
 * below; `isAsked`: above, so that the card stands before the question.
 */
export function showParked(
  print: Printer,
  { approval, title, shown, card, hash }: ParkedView,
  { isAsked = false } = {},
): void {
  const { bold, dim, yellow } = print.color;
  const until = print.moment(approval.expires_ms);
  // A long one goes on further in than any label stands: it may be another's words.
  print.line(`${bold(wrap(visible(title), print.width, " ".repeat(13)).trimStart())}   ${yellow(approval.status)}`);
  if (card && isAsked) showPage(print, card);
  if (card) showCard(print, card);
  for (const { label, text } of shown) {
    const line = hang(`  ${label.padEnd(10)} `, text, print.width);
    print.line(label === "careful" ? yellow(line) : line);
  }
  if (card && !isAsked) showPage(print, card);
  print.line(dim(`  ${approval.id}  until ${until}\n  payload ${hash}`));
}

import type { ValueFor } from "@mh/contract/contracts.ts";
import { visible } from "@mh/contract/visible/visible.ts";
import { type Printer, wrap } from "../print.ts";

/** What rules of the owner's do to the owner, each with the command that takes it out of force. */
export function showRuleWarnings(print: Printer, warnings: ValueFor<"policy.list">["warnings"] = []): void {
  for (const { kind, message, next } of warnings) {
    const paint = kind === "owner" ? print.color.dim : print.color.yellow;
    print.line(paint(wrap(visible(message), print.width)));
    if (next) print.line(wrap(visible(next), print.width, "  "));
  }
}

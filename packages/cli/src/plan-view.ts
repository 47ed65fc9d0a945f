import type { PlanCard, ShownPlan } from "@mh/contract/values/plan.ts";
import { visible } from "@mh/contract/visible/visible.ts";
import { argumentTexts, scopeTexts, timesText } from "@mh/core/grants/plan-words.ts";
import { clip, hang, type Printer, shortId } from "./print.ts";

/** The screen of a plan. Its lines are laid out, and safe to print. */
export function showCard(print: Printer, { screen }: PlanCard): void {
  const { yellow, bold } = print.color;
  for (const [n, line] of screen.entries()) {
    const text = fitted(line, print.width);
    print.line(n === 0 ? bold(text) : /^CANNOT BE UNDONE {2}(?!nothing$)/.test(line) ? yellow(text) : text);
  }
}

/** On a narrow terminal a line goes on further in: no part of a text begins a line, where it could pass for one of the card's. */
function fitted(line: string, width: number): string {
  const at = line.length - line.trimStart().length + 9;
  return hang(line.slice(0, at), line.slice(at), width);
}

/** All of a plan that is longer than its screen. */
export function showPage(print: Printer, { page }: PlanCard): void {
  if (page.length === 0) return;
  print.line(print.color.bold("\nThe whole plan"));
  for (const line of page) print.line(fitted(line, print.width));
  print.line();
}

/** Its screen, and below that all of it where that is more. */
export function showWhole(print: Printer, card: PlanCard): void {
  showCard(print, card);
  showPage(print, card);
}

/** What is left of each step of each plan, a line a step; `mh grant show` shows one whole. */
export function showPlans(print: Printer, plans: readonly ShownPlan[]): void {
  for (const plan of plans) {
    const until = plan.expires_ms === null ? "" : `, until ${print.day(plan.expires_ms)}`;
    const changes = plan.changes > 0 ? `, changed ${plan.changes} times` : "";
    const status = plan.status === "revoked" ? "revoked  " : "";
    const about = `${status}${visible(plan.title)}: ${visible(plan.principal)} in task ${visible(plan.task)}${until}${changes}`;
    print.line(hang(`${shortId(plan.id)}  `, about, print.width));
    for (const step of plan.steps) {
      const parts = [...argumentTexts(step), ...scopeTexts(step)].map(([label, text]) => `${label} ${text}`);
      const left = `${step.times - step.used} of ${step.times} left`;
      const words = [visible(step.skill), ...(step.each ? [timesText(step)] : []), ...parts].join(", ");
      print.line(clip(`          ${left}  ${words}`, print.width));
    }
  }
}

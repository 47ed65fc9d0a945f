import type { DecisionView } from "@mh/contract/decision.ts";
import { visible } from "@mh/contract/visible/visible.ts";
import { hang, type Printer, shortId, wrap } from "./print.ts";

/** One decision, whole: the options by score, what each score is made of, and how it ended. */
export function decisionPage(print: Printer, view: DecisionView): void {
  const { bold, dim, red, green } = print.color;
  print.page();
  print.line(wrap(situationOf(view), print.width));
  print.line();
  const ranked = view.options.toSorted((a, b) => b.score - a.score);
  for (const option of ranked) {
    const { name, skill, score, parts, verdict, rules, reason, text } = option;
    const isOut = verdict === "deny";
    const shown = isOut ? red(visible(name)) : name === view.chosen ? green(visible(name)) : bold(visible(name));
    print.line(hang(`  ${figure(score)}  `, shown + (skill ? dim(`  ${visible(skill)}`) : ""), print.width));
    if (text) print.line(hang("        ", visible(text), print.width));
    if (parts.length > 1) print.line(hang("        ", dim(parts.map(partWords).join(", ")), print.width));
    const learned = parts.flatMap(({ evidence = [] }) => evidence);
    if (learned.length > 0) {
      const each = learned.map((one) => `${shortId(one.id)} ${signed(one.value)}`).join(", ");
      print.line(hang("        ", dim(`learned from what you chose: ${each}`), print.width));
    }
    if (verdict && verdict !== "allow") {
      const why = [verdict === "deny" ? "denied" : "would ask you", reason ?? rules.join(", ")].filter(Boolean);
      print.line(hang("        ", visible(why.join(": ")), print.width));
    }
  }
  print.line();
  for (const { kind, text, source } of view.bearings ?? [])
    print.line(hang(`  ${kind.padEnd(12)}`, `${visible(text)}  ${dim(visible(source))}`, print.width));
  const say = (label: string, words: string) => print.line(hang(`  ${label.padEnd(11)} `, words, print.width));
  say("outcome", endOf(view));
  say("confidence", `${figure(view.confidence)}, with ${figure(view.threshold)} needed`);
  say("rules", visible(view.rules.join(", ")));
  say("by", `${visible(view.principal)}, ${print.moment(view.at)}`);
  if (view.answeredAt) say("answered", print.moment(view.answeredAt));
  say("id", view.id);
}

export function endOf(view: DecisionView): string {
  if (view.outcome === "refuse") return "none allowed";
  if (view.chosen === null) return "left to you";
  return `${view.answeredAt ? "you: " : ""}${visible(view.chosen)}`;
}

export const situationOf = ({ situation }: DecisionView): string =>
  situation === null ? "(erased)" : visible(situation, { multiline: true });

const figure = (value: number): string => value.toFixed(2);

const signed = (value: number): string => `${value < 0 ? "" : "+"}${figure(value)}`;

function partWords({ name, value }: { name: string; value: number }): string {
  const [kind = "", ...rest] = name.split(":");
  const what = rest.join(":");
  return `${wordsOf(kind, what) ?? visible(what || name)} ${signed(value)}`;
}

function wordsOf(kind: string, what: string): string | undefined {
  if (kind === "preference") return `preference ${shortId(what)}`;
  if (kind === "task") return `your task ${shortId(what)}`;
  if (kind === "event") return `in your calendar then ${shortId(what)}`;
  if (kind === "rule" || kind === "value" || kind === "goal") return `your ${kind} ${visible(what)}`;
  if (kind === "learned") return what === "choice" ? "what you chose before" : `what you chose by ${visible(what)}`;
  return undefined;
}

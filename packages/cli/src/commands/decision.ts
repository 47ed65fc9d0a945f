import type { DecisionView } from "@mh/contract/decision.ts";
import { visible } from "@mh/contract/visible/visible.ts";
import { actOnce, type CommandModule, type Context } from "../command.ts";
import { wholeNumber } from "../options.ts";
import { clip, hang, shortId, table, wrap } from "../print.ts";

export const command: CommandModule = {
  uses: ["decision.list", "decision.explain", "decision.answer"],
  build(parser, context) {
    parser.addHelpText("after", '\nExamples:\n  mh decision\n  mh decision answer a1b2c3d4 "draft reply"');
    parser
      .command("list", { isDefault: true })
      .description("What was decided, and what is left to you; the latest first.")
      .option("--open", "only what is left to you")
      .option("-n <number>", "how many", wholeNumber(1, 1000), 50)
      .addHelpText("after", "\nExample:\n  mh decision list --open")
      .action((options: { open?: boolean; n: number }) => list(context, options));
    parser
      .command("explain <id>")
      .description("One decision, whole: the options, how each was scored, the rules.")
      .addHelpText("after", "\nExample:\n  mh decision explain a1b2c3d4")
      .action((id: string) => explain(context, id));
    parser
      .command("answer <id> <option...>")
      .description("Choose, where it was left to you.")
      .addHelpText("after", '\nExample:\n  mh decision answer a1b2c3d4 "draft reply"')
      .action(async (id: string, words: string[]) => {
        const view = await actOnce(context, "decision.answer", { id, option: words.join(" ") });
        if (context.print.isJson) return context.print.json(view);
        context.print.line(`Answered: ${visible(view.chosen ?? "")}.`);
      });
  },
};

async function list(context: Context, { open, n }: { open?: boolean; n: number }): Promise<void> {
  const { print } = context;
  const args = { limit: n, ...(open && { open }) };
  const { decisions } = await actOnce(context, "decision.list", args);
  if (print.isJson) return print.json({ decisions });
  if (decisions.length === 0) return print.line(open ? "Nothing is left to you." : "Nothing was decided yet.");
  const rows = decisions.map((view) => [
    shortId(view.id),
    print.day(view.at),
    visible(view.principal),
    endOf(view),
    clip(situationOf(view).replaceAll(/\s+/g, " "), 200),
  ]);
  print.page();
  print.line(table(rows, print.width));
}

function endOf(view: DecisionView): string {
  if (view.outcome === "refuse") return "none allowed";
  if (view.chosen === null) return "left to you";
  return `${view.answeredAt ? "you: " : ""}${visible(view.chosen)}`;
}

const situationOf = ({ situation }: DecisionView): string =>
  situation === null ? "(erased)" : visible(situation, { multiline: true });

async function explain(context: Context, id: string): Promise<void> {
  const { print } = context;
  const view = await actOnce(context, "decision.explain", { id });
  if (print.isJson) return print.json(view);
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
    if (verdict && verdict !== "allow") {
      const why = [verdict === "deny" ? "denied" : "would ask you", reason ?? rules.join(", ")].filter(Boolean);
      print.line(hang("        ", visible(why.join(": ")), print.width));
    }
  }
  print.line();
  const say = (label: string, words: string) => print.line(hang(`  ${label.padEnd(11)} `, words, print.width));
  say("outcome", endOf(view));
  say("confidence", `${figure(view.confidence)}, with ${figure(view.threshold)} needed`);
  say("rules", visible(view.rules.join(", ")));
  say("by", `${visible(view.principal)}, ${print.moment(view.at)}`);
  if (view.answeredAt) say("answered", print.moment(view.answeredAt));
  say("id", view.id);
}

const figure = (value: number): string => value.toFixed(2);

function partWords({ name, value }: { name: string; value: number }): string {
  const [kind = "", ...rest] = name.split(":");
  const words = kind === "preference" ? `preference ${shortId(rest.join(":"))}` : visible(rest.join(":") || name);
  return `${words} ${value < 0 ? "" : "+"}${figure(value)}`;
}

import { visible } from "@mh/contract/visible/visible.ts";
import { actOnce, type CommandModule, type Context } from "../command.ts";
import { confirmDestroy } from "../consent.ts";
import { decisionPage, endOf, situationOf } from "../decision-view.ts";
import { counted } from "../numbers.ts";
import { wholeNumber } from "../options.ts";
import { clip, shortId, table } from "../print.ts";

export const command: CommandModule = {
  uses: [
    "decision.drift",
    "decision.list",
    "decision.explain",
    "decision.answer",
    "decision.correct",
    "decision.forget",
  ],
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
      .alias("show")
      .description("One decision, whole: the options, how each was scored, the rules.")
      .addHelpText("after", "\nExample:\n  mh decision explain a1b2c3d4")
      .action(async (id: string) => {
        const view = await actOnce(context, "decision.explain", { id });
        if (context.print.isJson) context.print.json(view);
        else decisionPage(context.print, view);
      });
    parser
      .command("answer <id> <option...>")
      .description("Choose, where it was left to you.")
      .addHelpText("after", '\nExample:\n  mh decision answer a1b2c3d4 "draft reply"')
      .action(async (id: string, words: string[]) => {
        const view = await actOnce(context, "decision.answer", { id, option: words.join(" ") });
        if (context.print.isJson) return context.print.json(view);
        context.print.line(`Answered: ${visible(view.chosen ?? "")}.`);
      });
    parser
      .command("correct <id> <option...>")
      .description("Say what you would have chosen instead, or that it was right; it is learned from.")
      .option("--reason <text>", "why; kept as a preference of yours")
      .addHelpText(
        "after",
        '\nExample:\n  mh decision correct a1b2c3d4 "draft reply" --reason "he waits for words, not for me"',
      )
      .action(async (id: string, words: string[], { reason }: { reason?: string }) => {
        const args = { id, option: words.join(" "), ...(reason !== undefined && { reason }) };
        const value = await actOnce(context, "decision.correct", args);
        if (context.print.isJson) return context.print.json(value);
        context.print.line(`Noted: ${visible(value.decision.chosen ?? "")}.`);
        if (value.preference) context.print.note(`Kept as a preference of yours: ${visible(value.preference.path)}`);
      });
    parser
      .command("forget <id>")
      .description("Forget what a decision was about, and what was learned from your answer, for good. Asks first.")
      .option("--yes", "do not ask")
      .addHelpText("after", "\nExample:\n  mh decision forget a1b2c3d4")
      .action(async (id: string, { yes }: { yes?: boolean }) => {
        const question = "Forget this decision? This cannot be undone.";
        const value = await confirmDestroy(context, "decision.forget", { id }, { yes: yes ?? false, question });
        if (context.print.isJson) return context.print.json(value);
        context.print.line("Forgotten. Its figures stay in the log.");
      });
    parser
      .command("drift")
      .description("How far your choices are from what was expected of you, week by week: 0 is not at all, 1 always.")
      .option("--weeks <number>", "how many weeks", wholeNumber(1, 104), 12)
      .addHelpText("after", "\nExample:\n  mh decision drift --weeks 26")
      .action(async ({ weeks }: { weeks: number }) => {
        const { print } = context;
        const value = await actOnce(context, "decision.drift", { weeks });
        if (print.isJson) return print.json(value);
        if (value.drift === null)
          return print.line("There is no drift to tell yet: it counts answers where one option was expected of you.");
        print.line(`Drift ${value.drift.toFixed(2)}, by ${counted(value.answers, "answer")}; the latest count most.`);
        const rows = value.weeks.map(({ to, drift, answers, otherwise }) => [
          ...[print.day(to), drift === null ? "–" : drift.toFixed(2)],
          ...[String(answers), String(otherwise)],
        ]);
        const head = ["week to", "drift", "answers", "otherwise"].map(print.color.dim);
        print.line(table(rows, print.width, { head }));
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

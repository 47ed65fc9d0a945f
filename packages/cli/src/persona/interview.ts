import { Argument, type Command } from "@commander-js/extra-typings";
import type { ValueFor } from "@mh/contract/contracts.ts";
import { Fault } from "@mh/contract/values/fault.ts";
import { interviewQuestions } from "@mh/contract/values/interview.ts";
import { visible } from "@mh/contract/visible/visible.ts";
import { actOnce, type Context } from "../command.ts";
import { Exit, exitCodes } from "../exit.ts";
import { textOf } from "../input.ts";
import { counted } from "../numbers.ts";
import { hang } from "../print.ts";

type Question = ValueFor<"persona.interview">["questions"][number];

/** Questions that begin the persona. Each answer is written at once: an interview that is broken off goes on where it was. */
export function addInterview(parser: Command, context: Context): void {
  parser
    .command("interview")
    .option("--all", "those that your persona answers already, too")
    .description(
      "Ten questions that begin your persona; an empty answer passes one over, Ctrl-C ends it, and nothing is lost.",
    )
    .addHelpText("after", "\nExample:\n  mh persona interview")
    .action(({ all }) => interview(context, all ?? false));
  parser
    .command("answer")
    .addArgument(new Argument("<question>", "its id").choices(interviewQuestions.map(({ id }) => id)))
    .argument("<text...>", "the answer; several things with semicolons between them; - reads standard input")
    .description("Answer one of them.")
    .addHelpText("after", '\nExample:\n  mh persona answer values "Calm before speed; Family before work"')
    .action(async (question, words) => {
      const value = await actOnce(context, "persona.answer", { question, text: textOf(words) });
      if (context.print.isJson) return context.print.json(value);
      context.print.line(`Written: ${value.path}. mh undo takes it back.`);
    });
}

async function interview(context: Context, all: boolean): Promise<void> {
  const { print } = context;
  const { questions } = await actOnce(context, "persona.interview", {});
  if (print.isJson) return print.json({ questions });
  const open = questions.filter(({ isAnswered }) => all || !isAnswered);
  if (open.length === 0) return print.line("Your persona answers every question. `mh persona show` is what it says.");
  if (!print.canAsk) return list(context, open);
  const { askText } = await import("../prompt.ts");
  let written = 0;
  for (const each of open) {
    const answer = await ask(context, each, askText);
    if (answer === "ended") {
      print.note(`${counted(written, "answer")} written. mh persona interview goes on.`);
      throw new Exit(exitCodes.interrupted);
    }
    if (answer === "written") written += 1;
  }
  print.line(
    `${counted(written, "answer")} written. mh persona show is what it says; mh undo takes the last one back.`,
  );
}

/** Asks until the answer is written, passed over or broken off: one that cannot be read is asked for again, as it was typed. */
async function ask(
  context: Context,
  { id, question, hint }: Question,
  askText: (message: string, initial: string) => Promise<string | undefined>,
): Promise<"written" | "passed" | "ended"> {
  for (let typed = ""; ; ) {
    const answer = await askText(`${question}  ${context.print.color.dim(hint)}`, typed);
    if (answer === undefined) return "ended";
    if (answer.trim() === "") return "passed";
    typed = answer;
    try {
      await actOnce(context, "persona.answer", { question: id, text: answer });
      return "written";
    } catch (error) {
      if (!(error instanceof Fault)) throw error;
      context.print.note(visible(error.message));
    }
  }
}

function list({ print }: Context, questions: readonly Question[]): void {
  for (const { id, question, hint } of questions)
    print.line(hang(`  ${id.padEnd(8)} `, `${visible(question)}  ${print.color.dim(visible(hint))}`, print.width));
  print.note('Answer each with: mh persona answer QUESTION "…"');
}

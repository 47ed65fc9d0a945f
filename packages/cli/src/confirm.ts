import type { ArgsFor, SkillName, ValueFor } from "@mh/contract/contracts.ts";
import { type Context, Exit, exitCodes, explainEnd, valueFrom } from "./command.ts";
import { type ParkedView, showParked } from "./parked-view.ts";

/**
 * Does something that asks the owner first. The question is an approval like any other: whoever is not there to answer
 * finds it in `mh approvals`. The home is let go while the person thinks.
 */
export async function confirmDestroy<Name extends SkillName>(
  context: Context,
  skill: Name,
  args: ArgsFor<Name>,
  { yes, question }: { yes: boolean; question: string },
): Promise<ValueFor<Name>> {
  const outcome = await act(context, skill, args);
  if (outcome.status !== "parked") return valueFrom<ValueFor<Name>>(context, outcome);
  const canAnswer = yes || context.print.canAsk;
  if (!canAnswer) throw new Exit(explainEnd(context.print, outcome));
  const view = valueFrom<ParkedView>(context, await act(context, "approval.show", { id: outcome.approval }));
  if (!yes && !(await isYes(context, view, question))) {
    await act(context, "approval.deny", { id: outcome.approval });
    context.print.note("Not done.");
    throw new Exit(exitCodes.denied);
  }
  const answer = await act(context, "approval.approve", { id: outcome.approval, hash: view.hash });
  const { run } = valueFrom<{ run: string }>(context, answer);
  await using client = await context.connect();
  return valueFrom<ValueFor<Name>>(context, await client.wait(run));
}

/** Asks yes or no; no is the default, and Ctrl-C ends the command with the question left open. */
export async function isYes(context: Context, view: ParkedView, question: string): Promise<boolean> {
  showParked(context.print, view);
  const { askYesNo } = await import("./prompt.ts");
  const answer = await askYesNo(question);
  if (answer === undefined) throw new Exit(exitCodes.interrupted);
  return answer;
}

async function act(context: Context, skill: string, args: unknown) {
  await using client = await context.connect();
  return client.act(skill, args);
}

import type { ArgsFor, SkillName, ValueFor } from "@mh/contract/contracts.ts";
import { type Context, Exit, exitCodes, explainEnd, valueFrom } from "./command.ts";
import { type ParkedView, showParked } from "./parked-view.ts";
import type { Printer } from "./printer.ts";

/**
 * Asks yes or no; no is the default, and Ctrl-C ends the command. Where nobody can answer, it ends with the code for
 * waiting, having said how to answer `later`.
 */
export async function answered(print: Printer, question: string, later: string): Promise<boolean> {
  if (!print.canAsk) {
    print.note(later);
    throw new Exit(exitCodes.waiting);
  }
  const { askYesNo } = await import("./prompt.ts");
  const answer = await askYesNo(question);
  if (answer === undefined) throw new Exit(exitCodes.interrupted);
  return answer;
}

/** Shows what is asked for, and asks. What is shown is what is allowed: whoever calls sends the hash of it along. */
export async function consent(
  { print }: Context,
  asked: { tell: () => void; question: string; later: string; isDecided: boolean },
): Promise<void> {
  if (asked.isDecided) return;
  if (!print.isJson) asked.tell();
  if (await answered(print, asked.question, nobodyHere(asked.later))) return;
  print.note("Not allowed.");
  throw new Exit(exitCodes.denied);
}

/** The same for a parked command; whether the owner approves it. */
export function approves({ print }: Context, view: ParkedView, question: string, later: string): Promise<boolean> {
  showParked(print, view, { isAsked: true });
  return answered(print, question, nobodyHere(later));
}

const nobodyHere = (later: string): string => `Nobody is here to answer. Look at it, then: ${later}`;

/**
 * Does something that asks the owner first. It is an approval like any other: an owner who is not there to answer
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
  const { print } = context;
  if (!yes && !print.canAsk) throw new Exit(explainEnd(print, outcome));
  const view = valueFrom<ParkedView>(context, await act(context, "approval.show", { id: outcome.approval }));
  if (!yes && !(await approves(context, view, question, ""))) {
    await act(context, "approval.deny", { id: outcome.approval });
    print.note("Not done.");
    throw new Exit(exitCodes.denied);
  }
  await using client = await context.connect();
  const answer = await client.act("approval.approve", { id: outcome.approval, hash: view.hash });
  const { run } = valueFrom(context, answer);
  return valueFrom<ValueFor<Name>>(context, await client.wait(run));
}

async function act(context: Context, skill: string, args: unknown) {
  await using client = await context.connect();
  return await client.act(skill, args);
}

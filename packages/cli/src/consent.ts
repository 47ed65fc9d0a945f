import { type Context, Exit, exitCodes } from "./command.ts";

/**
 * Shows what is asked for, and asks. What is shown is what is allowed: whoever calls sends the hash of it along. Where
 * nobody can answer, it ends with the code for waiting, having said how to answer later.
 */
export async function consent(
  { print }: Context,
  asked: { tell: () => void; question: string; later: string; isDecided: boolean },
): Promise<void> {
  if (asked.isDecided) return;
  if (!print.isJson) asked.tell();
  if (!print.canAsk) {
    print.note(`Nobody is here to answer. Look at it, then: ${asked.later}`);
    throw new Exit(exitCodes.waiting);
  }
  const { askYesNo } = await import("./prompt.ts");
  const answer = await askYesNo(asked.question);
  if (answer === undefined) throw new Exit(exitCodes.interrupted);
  if (answer) return;
  print.note("Not allowed.");
  throw new Exit(exitCodes.denied);
}

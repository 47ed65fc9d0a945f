import type { ChatMessage } from "@mh/contract/chat.ts";
import type { ValueFor } from "@mh/contract/contracts.ts";
import type { Outcome } from "@mh/contract/wire/command.ts";
import { feedbackIn } from "../decision/feedback.ts";
import type { OutsideContext } from "../kernel/skill.ts";
import { whyNotDone } from "../kernel/why-not-done.ts";
import { idOfHash } from "../model/hashed-id.ts";
import { actionOf, conditionOf, halvesOf, isAsked } from "../standing/parse.ts";
import type { AnswerDeps } from "./answer.ts";
import type { TurnEnd } from "./turn.ts";

/**
 * What the owner tells the chat that a rule understands is done as they said it, in their own name, and no model is asked:
 * "when Sarah writes, remind me of the cost sheet". Undefined where it is anything else, or cannot be read whole.
 */
export async function toldOutright(
  deps: AnswerDeps,
  context: OutsideContext,
  last: { id: string; text: string },
): Promise<TurnEnd | undefined> {
  if (!isStanding(last.text)) return undefined;
  const outcome = await act(deps, context, last, "standing.add", { text: last.text.trim() });
  // What the calendar cannot read may be anything: the model is asked.
  if (outcome.status === "failed" && outcome.fault.code === "standing.unclear") return undefined;
  if (outcome.status !== "done") return ended(notKept(outcome));
  const { text, note } = outcome.value as ValueFor<"standing.add">;
  const way = "`mh when` lists what you wait for, and `mh undo` takes this back.";
  return ended([`Kept: ${text}`, ...(note === null ? [] : [note]), way].join("\n\n"));
}

/**
 * "No, do X instead", said of what this chat just did or of a decision of the day, is kept as a preference; what is said is answered all the
 * same. Gives what is said of it below the answer.
 */
export async function feedbackOutright(
  deps: AnswerDeps,
  context: OutsideContext,
  last: { id: string; text: string },
  messages: readonly ChatMessage[],
): Promise<string | undefined> {
  if (last.text.includes("\n") || !feedbackIn(last.text, true)) return undefined;
  const before = messages
    .slice(
      0,
      messages.findIndex(({ id }) => id === last.id),
    )
    .findLast(({ by }) => by === "chat");
  const about = before?.acts.findLast(({ changes, status }) => changes && status === "done")?.command;
  if (about === undefined) return undefined;
  const outcome = await act(deps, context, last, "decision.teach", { said: last.text.trim(), about });
  if (outcome.status !== "done") return notKept(outcome);
  const { preference } = outcome.value as ValueFor<"decision.teach">;
  return `Kept as a preference of yours: ${preference.text.replaceAll("\n", " ")} \`mh undo\` takes it back.`;
}

const notKept = (outcome: Exclude<Outcome, { status: "done" }>): string =>
  `That was not kept: ${whyNotDone(outcome)} \`mh why ${outcome.id}\` shows more.`;

/** A line alone, as people type one: a letter that was pasted is none. */
function isStanding(text: string): boolean {
  const halves = text.includes("\n") || text.length > 300 ? undefined : halvesOf(text);
  const condition = halves && conditionOf(halves.when);
  const action = halves && actionOf(halves.does);
  if (!halves || !condition || !action || text.trim().endsWith("?") || isAsked(halves.does)) return false;
  // "Tomorrow, tell me about my day" asks for something.
  if (condition.type === "words" && /^(?:please )?(?:tell me|let me know|notify me)/iu.test(halves.does)) return false;
  // A task with a day waits for nothing: it is due then.
  return action.type !== "task" || (condition.type !== "words" && condition.type !== "time");
}

const ended = (text: string): TurnEnd => ({ end: "answered", text, model: null, refusals: [], read: [] });

/** Once for each message, however often its turn is begun. */
function act(
  { begin, crypto }: AnswerDeps,
  { commandId, principal }: OutsideContext,
  { id: message, text }: { id: string; text: string },
  skill: string,
  args: object,
): Promise<Outcome> {
  const task = { id: commandId, words: text, by: "person" } as const;
  const id = idOfHash(crypto, ["chat told", message, skill]);
  return begin({ id, principal, skill, args, cause: commandId, task }).outcome;
}

import { type ChatMessage, chatSay } from "@mh/contract/chat.ts";
import type { OutputOf } from "@mh/contract/contract.ts";
import type { ChatMade } from "@mh/contract/values/chat-turn.ts";
import { Fault } from "@mh/contract/values/fault.ts";
import { ownersOnly } from "../kernel/owners-only.ts";
import { defineOutside, type OutsideContext } from "../kernel/skill.ts";
import { idOfHash } from "../model/hashed-id.ts";
import type { AnswerDeps } from "./answer.ts";
import { actsOf, type ChatRow, chatRow } from "./chats-table.ts";
import { citationsOf } from "./citations.ts";
import { newsOf } from "./news.ts";
import { messagesOf } from "./pages.ts";
import { sourcesOf } from "./sources.ts";
import { TurnTrace } from "./turn-trace.ts";
import type { TurnsUnderWay } from "./under-way.ts";

/**
 * A turn of a chat. It only reads by itself: what it causes is judged for itself. What is said while one is under way steers
 * it: it is taken up before the model is asked again, or else answered once the turn is over.
 */
export function saySkill(deps: AnswerDeps & { turns: TurnsUnderWay }) {
  const { turns } = deps;
  return defineOutside(chatSay, {
    stored: "kept",
    async run({ chat, text }, context) {
      ownersOnly(context.principal, chatSay.name);
      const row = chatRow(deps.reader, chat);
      const said = text === undefined ? undefined : await keep(deps, context, { chat: row.id, text });
      const trace = new TurnTrace(context.commandId, deps.clock);
      let takenUp: ReadonlySet<string> = new Set();
      for (let other = turns.get(row.id); other; other = turns.get(row.id)) {
        takenUp = new Set([...takenUp, ...(await other.ended)]);
        context.signal.throwIfAborted();
      }
      if (said !== undefined && takenUp.has(said)) return steered(row.id, said, trace.made);
      const { promise: ended, resolve } = Promise.withResolvers<ReadonlySet<string>>();
      turns.set(row.id, { ended, trace, signal: context.signal });
      const seen = new Set<string>();
      try {
        return await takeTurn(deps, context, row, { said, seen, trace });
      } finally {
        turns.delete(row.id);
        resolve(seen);
      }
    },
  });
}

/** What the turn that was under way has taken up is answered there. */
const steered = (chat: string, message: string, made: ChatMade): OutputOf<typeof chatSay> => ({
  ...{ chat, message, answer: null, text: "", model: null, end: "steered", made },
  ...{ acts: [], refusals: [], sources: [], citations: [] },
});

async function takeTurn(
  deps: AnswerDeps,
  context: OutsideContext,
  row: ChatRow,
  { said, seen, trace }: { said: string | undefined; seen: Set<string>; trace: TurnTrace },
): Promise<OutputOf<typeof chatSay>> {
  const messages = messagesOf(deps.reader, deps, row);
  const before = messages.find(({ turn }) => turn === context.commandId);
  if (before) return answeredBefore(deps, row.id, before, messages, trace.made);
  const last = messages.findLast(({ id, by }) => by === "owner" && (said === undefined || id === said));
  const isAnswered = said === undefined && messages.at(-1)?.by === "chat";
  if (!last || (isAnswered && (await newsOf(deps, row.id)).length === 0))
    throw new Fault("args.invalid", "Nothing in this chat waits for an answer. Say something.");
  for (const { id } of messages) seen.add(id);
  const [{ answerTo }, { toldOutright, feedbackOutright }] = await Promise.all([
    import("./answer.ts"),
    import("./told.ts"),
  ]);
  // A turn that only goes on does nothing of what was answered again.
  const taught = isAnswered ? undefined : await feedbackOutright(deps, context, last, messages);
  const told = isAnswered ? undefined : await toldOutright(deps, context, last);
  const { end, text, model, refusals, read } =
    told ?? (await answerTo(deps, context, row, { messages, last, seen, trace }));
  const answer = [text.trim(), ...(taught === undefined ? [] : [taught])].filter((each) => each !== "").join("\n\n");
  const sources = sourcesOf(read, answer);
  // What failed, and what would not end, stays unanswered: it may be gone on with.
  const isKept = end !== "failed" && end !== "guard" && answer !== "";
  const cited = sources.filter(({ isCited }) => isCited).map(({ id }) => id);
  const kept = isKept ? await keep(deps, context, { chat: row.id, text: answer, isAnswer: true, cited }) : null;
  const acts = actsOf(deps.reader, context.commandId);
  return {
    chat: row.id,
    message: last.id,
    answer: kept,
    text: answer,
    model,
    end,
    acts,
    refusals: [...refusals],
    sources,
    citations: citationsOf(answer, read),
    made: trace.made,
  };
}

/** A crash came after its answer was kept: the same turn begun again is not answered twice. */
function answeredBefore(
  { reader }: AnswerDeps,
  chat: string,
  { id: answer, text, turn }: ChatMessage,
  messages: readonly ChatMessage[],
  made: ChatMade,
): OutputOf<typeof chatSay> {
  const asked = messages
    .slice(
      0,
      messages.findIndex(({ id }) => id === answer),
    )
    .findLast(({ by }) => by === "owner");
  const acts = turn === null ? [] : actsOf(reader, turn);
  return {
    ...{
      chat,
      message: asked?.id ?? answer,
      answer,
      text,
      model: null,
      end: "answered",
      acts,
      refusals: [],
      sources: [],
      citations: [],
      made,
    },
  };
}

/** Keeps what was said, as a command that the turn causes; begun again after a crash, the turn has kept the owner's words already. */
async function keep(
  { begin, crypto }: AnswerDeps,
  { commandId, principal }: OutsideContext,
  args: { chat: string; text: string; isAnswer?: boolean; cited?: string[] },
): Promise<string> {
  const task = { id: args.chat, words: "" };
  const id = args.isAnswer ? crypto.id() : idOfHash(crypto, ["chat.keep", commandId]);
  const outcome = await begin({ id, principal, skill: "chat.keep", args, cause: commandId, task }).outcome;
  if (outcome.status === "done") return (outcome.value as { id: string }).id;
  if (outcome.status === "failed") throw new Fault(outcome.fault.code, outcome.fault.message);
  throw new Fault("model.failed", `What was said could not be kept (${outcome.status}). \`mh why ${outcome.id}\``);
}

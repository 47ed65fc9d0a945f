import type { ChatMessage } from "@mh/contract/chat.ts";
import { Fault } from "@mh/contract/values/fault.ts";
import type { Command, Outcome } from "@mh/contract/wire/command.ts";
import { extensionRows } from "../extensions/extensions-table.ts";
import { reachOf } from "../kernel/attempts.ts";
import type { DelegationsPort } from "../kernel/delegations-port.ts";
import type { Kernel } from "../kernel/kernel.ts";
import type { Registry } from "../kernel/registry.ts";
import type { Run } from "../kernel/run.ts";
import type { OutsideContext } from "../kernel/skill.ts";
import { chosenFor } from "../models/choose.ts";
import type { Clock } from "../ports/clock.ts";
import type { Database } from "../ports/database.ts";
import { CallIds } from "./call-id.ts";
import type { ChatDeps } from "./chat-skills.ts";
import type { ChatRow } from "./chats-table.ts";
import { charsPerToken, contextOf } from "./context.ts";
import { ownersWords } from "./messages.ts";
import { newsOf } from "./news.ts";
import { messagesOf } from "./pages.ts";
import { takeUpAnswers, takeUpNews } from "./take-up.ts";
import { answerTokensMax, Turn, type TurnEnd } from "./turn.ts";
import { TurnTools } from "./turn-tools.ts";
import type { TurnTrace } from "./turn-trace.ts";
import { withoutModel } from "./without-model.ts";

export interface AnswerDeps extends ChatDeps {
  reader: Database;
  registry: Registry;
  /** The gate. */
  begin: (command: Command) => Run;
  check: Kernel["check"];
  delegations: DelegationsPort;
  /** How a command ended, by its id alone. */
  wait: (id: string) => Promise<Outcome | undefined>;
  onStop: (listener: () => void) => Disposable;
  clock: Clock;
  /** A prompt by its name. */
  prompt: (name: string) => string;
}

interface Question {
  messages: readonly ChatMessage[];
  /** What the owner said last. */
  last: ChatMessage;
  /** Ids of the messages that the turn has taken up; it adds those that come while it works. */
  seen: Set<string>;
  trace: TurnTrace;
}

/** Answers the owner's last words: by a model whose calls pass the gate, or from memory where there is none. */
export async function answerTo(
  deps: AnswerDeps,
  context: OutsideContext,
  row: ChatRow,
  question: Question,
): Promise<TurnEnd> {
  // STOP does not end what the owner runs; this runs for them, and others' words are in it.
  const stopped = new AbortController();
  using _stop = deps.onStop(() => stopped.abort("STOP came while it ran"));
  const signal = AbortSignal.any([context.signal, stopped.signal]);
  try {
    const end = await turnFor(deps, context, row, { ...question, signal }).run();
    return end.end === "no-model" ? withoutModel(deps, context, { words: question.last.text, why: end.text }) : end;
  } catch (error) {
    if (stopped.signal.aborted) throw new Fault("stopped", "STOP ended the answer. `mh resume`, and then go on.");
    throw error;
  }
}

function turnFor(
  deps: AnswerDeps,
  { commandId: cause, config, principal: asker, progress }: OutsideContext,
  row: ChatRow,
  { messages, last, seen, trace, signal }: Question & { signal: AbortSignal },
): Turn {
  const { reader, registry, crypto, begin, check } = deps;
  const [candidate] = chosenFor(config, undefined);
  const contextTokens = candidate?.contextTokens ?? 8_192;
  const used = messages.flatMap(({ acts }) => acts.map(({ skill }) => skill)).reverse();
  const tools = new TurnTools(registry, {
    ...{ words: lastWords(messages), used: [...new Set(used)].slice(0, usedMax) },
    room: contextTokens * charsPerToken * toolsShare,
    hasInstructions: extensionRows(reader, "skill").length > 0,
  });
  const task = { id: row.id, words: ownersWords(messages), by: "person" } as const;
  takeUpAnswers(deps.delegations, task, messages);
  const reserved = answerTokensMax + Math.ceil(JSON.stringify(tools.shown).length / charsPerToken);
  return new Turn(
    {
      ...{ begin, check, progress, tools, cause, asker, signal, config, trace },
      ids: new CallIds(last.id, { crypto, reader, reachOf: (skill) => reachOf(registry.find(skill)) }),
      task,
      async news() {
        const news = await newsOf(deps, row.id, cause);
        takeUpNews(deps.delegations, task, news);
        return news;
      },
      more() {
        const all = messagesOf(reader, deps, row);
        const fresh = all.filter(({ id, by }) => by === "owner" && !seen.has(id));
        for (const { id } of fresh) seen.add(id);
        return { texts: fresh.map(({ text }) => text), words: ownersWords(all) };
      },
    },
    contextOf(deps.prompt("chat"), messages, { contextTokens, reserved }),
  );
}

/** How much of a model's context tools may take, and of how many skills used before they are. */
const toolsShare = 0.4;
const usedMax = 8;

/** "Go on" calls for what was spoken of before. */
const lastWords = (messages: readonly ChatMessage[]): string =>
  ownersWords(messages.filter(({ by }) => by === "owner").slice(-3));

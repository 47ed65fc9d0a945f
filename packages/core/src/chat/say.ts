import type { ChatMessage } from "@mh/contract/chat.ts";
import { chatSay } from "@mh/contract/chat.ts";
import type { OutputOf } from "@mh/contract/contract.ts";
import type { ValueFor } from "@mh/contract/contracts.ts";
import { Fault } from "@mh/contract/values/fault.ts";
import type { Command } from "@mh/contract/wire/command.ts";
import { extensionRows } from "../extensions/extensions-table.ts";
import type { Kernel } from "../kernel/kernel.ts";
import type { Registry } from "../kernel/registry.ts";
import type { Run } from "../kernel/run.ts";
import { defineOutside, type OutsideContext } from "../kernel/skill.ts";
import type { Config } from "../model/config.ts";
import { chosenFor } from "../models/choose.ts";
import { isElsewhere } from "../models/settings.ts";
import type { Database } from "../ports/database.ts";
import { CallIds } from "./call-id.ts";
import { type ChatDeps, ownersOnly } from "./chat-skills.ts";
import { actsOf, type ChatRow, chatRow } from "./chats-table.ts";
import { charsPerToken, contextOf } from "./context.ts";
import { chatSource, messagesOf, ownersWords } from "./messages.ts";
import { chatSettings } from "./settings.ts";
import { TurnTools } from "./tools.ts";
import { answerTokensMax, Turn, type TurnEnd } from "./turn.ts";

export interface SayDeps extends ChatDeps {
  reader: Database;
  registry: Registry;
  /** The gate. */
  begin: (command: Command) => Run;
  check: Kernel["check"];
  onStop: (listener: () => void) => Disposable;
  /** A prompt by its name. */
  prompt: (name: string) => string;
}

/**
 * A turn of a chat. It only reads by itself: what it causes is judged for itself. What is said while one is under way steers
 * it: it is taken up before the model is asked again, or else answered once the turn is over.
 */
export function saySkill(deps: SayDeps) {
  /** Turns under way, each with the messages that it has taken up when it is over. */
  const underWay = new Map<string, Promise<ReadonlySet<string>>>();
  return defineOutside(chatSay, {
    stored: "kept",
    async run({ chat, text }, context) {
      ownersOnly(context.principal, chatSay.name);
      const row = chatRow(deps.reader, chat);
      const said = text === undefined ? undefined : await keep(deps, context, { chat: row.id, text });
      let takenUp: ReadonlySet<string> = new Set();
      for (let other = underWay.get(row.id); other; other = underWay.get(row.id)) {
        takenUp = new Set([...takenUp, ...(await other)]);
        context.signal.throwIfAborted();
      }
      if (said !== undefined && takenUp.has(said)) return steered(row.id, said);
      const { promise, resolve } = Promise.withResolvers<ReadonlySet<string>>();
      underWay.set(row.id, promise);
      const seen = new Set<string>();
      try {
        return await takeTurn(deps, context, row, { said, seen });
      } finally {
        underWay.delete(row.id);
        resolve(seen);
      }
    },
  });
}

/** What the turn that was under way has taken up is answered there. */
const steered = (chat: string, message: string): OutputOf<typeof chatSay> => ({
  ...{ chat, message, answer: null, text: "", model: null, end: "steered", acts: [], refusals: [] },
});

async function takeTurn(
  deps: SayDeps,
  context: OutsideContext,
  row: ChatRow,
  { said, seen }: { said: string | undefined; seen: Set<string> },
): Promise<OutputOf<typeof chatSay>> {
  const messages = messagesOf(deps.reader, deps, row);
  const last = said === undefined ? messages.at(-1) : messages.find(({ id }) => id === said);
  if (last?.by !== "owner") throw new Fault("args.invalid", "Nothing in this chat waits for an answer. Say something.");
  for (const { id } of messages) seen.add(id);
  const { end, text, model, refusals } = await answerTo(deps, context, row, { messages, last, seen });
  const answer = text.trim();
  // What failed, and what would not end, stays unanswered: it may be gone on with.
  const isKept = (end === "answered" || end === "no-model") && answer !== "";
  const kept = isKept ? await keep(deps, context, { chat: row.id, text: answer, isAnswer: true }) : null;
  const acts = actsOf(deps.reader, context.commandId);
  return { chat: row.id, message: last.id, answer: kept, text: answer, model, end, acts, refusals };
}

async function answerTo(
  deps: SayDeps,
  context: OutsideContext,
  row: ChatRow,
  { messages, last, seen }: { messages: readonly ChatMessage[]; last: ChatMessage; seen: Set<string> },
): Promise<TurnEnd> {
  const { commandId: cause, config, principal: asker, progress } = context;
  const [candidate] = chosenFor(config, undefined);
  const refusal = staysHere(config);
  if (refusal !== undefined) {
    const text = await withoutModel(deps, context, row, { last, why: refusal });
    return { end: "no-model", text, model: null, refusals: [] };
  }
  const contextTokens = candidate?.contextTokens ?? 8_192;
  const used = messages.flatMap(({ acts }) => acts.map(({ skill }) => skill)).reverse();
  const tools = new TurnTools(deps.registry, {
    ...{ words: lastWords(messages), used: [...new Set(used)].slice(0, usedMax) },
    room: contextTokens * charsPerToken * toolsShare,
    hasInstructions: extensionRows(deps.reader, "skill").length > 0,
  });
  const isRead = (skill: string) =>
    deps.registry.find(skill)?.contract.effects.every((effect) => effect === "read" || effect === "fetch") ?? true;
  const reserved = answerTokensMax + Math.ceil(JSON.stringify(tools.shown).length / charsPerToken);
  const shown = contextOf(deps.prompt("chat"), messages, { contextTokens, reserved });
  // STOP does not end what the owner runs; this runs for them, and others' words are in it.
  const stopped = new AbortController();
  using _stop = deps.onStop(() => stopped.abort("STOP came while it ran"));
  const turn = new Turn(
    {
      ...{ begin: deps.begin, check: deps.check, progress, tools, cause, asker, model: undefined },
      ids: new CallIds(last.id, { crypto: deps.crypto, reader: deps.reader, isRead }),
      task: { id: row.id, words: ownersWords(messages), by: "person" },
      more() {
        const all = messagesOf(deps.reader, deps, row);
        const fresh = all.filter(({ id, by }) => by === "owner" && !seen.has(id));
        for (const { id } of fresh) seen.add(id);
        return { texts: fresh.map(({ text }) => text), words: ownersWords(all) };
      },
      signal: AbortSignal.any([context.signal, stopped.signal]),
    },
    shown,
  );
  try {
    const end = await turn.run();
    return end.end === "no-model"
      ? { ...end, text: await withoutModel(deps, context, row, { last, why: end.text }) }
      : end;
  } catch (error) {
    if (stopped.signal.aborted) throw new Fault("stopped", "STOP ended the answer. `mh resume`, and then go on.");
    throw error;
  }
}

const quotedMax = 3;

/** What there is to say without a model: why there is none, and what the owner's memories hold of what was said. */
async function withoutModel(
  { begin }: SayDeps,
  { commandId, principal }: OutsideContext,
  { id }: ChatRow,
  { last, why }: { last: ChatMessage; why: string },
): Promise<string> {
  const task = { id, words: last.text };
  const args = { q: last.text.slice(0, queryMax), k: 20 };
  const outcome = await begin({ principal, skill: "memory.search", args, cause: commandId, task }).outcome;
  if (outcome.status !== "done") return why;
  const { hits } = outcome.value as ValueFor<"memory.search">;
  // What was asked in chats answers nothing.
  const quoted = hits.filter(({ record }) => record.source !== chatSource).slice(0, quotedMax);
  const lines = quoted.map(({ record: { id, content } }) => `“${clip(content)}” [${id.slice(-8)}]`);
  return lines.length === 0 ? why : [why, "Your memories hold:", ...lines].join("\n\n");
}

const queryMax = 500;
const clip = (text: string): string => (text.length > 400 ? `${text.slice(0, 399)}…` : text).trim();

/** How much of a model's context tools may take, and of how many skills used before they are. */
const toolsShare = 0.4;
const usedMax = 8;

/** "Go on" calls for what was spoken of before. */
const lastWords = (messages: readonly ChatMessage[]): string =>
  ownersWords(messages.filter(({ by }) => by === "owner").slice(-3));

/** Why the first model may not be asked in a chat; undefined where it may. */
function staysHere(config: Config): string | undefined {
  const [first] = chosenFor(config, undefined);
  if (!first || !isElsewhere(first) || chatSettings.of(config).cloud) return undefined;
  return `${first.name} is on another machine, and what this chat reads of yours would be sent there. \`mh config set chat.cloud true\` lets it.`;
}

/** Keeps what was said, as a command that the turn causes. */
async function keep(
  { begin }: SayDeps,
  { commandId, principal }: OutsideContext,
  args: { chat: string; text: string; isAnswer?: boolean },
): Promise<string> {
  const task = { id: args.chat, words: "" };
  const outcome = await begin({ principal, skill: "chat.keep", args, cause: commandId, task }).outcome;
  if (outcome.status === "done") return (outcome.value as { id: string }).id;
  if (outcome.status === "failed") throw new Fault(outcome.fault.code, outcome.fault.message);
  throw new Fault("model.failed", `What was said could not be kept (${outcome.status}). \`mh why ${outcome.id}\``);
}

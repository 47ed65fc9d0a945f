import type { ValueFor } from "@mh/contract/contracts.ts";
import type { OutsideContext } from "../kernel/skill.ts";
import { chatSource } from "../memory/chat-source.ts";
import type { AnswerDeps } from "./answer.ts";
import type { TurnEnd } from "./turn.ts";

const quotedMax = 3;
const queryMax = 500;

/** What there is to say without a model: why there is none, what can be done all the same, and what the owner's memories hold of it. */
export async function withoutModel(
  { begin }: AnswerDeps,
  { commandId, principal }: OutsideContext,
  { words, why }: { words: string; why: string },
): Promise<TurnEnd> {
  const args = { q: words.slice(0, queryMax), k: 20 };
  const task = { id: commandId, words };
  const outcome = await begin({ principal, skill: "memory.search", args, cause: commandId, task }).outcome;
  const hits = outcome.status === "done" ? (outcome.value as ValueFor<"memory.search">).hits : [];
  // What was said in chats is no answer to what is said in them.
  const read = hits
    .map(({ record }) => record)
    .filter(({ source }) => source !== chatSource)
    .slice(0, quotedMax);
  const quoted = read.map(({ id, content }) => `“${clip(content)}” [${id.slice(-8)}]`);
  const found = quoted.length === 0 ? ["Your memories hold nothing like it."] : ["Your memories hold:", ...quoted];
  return { end: "no-model", text: [...found, why, able].join("\n\n"), model: null, refusals: [], read };
}

const able =
  "Without a model this chat finds what your memories hold. `mh capture`, `mh ask`, `mh search` and `mh task` work as ever.";

const clip = (text: string): string => (text.length > 400 ? `${text.slice(0, 399)}…` : text).trim();

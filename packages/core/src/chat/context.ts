import type { ChatMessage } from "@mh/contract/chat.ts";
import type { ModelMessage } from "../ports/model.ts";

/** Few languages and codes have fewer letters to a token. */
export const charsPerToken = 3;
const answerCharsMax = 12_000;

/**
 * What a model is shown of a chat within its context: the prompt, as many of the last messages as fit, and the one that waits
 * for an answer, always whole. What is left out stays the owner's words for the gate.
 */
export function contextOf(
  prompt: string,
  messages: readonly ChatMessage[],
  { contextTokens, reserved }: { contextTokens: number; reserved: number },
): ModelMessage[] {
  const room = Math.max(0, (contextTokens - reserved) * charsPerToken - prompt.length);
  const shown: ModelMessage[] = [];
  let used = 0;
  for (const message of messages.toReversed()) {
    const next = asModelMessage(message);
    used += next.text.length;
    if (shown.length > 0 && used > room) break;
    shown.unshift(next);
  }
  // A conversation that begins with an answer is refused by some servers.
  while (shown.length > 1 && shown[0]?.role === "assistant") shown.shift();
  return [{ role: "system", text: prompt }, ...shown];
}

function asModelMessage({ by, text, acts }: ChatMessage): ModelMessage {
  if (by === "owner") return { role: "user", text };
  const done = acts.filter(({ changes }) => changes).map(({ skill, status }) => `${skill}: ${status}`);
  return { role: "assistant", text: done.length === 0 ? text : `${text}\n\n[The log: ${done.join(", ")}]` };
}

/** What a call gave, as a model is shown it. */
export const cutAnswer = (text: string): string =>
  text.length <= answerCharsMax ? text : `${text.slice(0, answerCharsMax)}… [cut; ask for less]`;

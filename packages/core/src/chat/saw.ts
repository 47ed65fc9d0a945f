import type { ChatSaw } from "@mh/contract/values/chat-turn.ts";
import type { ModelMessage, ModelTool } from "../ports/model.ts";
import { chatPrincipal } from "./chats-table.ts";
import { charsPerToken } from "./context.ts";
import { memoriesIn } from "./sources.ts";

/** A part of a message, by where it comes from. */
export interface Part {
  what: ChatSaw["what"];
  origins: readonly string[];
  chars: number;
}

/** What parts each message that a model is shown has; one that nobody knows more of is what its role says. */
export class Seen {
  readonly #parts = new WeakMap<ModelMessage, readonly Part[]>();

  /** What a call gave: the memories in it by their own origins, the rest as the call's. */
  result(message: ModelMessage, value: unknown): void {
    const memories = memoriesIn(value).map(({ content, origins }) => ({
      what: "memories" as const,
      ...{ origins, chars: content.length },
    }));
    const rest = Math.max(0, message.text.length - memories.reduce((sum, { chars }) => sum + chars, 0));
    this.#parts.set(message, [...memories, { what: "results", origins: [], chars: rest }]);
  }

  /** A message that took something in beside what it was. */
  grown(from: ModelMessage | undefined, to: ModelMessage, part: Part): void {
    this.#parts.set(to, [...(from ? this.#of(from) : []), part]);
  }

  /** All of it, summed by what it is and whose, in tokens: as many as the model counted, where it did. */
  sum(messages: readonly ModelMessage[], tools: readonly ModelTool[], counted: number | undefined): ChatSaw[] {
    const offered: Part = { what: "tools", origins: [], chars: JSON.stringify(tools).length };
    const sums = new Map<string, { part: Part; chars: number; count: number }>();
    for (const part of [...messages.flatMap((message) => this.#of(message)), ...(tools.length > 0 ? [offered] : [])]) {
      const key = JSON.stringify([part.what, part.origins]);
      const sum = sums.get(key) ?? { part, chars: 0, count: 0 };
      sums.set(key, { part, chars: sum.chars + part.chars, count: sum.count + 1 });
    }
    const all = [...sums.values()];
    const chars = all.reduce((sum, each) => sum + each.chars, 0);
    const perChar = counted && chars > 0 ? counted / chars : 1 / charsPerToken;
    return all.map(({ part, chars: own, count }) => ({
      ...{ what: part.what, origins: [...part.origins] },
      count: part.what === "tools" ? tools.length : count,
      tokens: Math.round(own * perChar),
    }));
  }

  #of(message: ModelMessage): readonly Part[] {
    const known = this.#parts.get(message);
    if (known) return known;
    const chars = message.text.length;
    switch (message.role) {
      case "system":
        return [{ what: "prompt", origins: [], chars }];
      case "user":
        return [{ what: "owner", origins: ["owner"], chars }];
      case "assistant":
        return [{ what: "answers", origins: [chatPrincipal], chars }];
      case "tool":
        return [{ what: "results", origins: [], chars }];
    }
  }
}

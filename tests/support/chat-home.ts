import type { ValueFor } from "@mh/contract/contracts.ts";
import { owner } from "@mh/contract/values/principal.ts";
import type { HostOptions } from "@mh/testing";
import type { Asked, Piece, Reply } from "@mh/testing/scripted-models/script.ts";
import { local, type ModelHome, modelHome } from "./model-home.ts";

export interface ChatHome extends ModelHome {
  /** Id of a chat that was just begun. */
  chat: string;
  /** A turn, as the owner; anything but `done` throws. */
  say(text?: string, chat?: string): Promise<ValueFor<"chat.say">>;
}

/** A home with a scripted model on this machine, and a chat that may use the usual skills. */
export async function chatHome(options: HostOptions = {}): Promise<ChatHome> {
  const made = await modelHome(options);
  const { home, scripted } = made;
  await made.models({ use: [local(scripted.url)] });
  await home.own("chat.allow", {});
  const { id: chat } = await home.own("chat.start", {});
  return {
    ...{ ...made, chat },
    async say(text, at = chat) {
      const outcome = await home.act(owner, "chat.say", { chat: at, ...(text !== undefined && { text }) });
      if (outcome.status !== "done") throw new Error(`chat.say: ${JSON.stringify(outcome)}`);
      return outcome.value as ValueFor<"chat.say">;
    },
  };
}

export const says = (...texts: string[]): Reply => ({
  pieces: texts.map((text) => ({ text })),
  usage: { input: 12, output: 7 },
});
export const calls = (...wanted: [tool: string, args: object][]): Reply => ({
  pieces: wanted.map(([call, args]): Piece => ({ call, args: JSON.stringify(args) })),
  usage: { input: 12, output: 7 },
});

/** Answers one after the other; the last one again and again. */
export function inTurn(...replies: (Reply | ((asked: Asked) => Reply))[]): (asked: Asked) => Reply {
  let at = 0;
  return (asked) => {
    const reply = replies[Math.min(at, replies.length - 1)] ?? says("");
    at += 1;
    return typeof reply === "function" ? reply(asked) : reply;
  };
}

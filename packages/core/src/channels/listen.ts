import { channelListen, channelTest } from "@mh/contract/channels.ts";
import { Fault } from "@mh/contract/values/fault.ts";
import type { MessengerName } from "@mh/contract/values/messenger.ts";
import { defineOutside } from "../kernel/skill.ts";
import type { Config } from "../model/config.ts";
import { type Messenger, MessengerTrouble, type MessengerUpdate, type TroubleKind } from "../ports/messenger.ts";
import type { Timers } from "../ports/timers.ts";
import { expectBot } from "./codes.ts";
import type { Cursor } from "./cursor.ts";
import { pause } from "./pause.ts";
import { type FixedWords, fixedWords, type PressWords, pressWords } from "./words.ts";

export type OpenMessenger = (channel: MessengerName, config: Config) => Promise<Messenger>;

/** How something that came was taken. Throws where it could not be written down: then it comes again. */
export type Taken = { reply?: FixedWords; press?: PressWords; isRefused: boolean };

export interface ListenDeps {
  open: OpenMessenger;
  timers: Timers;
  cursor: (channel: MessengerName) => Cursor;
  take: (channel: MessengerName, bot: string, update: MessengerUpdate) => Promise<Taken>;
  /** Something is paired, or a code waits. */
  isNeeded: (channel: MessengerName) => boolean;
  /** Hears what it is doing, in words. */
  report: (channel: MessengerName, state: string) => void;
}

const listenMs = 3_600_000;
const waitMs = 25_000;
const firstPauseMs = 250;
const pauseMsMax = 60_000;

/** Takes what comes, each once it is on disk, and only then lets the messenger forget it. */
export function listenSkill(deps: ListenDeps) {
  return defineOutside(channelListen, {
    stored: "approved",
    async run({ channel }, { config, signal, note }) {
      expectBot(config, channel);
      const messenger = await deps.open(channel, config);
      const cursor = deps.cursor(channel);
      const counts = { received: 0, refused: 0 };
      const until = deps.timers.now() + listenMs;
      let pauseMs = firstPauseMs;
      while (deps.timers.now() < until && deps.isNeeded(channel)) {
        try {
          const { id: bot, name } = await messenger.self(signal);
          deps.report(channel, `listening as ${name}`);
          const updates = await messenger.receive(cursor.of(bot), waitMs, signal);
          pauseMs = firstPauseMs;
          for (const update of updates) {
            signal.throwIfAborted();
            const taken = await deps.take(channel, bot, update);
            cursor.move(bot, update.id);
            counts.received += 1;
            if (taken.isRefused) counts.refused += 1;
            note({ listened: { ...counts } });
            await reply(messenger, update, taken, signal);
          }
        } catch (error) {
          if (!(error instanceof MessengerTrouble) || !passes.includes(error.kind)) throw error;
          const restMs = Math.max(pauseMs, Math.min(error.retryMs ?? 0, pauseMsMax));
          deps.report(channel, `not listening, tried again in ${Math.ceil(restMs / 1000)} s: ${error.message}`);
          await pause(deps.timers, restMs, signal);
          pauseMs = Math.min(pauseMs * 2, pauseMsMax);
        }
      }
      return counts;
    },
  });
}

/** What goes by by itself: no record is written for each time that a laptop is offline. */
const passes: readonly TroubleKind[] = ["busy", "unreachable", "conflict"];

/** What is answered is a courtesy: that it did not arrive keeps nothing from going on. */
async function reply(
  messenger: Messenger,
  { chat, content }: MessengerUpdate,
  taken: Taken,
  signal: AbortSignal,
): Promise<void> {
  try {
    if (content.kind === "press")
      await messenger.acknowledge(content.id, taken.press ? pressWords[taken.press] : "", signal);
    if (taken.reply && chat !== undefined) await messenger.send(chat, { text: fixedWords[taken.reply] }, signal);
  } catch (error) {
    if (!(error instanceof MessengerTrouble)) throw error;
  }
}

export function testSkill({ open }: { open: OpenMessenger }) {
  return defineOutside(channelTest, {
    stored: "approved",
    async run({ channel }, { config, signal }) {
      expectBot(config, channel);
      const self = await (await open(channel, config)).self(signal);
      if (self.id === "") throw new Fault("channel.failed", `${channel} did not say who the bot is.`);
      return self;
    },
  });
}

import { visible } from "@mh/contract/visible/visible.ts";
import type { Outcome } from "@mh/contract/wire/command.ts";
import type { Run } from "../kernel/run.ts";
import { type Display, MessengerTrouble } from "../ports/messenger.ts";
import type { Timers } from "../ports/timers.ts";

/** A run whose answer is shown while it is written, and what there is to show of it. */
export interface Followed {
  run: Pick<Run, "watch" | "outcome">;
  textOf: (outcome: Outcome) => string;
}

/** Messengers let one message be changed now and then, and not with every word. */
const editEveryMs = 2_000;

/** Shows what a run writes in one message that is edited, until it ends. Gives its end, and the message where one was begun. */
export async function showWhileWritten(
  { messenger, chat, timers, signal }: { messenger: Display; chat: string; timers: Timers; signal: AbortSignal },
  { run, textOf }: Followed,
): Promise<{ text: string; message: string | undefined }> {
  let written = "";
  let shown = "";
  let message: string | undefined;
  let isOver = false;
  let wake: () => void = () => undefined;
  using _watching = run.watch(({ text }) => {
    if (text !== undefined) written = text;
    wake();
  });
  const ended = run.outcome.then((outcome) => {
    isOver = true;
    wake();
    return outcome;
  });
  ended.catch(() => wake());
  const gone = () => wake();
  signal.addEventListener("abort", gone, { once: true });
  let restUntil = 0;
  while (!isOver && !signal.aborted) {
    const { promise, resolve } = Promise.withResolvers<void>();
    wake = resolve;
    const next = beginningOf(written, messenger.textMax);
    const waitMs = restUntil - timers.now();
    if (next !== shown && waitMs <= 0) {
      restUntil = timers.now() + editEveryMs;
      try {
        if (message === undefined) message = await messenger.send(chat, { text: next }, signal);
        else await messenger.edit(chat, message, { text: next }, signal);
        shown = next;
      } catch (error) {
        // The whole answer comes in the end: what is shown meanwhile may be left out.
        if (!(error instanceof MessengerTrouble)) throw error;
        restUntil = timers.now() + Math.max(error.retryMs ?? 0, 4 * editEveryMs);
      }
      continue;
    }
    using _timer = next === shown ? undefined : timers.after(waitMs, resolve);
    if (!isOver && !signal.aborted) await promise;
  }
  signal.removeEventListener("abort", gone);
  signal.throwIfAborted();
  return { text: textOf(await ended), message };
}

const beginningOf = (text: string, unitsMax: number): string => {
  // It may be all that ever arrives: it is as safe to look at as the whole answer.
  const trimmed = visible(text.trim(), { multiline: true });
  if (trimmed === "") return "";
  return trimmed.length <= unitsMax - 2 ? `${trimmed} …` : `${trimmed.slice(0, unitsMax - 3).toWellFormed()} …`;
};

import type { Progress } from "@mh/contract/wire/progress.ts";
import { expect, test } from "vitest";
import type { Messenger } from "../ports/messenger.ts";
import { showWhileWritten } from "./show-run.ts";

const outcome = { status: "done", id: "1", value: {} } as const;
const whole = { text: "all of it", message: "1" };

/** Writes these, the one after the other once it is shown, and ends; gives what was shown meanwhile. */
async function shownOf(...written: string[]): Promise<{ shown: string[]; end: typeof whole }> {
  const shown: string[] = [];
  const ended = Promise.withResolvers<typeof outcome>();
  let listener: (progress: Progress) => void = () => undefined;
  const write = (): void => {
    const text = written.shift();
    if (text === undefined) ended.resolve(outcome);
    else listener({ text } as Progress);
  };
  const take = async (_chat: string, text: string): Promise<void> => {
    shown.push(text);
    write();
  };
  const messenger = {
    textMax: 60,
    send: async (chat: string, { text }: { text: string }) => {
      await take(chat, text);
      return "1";
    },
    edit: (chat: string, _id: string, { text }: { text: string }) => take(chat, text),
  } as Partial<Messenger> as Messenger;
  let now = 0;
  const timers = {
    now: () => now,
    after(ms: number, work: () => void) {
      now += Math.max(ms, 0);
      queueMicrotask(work);
      return { [Symbol.dispose]: () => undefined };
    },
  };
  const run = {
    outcome: ended.promise,
    watch(given: (progress: Progress) => void) {
      listener = given;
      queueMicrotask(write);
      return { [Symbol.dispose]: () => undefined };
    },
  };
  const to = { messenger, chat: "7", timers, signal: new AbortController().signal };
  const end = await showWhileWritten(to, { run, textOf: () => whole.text });
  return { shown, end: end as typeof whole };
}

test("H25 what is shown while it is written plays no tricks either: where its end never arrives, it stays", async () => {
  const { shown, end } = await shownOf("Paid \u202eyadot\u202c", "Paid \u202eyadot\u202c\u200b to \u0430pple.com");
  expect([shown.length, end]).toEqual([2, whole]);
  expect(shown.filter((text) => /[\u202e\u202c\u200b]|\u0430pple/.test(text))).toEqual([]);
});

test("plain words and lines are shown as they are, and a beginning of what is too long", async () => {
  const { shown } = await shownOf("Two lines:\n  one", `Grüße 😀 ${"x".repeat(80)}`);
  expect(shown[0]).toBe("Two lines:\n  one …");
  expect(shown[1]).toMatch(/^Grüße 😀 x+ …$/);
  expect(shown[1]?.length).toBeLessThanOrEqual(60);
});

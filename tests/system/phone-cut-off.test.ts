import * as path from "node:path";
import { expect, test } from "vitest";
import { ada, type PhoneHome, parked, phoneHome, until } from "../support/phone-home.ts";
import { becomeCopy, copyAtCrash } from "../support/sequences/crash.ts";

/** A home for each call that writes. */
const timeoutMs = 20 * 60_000;

test(
  "H25 what was typed and pressed is done once and answered, wherever the daemon is cut off",
  async () => {
    let after = 0;
    for (let isCut = true; isCut; after += 1) {
      await using phone = await phoneHome();
      await phone.listen();
      await phone.pair();
      await parked(phone, "Asked");
      await phone.hears("argument text: Asked");
      isCut = await cutOff(phone, after, async () => {
        phone.telegram.types(ada, "/note Told");
        phone.telegram.presses(ada, "Approve");
        await isAnswered(phone);
      });
      await isAnswered(phone);
      const texts = phone.telegram.chat(ada).map(({ text }) => text);
      expect([after, texts]).toEqual([after, expect.arrayContaining([expect.stringMatching(/Kept\.$/)])]);
      expect([after, texts]).toEqual([after, expect.arrayContaining([expect.stringContaining("approved, and done")])]);
      const { memories } = await phone.home.own("memory.list", {});
      const kept = memories.map(({ content, count }) => [content, count]).sort();
      expect([after, kept]).toEqual([
        after,
        [
          ["Asked", 1],
          ["Told", 1],
        ],
      ]);
    }
    // It was cut off at all.
    expect(after).toBeGreaterThan(10);
  },
  timeoutMs,
);

/** Says the log, which is what a daemon goes by. */
const isAnswered = ({ home }: PhoneHome) =>
  until(async () => {
    const { records } = await home.own("audit.tail", { limit: 500 });
    const sent = records.flatMap(({ body }) => Object.keys((body as { channel?: object } | undefined)?.channel ?? {}));
    expect(sent).toEqual(expect.arrayContaining(["answers", "closed"]));
  });

/** Goes on with a home as a process left it that was cut off after so many calls that write, and is sent all that came once more. */
async function cutOff(phone: PhoneHome, after: number, work: () => Promise<void>): Promise<boolean> {
  const { home, telegram } = phone;
  const first = telegram.nextUpdate;
  const folder = path.dirname(home.root);
  const sent: [object, number][] = [];
  const { happens } = telegram;
  telegram.happens = (update, id = telegram.nextUpdate++) => {
    sent.push([update, id]);
    return happens(update, id);
  };
  const isCut = await copyAtCrash(folder, `${folder}-copy`, { after, isTorn: false }, work);
  telegram.happens = happens;
  expect(sent.map(([, id]) => id)).toEqual([first, first + 1]);
  await phone.quiet();
  await home.close();
  becomeCopy(folder, `${folder}-copy`);
  await home.reopen();
  for (const [update, id] of sent) happens(update as Record<string, unknown>, id);
  await phone.listen();
  return isCut;
}

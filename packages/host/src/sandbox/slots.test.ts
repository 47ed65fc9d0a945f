import { expect, test } from "vitest";
import { Slots } from "./slots.ts";

test("S16 no more begin at a time than there is room for; who is cancelled while waiting takes none", async () => {
  const slots = new Slots(2);
  const { signal } = new AbortController();
  const began: string[] = [];
  const take = async (name: string, by = signal) => {
    const slot = await slots.take(by);
    began.push(name);
    return slot;
  };
  const [one, two] = await Promise.all([take("one"), take("two")]);
  const cancelled = new AbortController();
  const [third, fourth] = [take("third", cancelled.signal), take("fourth")];
  cancelled.abort(new Error("cancelled"));
  await expect(third).rejects.toThrow("cancelled");
  await expect(slots.take(cancelled.signal)).rejects.toThrow("cancelled");
  expect(began).toEqual(["one", "two"]);
  one[Symbol.dispose]();
  // Given back twice, it is room for one.
  one[Symbol.dispose]();
  const last = await fourth;
  const fifth = take("fifth");
  await Promise.resolve();
  expect(began).toEqual(["one", "two", "fourth"]);
  for (const each of [two, last]) each[Symbol.dispose]();
  (await fifth)[Symbol.dispose]();
  expect(await Promise.all([take("sixth"), take("seventh")])).toHaveLength(2);
});
